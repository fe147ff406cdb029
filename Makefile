# make run and make test need Python >= 3.11 and make, nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test lint bench migrate migration words docs vendor lock clean

run: $(VENV)/.run ## serve the site with the demo federation on http://127.0.0.1:8000
	@SAICHUANG_DEMO=1 $(BIN)/saichuang demo --if-empty
	@SAICHUANG_DEMO=1 $(BIN)/saichuang serve

test: $(VENV)/.dev browser ## all tests, with both databases and a real browser
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal

lint: $(VENV)/.dev ## style, types of the pure core, import contracts, words
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m web.language check

bench: $(VENV)/.dev ## ratios against what people would use instead
	$(BIN)/python -m tests.benchmarks

migrate: $(VENV)/.run ## bring the database of SAICHUANG_DATABASE_URL up to date
	$(BIN)/saichuang migrate

words: $(VENV)/.run ## list words without English and English without words
	$(BIN)/python -m web.language check

docs: $(VENV)/.dev ## write docs/schemes.md, the reference of the scheme language, again
	$(BIN)/python -m tests.federation.judging.reference

vendor: ## build the vendored scripts again (needs npm)
	web/vendor/vendor.sh

lock: $(VENV)/.dev ## pin again what pyproject.toml allows
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --python-version 3.11 --no-annotate --no-header --quiet -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --group test --group bench --universal --generate-hashes --python-version 3.11 --no-annotate --no-header --quiet -o requirements-dev.lock

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

.PHONY: browser
browser: $(VENV)/.dev ## the system's Chromium, or one installed for the tests
	@$(BIN)/python tests/browser.py

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.run
