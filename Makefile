# make results: set up, run the default study to its figures and report.
#               make results STUDY=workflow/studies/NAME.yaml runs another study.
# make plan:    print what a study (STUDY=..., else the default one) costs, before anything is spent.
# make test:    set up, run the tests. make test-all adds the slow ones; make test-slurm runs those on a
#               SLURM cluster that it installs and starts on this machine (root on Debian or Ubuntu) and stops.
# make mutation: change single operators and numbers of the package and count what its tests notice.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: results plan test test-all test-slurm mutation lint setup study-file clean

results: study-file setup
	$(BIN)/snakemake --cores all --profile workflow/profiles/default $(if $(STUDY),--configfile $(STUDY))

plan: study-file setup
	@said=$$(mktemp); $(BIN)/snakemake plan --cores 1 --quiet $(if $(STUDY),--configfile $(STUDY)) 2>"$$said"; \
	status=$$?; test $$status = 0 || cat "$$said" >&2; rm -f "$$said"; exit $$status

test: setup lint
	$(BIN)/python -m pytest -m "not slow and not slurm"

test-all: setup lint
	$(BIN)/python -m pytest -m "not slurm"

test-slurm: setup
	$(BIN)/python -m pytest -m slurm tests/slurm

mutation: setup .mutation/ready
	$(BIN)/python tests/mutation/run.py

.mutation/ready: tests/mutation/requirements.txt
	rm -rf .mutation
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --target .mutation --requirement $<
	@touch $@

study-file:
	@test -z "$(STUDY)" || test -f "$(STUDY)" || { echo "STUDY=$(STUDY): expected a study file, found no such file"; exit 1; }

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check Snakefile workflow
	$(BIN)/snakemake --lint

setup: .venv/ready

# A new lock file rebuilds the environment; a half-built one is never marked ready.
.venv/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if v >= (3, 11) else f"Gaussianity needs Python 3.11 or newer, {sys.executable} is {v.major}.{v.minor}: call make PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --requirement requirements.lock
	@$(BIN)/python -m compileall -qq -j 0 -x '/tests?/' .venv/lib || true  # what pip would do on one core
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

clean:
	rm -rf .venv .mutation .snakemake results/*/ logs benchmarks/*/
