# <name>_figure: figures/<name>.pdf, .png and .csv (the numbers drawn)
#     The figure is described by workflow/report/<topic>/<name>.rst. The rules of figures stand in their topics' folders, beside the
#     stages that they draw; here is what they share.
CATEGORIES = categories(study)


def figure_files(name, shows=None):
    """Outputs of a figure's rule: pdf, png and csv.

    `shows` says in a few words what the figure shows. With it, png and csv are part of Snakemake's
    own report, under the heading that the figure has on the page report.
    """
    files = {kind: f"results/{{study}}/figures/{name}.{kind}" for kind in ("pdf", "png", "csv")}
    if shows is None:
        return files
    (caption,) = ROOT.glob(f"workflow/report/*/{name}.rst")

    def reported(file, kind):
        labels = {"shows": shows, "as": kind}
        return report(file, caption=str(caption), category=CATEGORIES[name], labels=labels)

    return files | dict(png=reported(files["png"], "figure"), csv=reported(files["csv"], "table"))


def figure_resources(name, limit=30):
    """Memory and run time of a figure's rule; limit - in minutes."""
    return dict(mem_mb=memory(f"{name}_figure"), runtime=minutes(limit))
