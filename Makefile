# Everything here starts from Python 3.11 (or 3.12, 3.13), make and a package index.
# `make` prints what each target does. One environment, .venv, grows by what a target needs.

# What `make report` makes; try `make report REPORT_AREA=roads_transport`.
REPORT_AREA ?= culture_recreation
REPORT_UNIT ?= 9002
REPORT_YEAR ?= 2022

VENV   ?= .venv
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null \
	&& { echo $$p; break; }; done)
BIN    := $(VENV)/bin
# One more than the cores of the smallest machine: tests wait for browsers and kernels.
JOBS   ?= 3
UV     ?= uv

# The report and the apps of this file show the fictional land; your own data stay in SMUP_HOME.
SAMPLE_HOME := $(CURDIR)/build/sample
SAMPLE      := build/sample.stamp
REPORTS     := build/reports

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help report install test check fix lab apps accessibility lessons bench docs lock clean

help: ## show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | \
		while IFS="$$(printf '\t')" read -r name text; do printf '  make %-8s %s\n' "$$name" "$$text"; done

report: $(VENV)/.installed-report $(SAMPLE) ## make one report on the fictional land and print its path
	@mkdir -p $(REPORTS)
	@SMUP_HOME="$(SAMPLE_HOME)" $(BIN)/smup report run $(REPORT_AREA) --unit "$(REPORT_UNIT)" \
		--year $(REPORT_YEAR) --out $(REPORTS)

install: $(VENV)/.installed-lab ## all that work on your own data needs: reports, boundaries, pages, fetching, JupyterLab

test: check ## style, types, tests, every notebook (about 10 minutes on 2 cores)
	$(BIN)/python -m pytest -p tests.early_light -n $(JOBS) --dist loadfile --no-loadscope-reorder \
		--nbval-lax --nbval-cell-timeout 120 \
		tests notebooks training/notebooks dashboards smup_lib

check: $(VENV)/.installed-dev ## style and types only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

fix: $(VENV)/.installed-dev ## mend style, strip the outputs of notebooks
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	find notebooks dashboards -name '*.ipynb' -not -path '*/.*' -exec $(BIN)/nbstripout --keep-id {} +
	$(BIN)/python -m smup_lib.workshop.lessons

lab: $(VENV)/.installed-lab ## JupyterLab in Polish, on this computer only
	$(BIN)/jupyter lab --ip=127.0.0.1 --LabApp.app_settings_dir="$(CURDIR)/etc/lab" \
		--LabApp.extension_manager=readonly

apps: $(VENV)/.installed-apps $(SAMPLE) ## the Voilà pages on the fictional land, on this computer only
	SMUP_HOME="$(SAMPLE_HOME)" $(BIN)/smup apps serve

accessibility: $(VENV)/.installed-dev ## sweep every page and write what was found for the accessibility statement
	SMUP_WRITE_ACCESSIBILITY=1 $(BIN)/python -m pytest -n 0 tests/browser/test_pages.py

lessons: $(VENV)/.installed-apps ## the lessons in the browser, on this computer only
	$(BIN)/smup apps serve --lessons

deploy: $(VENV)/.installed-dev $(SAMPLE) ## try the pages behind nginx and, with HUB_PYTHON=, under JupyterHub
	SMUP_HOME="$(SAMPLE_HOME)" $(BIN)/smup apps fallback build/fallback --area kultura --units powiaty --year 2022
	SMUP_HOME="$(SAMPLE_HOME)" $(BIN)/python deploy/try_deploy.py --fallback build/fallback \
		$(if $(HUB_PYTHON),--hub-python "$(HUB_PYTHON)") $(if $(HUB_PROXY),--proxy "$(HUB_PROXY)")

bench: $(VENV)/.installed-dev ## measure speed and memory (benchmarks/)
	@for script in benchmarks/bench_*.py; do echo "== $$script"; $(BIN)/python "$$script" || missed=1; done; exit $${missed:-0}

docs: $(VENV)/.installed-dev ## API reference from the docstrings, into build/docs
	$(BIN)/python docs/make_reference.py build/docs

lock: ## write requirements.lock anew from pyproject.toml (needs uv)
	@{ echo '# Exact versions for Python 3.11 to 3.13, written by "make lock"; use: pip install -c requirements.lock'; \
		$(UV) pip compile pyproject.toml --all-extras --universal --python-version 3.11 --quiet \
		--fork-strategy fewest --no-emit-index-url --no-emit-find-links --no-header --no-annotate; } > requirements.lock.new
	@mv requirements.lock.new requirements.lock

clean: ## remove what was built here (never your data in SMUP_HOME)
	rm -rf build .mypy_cache .ruff_cache .pytest_cache .hypothesis

# One stamp for each set of extras. A changed lock or pyproject installs again.
$(VENV)/.installed-report: EXTRAS := report
$(VENV)/.installed-apps:   EXTRAS := report,apps
$(VENV)/.installed-lab:    EXTRAS := report,export,geo,apps,sync,lab
$(VENV)/.installed-dev:    EXTRAS := report,export,browser,geo,apps,sync,scale,lab,dev

$(VENV)/.installed-%: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing smup-workbench[$(EXTRAS)] into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--constraint requirements.lock --editable '.[$(EXTRAS)]'
	@touch $@

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 was not found; set PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

# The generator is deterministic: make the land again only when its code or the catalogue changed.
$(SAMPLE): $(wildcard smup_lib/sources/sample/*.py smup_lib/sources/sample/*.yaml) \
		$(shell find smup_lib/catalogue -name '*.yaml' 2>/dev/null) | $(VENV)/.installed-report
	@mkdir -p "$(SAMPLE_HOME)"
	@SMUP_HOME="$(SAMPLE_HOME)" $(BIN)/smup data sample
	@touch $@
