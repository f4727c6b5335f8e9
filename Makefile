# Every target runs in .venv, which `make setup` makes from Python 3.11+, make and pip alone.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(CURDIR)/$(VENV)/bin
STAMP := $(VENV)/.installed
JAEGER := .cache/jaeger-1.76.0/jaeger
COMPOSE := .cache/compose-2.40.3/docker-compose
BASE := .cache/base-bookworm-python3.11/base.tar
NEWEST := .cache/newest
WORKERS ?= 2
RUN_SCRIPT := examples/run_pipeline.py
# A kept-busy machine takes long over all of them, and over none of their waits.
BUSY := --session-timeout 14400
# A worker that its watchdog ended is not replaced: xdist would have the next one run the same test.
PARALLEL := -n $(WORKERS) --dist loadfile --max-worker-restart 0
# Tests start Python some hundred times: where it may not write byte code, each start would cost twice as much.
COMPILE := $(VENV)/bin/python -m compileall -q -j 0
export PATH := $(BIN):$(PATH)
export PENSTOCK_JAEGER := $(CURDIR)/$(JAEGER)
export PENSTOCK_COMPOSE := $(CURDIR)/$(COMPOSE)
export PENSTOCK_BASE := $(CURDIR)/$(BASE)

.PHONY: help setup lock gen fmt lint types test test-busy test-real test-polyglot test-newest test-all test-long fuzz chaos-doors contract bench generate-clients run up clean

help: ## Show this help
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  \1\t\2/' | expand -t 20

setup: $(STAMP) ## Make .venv from the hashed lock

$(STAMP): requirements.lock pyproject.toml tools/setup.sh
	@PYTHON="$(PYTHON)" tools/setup.sh $(VENV)
	@$(COMPILE) $(VENV)/lib
	@touch $@

lock: $(STAMP) ## Resolve the newest allowed versions into requirements.lock
	@tools/lock.sh

gen: $(STAMP) ## Generate code from proto/, statements from the tables, the list of sentences
	@python -m tools.generate

fmt: $(STAMP) ## Format and fix what can be fixed
	ruff format .
	ruff check --fix --exit-zero --quiet .
	python -m tools.language_options
	buf format --write --path proto/penstock

lint: $(STAMP) ## Check style, layers and budgets (fixer: make fmt)
	ruff format --check .
	ruff check .
	python -m tools.check_imports
	python -m tools.check_layers
	python -m tools.check_budgets

types: $(STAMP) ## Check types with mypy --strict, and what programs see of them with pyright too
	mypy
	basedpyright

test: $(STAMP) ## Run all tests but those marked real or polyglot
	@$(COMPILE) clients services tests tools examples
	pytest $(PARALLEL) -m "not real and not polyglot" --durations 15 $(ARGS)

test-busy: $(STAMP) ## Run the same tests on a machine that is kept busy
	@$(COMPILE) clients services tests tools examples
	python -m tools.busy pytest $(PARALLEL) -m "not real and not polyglot" --durations 15 $(BUSY) $(ARGS)

test-real: $(STAMP) $(BASE) $(JAEGER) $(COMPOSE) ## Run the tests that need slowly built real parts
	pytest -m real --durations 5 $(ARGS)

test-polyglot: $(STAMP) ## Run the tests of programs in other languages; needs Go
	@python -m tools.generate_clients go
	pytest -m polyglot tests/polyglot --durations 5 $(ARGS)

test-newest: $(STAMP) ## Run the tests with the newest versions that an install may bring
	@tools/newest.sh $(NEWEST)
	PATH="$(CURDIR)/$(NEWEST)/bin:$(PATH)" pytest $(PARALLEL) -m "not real and not polyglot" --ignore tests/unit/tools $(ARGS)

fuzz: $(STAMP) ## Send generated requests to every RPC (ARGS: --seed --count --seconds --store --route)
	@python -m tests.fuzz $(ARGS)

chaos-doors: $(STAMP) ## Outages, kills, full disks under load (ARGS: --seed --seconds --runs --store)
	@python -m tests.chaos $(ARGS)

test-long: $(STAMP) ## Run what takes many minutes: 20 000 requests of the fuzzer, and the chaos
	@python -m tests.fuzz
	@python -m tests.chaos

test-all: test test-real test-polyglot ## Run every test

contract: $(STAMP) ## Lint proto/, look for breaking changes, drift and missing words
	@tools/contract.sh

generate-clients: $(STAMP) ## Generate clients of other languages, and compile Go and TypeScript
	@python -m tools.generate_clients $(LANGUAGES)

bench: $(STAMP) ## Measure the workloads of tests/bench
	python -m tests.bench $(ARGS)

run: $(STAMP) ## Run the example pipeline three times
	@python $(RUN_SCRIPT)

up: $(STAMP) ## Serve everything on port 7470
	@penstock up $(ARGS)

clean: ## Remove what can be made again
	rm -rf $(VENV) .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache dist

$(JAEGER):
	tools/real/build_program.sh $@ github.com/jaegertracing/jaeger@v1.76.0 ./cmd/jaeger

$(COMPOSE):
	tools/real/build_program.sh $@ github.com/docker/compose/v2@v2.40.3 ./cmd \
		-trimpath -ldflags "-s -w -X github.com/docker/compose/v2/internal.Version=v2.40.3"

$(BASE):
	tools/real/build_base_image.sh $@
