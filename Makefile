# IMAGES=path [LABELS=path], or DENOISER=path, names what `verdict` is about; [CLASSES=a,b] [NAME=word].
# STUDY=workflow/studies/NAME.yaml chooses another study for `results` and `plan`.
# PYTHON=/path/to/python3.11 chooses another Python for the installation.
PYTHON ?= python3
BIN := .venv/bin
# Without the lists of each job's files, which fill the terminal.
RUN = $(BIN)/snakemake --cores all --profile workflow/profiles/default --quiet host rules

# Snakemake keeps files in the cache of HOME. Where HOME cannot be written, the cache is here.
CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/snakemake
ifneq ($(shell mkdir -p "$(CACHE)" 2>/dev/null && test -w "$(CACHE)" && echo writable),writable)
export XDG_CACHE_HOME := $(CURDIR)/.snakemake/cache
endif

.DEFAULT_GOAL := help
.PHONY: help results verdict plan test test-all test-slurm mutation lint setup study-file clean

help:  ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

results: study-file setup  ## install, run the default study to its report; STUDY=... for another study
	$(RUN) $(if $(STUDY),--configfile $(STUDY))

verdict: setup  ## how Gaussian are your images? IMAGES=path [LABELS=path] or DENOISER=path; [CLASSES=a,b]
	@test -n "$(IMAGES)$(DENOISER)" || { echo "verdict: expected IMAGES=path or DENOISER=path (in capitals), found neither"; exit 1; }
	$(RUN) --config $(ASKED)

ASKED = $(if $(IMAGES),"images=$(IMAGES)") $(if $(DENOISER),"denoiser=$(DENOISER)") $(if $(LABELS),"labels=$(LABELS)") \
	$(if $(CLASSES),"classes=$(CLASSES)") $(if $(IMAGE_SHAPE),"image_shape=$(IMAGE_SHAPE)") $(if $(NAME),"study=$(NAME)")

plan: study-file setup  ## print the jobs, memory, disk and time of a study; STUDY=... as above
	@said=$$(mktemp); $(BIN)/snakemake plan --cores 1 --quiet $(if $(STUDY),--configfile $(STUDY)) 2>"$$said"; \
	status=$$?; test $$status = 0 || cat "$$said" >&2; rm -f "$$said"; exit $$status

test: setup lint  ## install, check the style, run the tests
	$(BIN)/python -m pytest -m "not slow and not slurm"

test-all: setup lint  ## the same with the slow tests
	$(BIN)/python -m pytest -m "not slurm"

test-slurm: setup  ## install and start SLURM on this machine (root on Debian or Ubuntu), run the tests on it, stop it
	$(BIN)/python -m pytest -m slurm tests/slurm

mutation: setup .mutation/ready  ## change single operators and numbers of the package, count what its tests notice
	$(BIN)/python tests/mutation/run.py

.mutation/ready: tests/mutation/requirements.txt
	rm -rf .mutation
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --target .mutation --requirement $<
	@touch $@

study-file:
	@test -z "$(STUDY)" || test -f "$(STUDY)" || { echo "STUDY=$(STUDY): expected a study file, found no such file"; exit 1; }

lint: setup  ## check the style of Python and Snakemake files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check Snakefile workflow
	$(BIN)/snakemake --lint

setup: .venv/ready  ## install the pinned packages into .venv

# A new lock file rebuilds the environment. `ready` is created last, so an interrupted installation starts again.
.venv/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if v >= (3, 11) else f"Gaussianity needs Python 3.11 or newer, {sys.executable} is {v.major}.{v.minor}: call make PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --requirement requirements.lock
	@$(BIN)/python -m compileall -qq -j 0 -x '/tests?/' .venv/lib || true  # pip would use one core
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

clean:  ## delete .venv and all results
	rm -rf .venv .mutation .snakemake results/*/ logs benchmarks/*/
