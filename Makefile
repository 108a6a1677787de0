.PHONY: sandbox test prove browser pictures chaos day lint types check docs bench lock audit clean

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
DEV := .venv/.ready-dev
AUDIT := .venv-audit
# Nothing is installed whose hash is not in the requirements.
INSTALL := pip install --quiet --disable-pip-version-check --require-hashes

$(READY): requirements.txt
	@echo "Installing what it needs into .venv: a minute, the first time."
	@test -d .venv || $(PYTHON) -m venv .venv
	@$(BIN)/$(INSTALL) -r requirements.txt
	@touch $@

$(DEV): $(READY) requirements-dev.txt
	$(BIN)/$(INSTALL) -r requirements-dev.txt
	touch $@

sandbox: $(READY)  ## the bot, a local Slack and a local incident.io
	@$(BIN)/python app.py sandbox

# What one process has compiled serves the others.
unexport PYTHONDONTWRITEBYTECODE

PYTEST_ONE = $(BIN)/python -m pytest -n 2
PYTEST = $(BIN)/python -m pytest -n 3 --dist worksteal

test: $(DEV)  ## all but the long proofs; COVERAGE=1 holds the coverage to its floor
	$(PYTEST) $(if $(COVERAGE),--cov --cov-report=term:skip-covered)

prove: $(DEV)  ## many more examples of each property, workers that are killed, thousands
	HYPOTHESIS_PROFILE=prove $(PYTEST) -m "prove or hypothesis"

browser: $(DEV)  ## the sandbox's page in Chromium; PICTURES=folder keeps pictures
	$(PYTEST_ONE) -m browser tests/browser

pictures: $(DEV)  ## take the pictures of README and docs anew
	PICTURES=docs/pictures $(PYTEST_ONE) -m browser tests/browser/test_pictures.py

chaos: $(DEV)  ## the published faults, with real processes and a real database: ten minutes
	$(BIN)/python -m chaos

day: $(DEV)  ## a working day of 500 people with faults, in ten minutes
	$(BIN)/python -m chaos.day

lint: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/hadolint deploy/Dockerfile

types: $(DEV)
	$(BIN)/mypy

check: lint types test prove

docs: $(READY)  ## write the table of commands
	$(BIN)/python -m admin.docs

bench: $(DEV)
	$(BIN)/python -m benchmarks

PIN = $(BIN)/pip-compile --quiet --strip-extras --generate-hashes --allow-unsafe --no-emit-index-url --no-emit-find-links --no-emit-trusted-host

EXTRAS = --extra opentelemetry --extra sentry

lock: $(DEV)  ## pin what pyproject.toml allows, with the hashes of all its files
	$(PIN) --output-file requirements.txt pyproject.toml
	$(PIN) $(EXTRAS) --constraint requirements.txt --output-file requirements-extras.txt pyproject.toml
	$(PIN) $(EXTRAS) --extra dev --constraint requirements-extras.txt --output-file requirements-dev.txt pyproject.toml
	$(PIN) --extra audit --constraint requirements-dev.txt --output-file requirements-audit.txt pyproject.toml

$(AUDIT): requirements-audit.txt
	$(PYTHON) -m venv $@
	$@/bin/$(INSTALL) -r $<
	touch $@

audit: $(AUDIT)  ## ask for advisories on what is pinned
	$(AUDIT)/bin/pip-audit --strict --require-hashes --disable-pip --progress-spinner off -r requirements-dev.txt -r requirements-audit.txt

sbom.json: $(AUDIT) requirements.txt  ## list what the bot depends on, as CycloneDX
	$(AUDIT)/bin/cyclonedx-py requirements requirements.txt --output-reproducible --output-file $@

clean:
	rm -rf .venv $(AUDIT) sbom.json .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis
