# plan: nothing on disk; prints jobs, memory and disk of every rule of the report and of each further page, the networks that they
#     train, network evaluations and their time


rule plan:
    input:
        source=source_files("plan"),
    log:
        f"logs/{study.name}/plan.log",
    localrule: True
    conda:
        ENVIRONMENT
    params:
        config=config,
    script:
        "../../scripts/report/plan.py"
