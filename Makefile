# GeoIOC. `make help` lists the targets.
SHELL := /bin/bash
.DEFAULT_GOAL := help
BIN := .venv/bin

PARCELS ?= 100000
REAL ?= ../shared/real
REAL_DATA ?= $(CURDIR)/data/real-province

.PHONY: help setup run test lint format type spec bench real docs api-build down clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## install what is missing: OS packages (asks sudo), uv, the locked Python packages
	@.ci/setup run

run: setup ## set up, load the sample province, serve it on http://127.0.0.1:8050/ (PARCELS=100000, GEOIOC_PORT)
	@exec $(BIN)/geoioc up --parcels $(PARCELS)

down: ## stop what runs in the background
	@$(BIN)/geoioc down

test: setup-test lint type ## every test, on a real PostGIS and a real Chromium; installs what it needs
	$(BIN)/pytest

.PHONY: setup-test
setup-test:
	@.ci/setup test

lint: ## style, formatting, and who may import whom
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports

format: ## let ruff put the code in form
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

type: ## check the type annotations
	$(BIN)/mypy

spec: setup-test ## only the specification: behaviour on PostGIS
	$(BIN)/pytest tests/spec

bench: setup-test ## benchmarks side by side; prints tables, asserts no time (GEOIOC_BENCH_PARCELS=100000: a sample of that size)
	$(BIN)/pytest -m bench -q -s -p no:randomly tests/benchmarks

real: export GEOIOC_DATA := $(REAL_DATA)
real: setup ## load the real data sets (REAL=../shared/real) into a database of their own, with a report per file
	$(BIN)/geoioc db start
	$(BIN)/geoioc db migrate
	$(BIN)/geoioc ingest recipe data/recipes/real.toml --root "$(REAL)"
	$(BIN)/geoioc jobs run links place feedback indicators rollup zonal summary search coverage forecast outlook surface alerts attention
	@echo "Look at it: GEOIOC_DATA=$(REAL_DATA) $(BIN)/geoioc up --no-sample --port 8070"

api-build: setup ## write the configuration of the OGC APIs from the layers
	$(BIN)/geoioc api build

docs: setup ## write docs/reference from the layers
	$(BIN)/geoioc layers docs

.PHONY: screenshot
screenshot: setup-test ## take the pictures of the README from the running application (GEOIOC_PORT)
	$(BIN)/python tests/helpers/screenshots.py "http://127.0.0.1:$${GEOIOC_PORT:-8050}" docs/images

clean: ## remove caches and the Python environment; the data stay (geoioc db reset empties the database)
	rm -rf .venv .uv .mypy_cache .ruff_cache .import_linter_cache .hypothesis build dist
	find . -name __pycache__ -type d -not -path './data/*' -prune -exec rm -rf {} +
