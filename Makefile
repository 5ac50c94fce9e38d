# Needs Python 3.11-3.13 with pip, and make. Every target makes .venv when it is not there.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

# Where it is set, each of the many processes of a run compiles the package anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: reports test check faults long lint bench lock clean

reports: $(STAMP)
	$(BIN)/ivp build
	$(BIN)/ivp reports

# In the order of the files: the rooms with long tests come first, so that no process waits for another at the end.
test: $(STAMP)
	$(MAKE) --jobs=2 lint check

check: $(STAMP)
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

# FAULTS=middle is a tenth of it, SEED=0 tries the same again.
faults: $(STAMP)
	IVP_FAULTS=$(or $(FAULTS),long) $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder \
	  $(if $(SEED),--hypothesis-seed=$(SEED)) tests/faults

# Whole sets of reports: every page that `make reports` made in a browser, another plan, a cluster; long simulations.
long: $(STAMP)
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder -m long

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(STAMP)
	$(BIN)/python benchmarks/run.py

lock: $(STAMP)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --upgrade \
	  --generate-hashes --no-emit-index-url --no-header --quiet --output-file requirements.lock

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find data/processed reports -type f ! -name .gitkeep ! -path '*/editions/*' -delete
	find data/processed reports -mindepth 1 -type d -empty -delete

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13) and "Python 3.11-3.13 is needed, this is " + sys.version.split()[0] + ": make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $(STAMP)
