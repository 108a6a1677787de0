.PHONY: sandbox test prove chaos lint types check docs bench lock clean

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
DEV := .venv/.ready-dev

$(READY): requirements.txt
	test -d .venv || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(DEV): $(READY) requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

sandbox: $(READY)  ## the bot, a local Slack and a local incident.io
	$(BIN)/python app.py sandbox

# What one process has compiled serves the others.
unexport PYTHONDONTWRITEBYTECODE

PYTEST = $(BIN)/python -m pytest -n 3 --dist worksteal

test: $(DEV)  ## all but the long proofs; COVERAGE=1 holds the coverage to its floor
	$(PYTEST) $(if $(COVERAGE),--cov --cov-report=term:skip-covered)

prove: $(DEV)  ## many more examples of each property, workers that are killed, thousands
	HYPOTHESIS_PROFILE=prove $(PYTEST) -m "prove or hypothesis"

chaos: $(DEV)  ## the published faults, with real processes and a real database: ten minutes
	$(BIN)/python -m chaos

lint: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(DEV)
	$(BIN)/mypy

check: lint types test prove

docs: $(READY)  ## write the table of commands
	$(BIN)/python -m admin.docs

bench: $(DEV)
	$(BIN)/python -m benchmarks

lock: $(DEV)  ## pin what pyproject.toml allows
	$(BIN)/pip-compile --quiet --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --output-file requirements.txt pyproject.toml
	$(BIN)/pip-compile --quiet --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --extra dev --constraint requirements.txt --output-file requirements-dev.txt pyproject.toml

clean:
	rm -rf .venv .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis
