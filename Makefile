# Two commands: `make demo` shows the whole line, `make test` proves it. Both set themselves up.
PYTHON ?= python3
# One worker a core; a file's tests stay together, since they share what is slow to start. Files in
# their order: the slow ones, acceptance with act, are not left for the end.
PYTEST_ARGS ?= -n auto --dist loadfile --no-loadscope-reorder
VENV ?= .venv
BIN := $(VENV)/bin

# What the two actions install: each package at one version, by hash, for every platform.
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --upgrade \
  --generate-hashes --no-annotate --custom-compile-command 'make requirements'

.PHONY: demo cheat test test-all lint wheel requirements clean

demo: $(VENV)/.demo
	$(BIN)/factory demo

cheat: $(VENV)/.demo
	$(BIN)/factory demo --agent cheat

test: $(VENV)/.test
	$(BIN)/python -m pytest $(PYTEST_ARGS) -m "not nightly"

# With what is proved elsewhere already and takes long: the same on one more kind of machine.
test-all: $(VENV)/.test
	$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy .github/action
	MYPYPATH=.github/action $(BIN)/mypy .github/release/release.py scenario-runner/action/run.py
	$(BIN)/lint-imports
	$(BIN)/actionlint
	$(BIN)/zizmor --offline --strict-collection --quiet .github action.yml scenario-runner/action.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-actions action.yml scenario-runner/action.yml

wheel: $(VENV)/.test
	$(BIN)/python -m build --wheel --outdir dist

requirements: $(VENV)/.test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.8'
	$(COMPILE) --extra sandbox pyproject.toml .github/action/build.in \
	  --output-file .github/action/requirements.txt
	$(COMPILE) --extra terminal --extra browser scenario-runner/pyproject.toml \
	  .github/action/build.in --output-file scenario-runner/action/requirements.txt

clean:
	rm -rf $(VENV) dist

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[sandbox]'
	touch $@

$(VENV)/.test: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	$(BIN)/python -m compileall -q factory scenario-runner/scenario_runner
	touch $@
