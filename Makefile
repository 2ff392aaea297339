# make run: the dashboard with sample data. make test: every test. make check: before pushing. make help: all commands.

PYTHON ?= python3
PORT ?= 8501
VENV := .venv/bin
UV ?= uv
LOCK := env -u PIP_FIND_LINKS $(UV) pip compile --no-config --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"
INSTALL := $(VENV)/python -m pip install --disable-pip-version-check --quiet --no-deps --require-hashes

.PHONY: run test check format bench lock clean help

run: .venv/installed  ## Start the dashboard; the first time install it and build the sample warehouse
	@set -- "$${BPO_WAREHOUSE:-data/local/warehouse}"/warehouse.*.duckdb; [ -e "$$1" ] || $(VENV)/python -m analytics demo
	@exec $(VENV)/python -m analytics serve --port $(PORT)

test: .venv/installed-dev  ## Run every test (browser tests need a Chromium)
	@$(VENV)/python -m pytest --numprocesses auto --dist loadfile

check: .venv/installed-dev  ## Format, lint, types and fast tests: a few minutes
	@$(VENV)/ruff format --check .
	@$(VENV)/ruff check .
	@$(VENV)/ty check
	@$(VENV)/python -m pytest --numprocesses auto --dist loadfile -m "not slow and not browser"

format: .venv/installed-dev  ## Write all code in the one format
	@$(VENV)/ruff format .
	@$(VENV)/ruff check --fix .

bench: .venv/installed  ## Measure pages, start time, and loads of up to 10 M contacts beside a bare COPY (BENCH=full: 50 M)
	@$(VENV)/python -m bench

lock:  ## Renew both locks from the .in files (needs uv)
	@$(LOCK) requirements.in --output-file requirements.txt
	@$(LOCK) requirements-dev.in --output-file requirements-dev.txt

clean:  ## Remove the virtual environment and what tools left behind; the warehouse stays
	@rm -rf .venv .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

help:  ## Show these commands
	@sed -n 's/^\([a-z]*\):.*##\(.*\)/make \1:\2/p' $(MAKEFILE_LIST)

# The two stamps say which lock the environment holds: nothing is installed again until a lock changes.
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "$(PYTHON) is not Python 3.11 or newer. Name one that is: make run PYTHON=python3.12" >&2; exit 1; }
	@echo "Creating the virtual environment .venv ..."
	@$(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }

.venv/installed: requirements.txt | .venv/bin/python
	@echo "Installing requirements.txt (once, a minute or two) ..."
	@$(INSTALL) --requirement requirements.txt
	@touch $@

.venv/installed-dev: requirements-dev.txt | .venv/bin/python
	@echo "Installing requirements-dev.txt (once, a minute or two) ..."
	@$(INSTALL) --requirement requirements-dev.txt
	@touch $@ .venv/installed
