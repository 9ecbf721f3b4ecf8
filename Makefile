# What a fresh clone needs: Python 3.11, make; Java 17 and Chromium for some tests. See CONTRIBUTING.md.
.DEFAULT_GOAL := help
.PHONY: help run test lint verify bench docs lock clean

PYTHON ?= $(firstword $(shell command -v python3.11 python3))
BIN := .venv/bin
LOCKS := requirements-dev.lock requirements-spark.lock
PEERS := requirements-peers.lock

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/run.stamp ## install, and run the whole pass on a made-up company
	$(BIN)/closedloop demo

test: .venv/test.stamp ## the linters, then every test that this machine can run
	@$(MAKE) --no-print-directory lint
	$(BIN)/pytest -m "not slow" -n 3 --dist loadfile --no-loadscope-reorder

# dbt compiles the models for sqlfluff: with a warehouse of its own, so that nothing that runs is in its way
lint: export CLOSEDLOOP_DATA := target/lint
lint: export DBT_TARGET_PATH := target/lint/dbt
lint: .venv/test.stamp ## ruff, mypy, import-linter, sqlfluff, Dagster's definitions
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo --no-cache
	@mkdir -p $(CLOSEDLOOP_DATA)
	$(BIN)/sqlfluff lint models tests/data --processes 2 --disable-progress-bar
	$(BIN)/sqlfluff lint sandbox --templater raw --processes 2 --disable-progress-bar
	$(BIN)/dagster definitions validate --log-level warning

verify: .venv/peers.stamp ## the long tests: many seeds, kills, soaks
	$(BIN)/pytest -m slow

bench: .venv/peers.stamp ## the benchmarks
	$(BIN)/python -m benchmarks

docs: .venv/test.stamp ## write the pages that are made from the code
	$(BIN)/python docs/make_pages.py
	$(BIN)/python -m typer orchestration.commands.app utils docs --name closedloop --title Commands --output docs/commands.md

# Everything together first, so that the locks agree on every version.
lock: .venv/bin/uv ## resolve the dependencies of pyproject.toml anew
	$(BIN)/uv pip compile pyproject.toml --all-extras $(RESOLVE) --upgrade --output-file .venv/all.lock
	$(BIN)/uv pip compile pyproject.toml $(RESOLVE) --constraint .venv/all.lock --output-file requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra dev $(RESOLVE) --constraint .venv/all.lock --output-file requirements-dev.lock
	$(BIN)/uv pip compile pyproject.toml --extra spark $(RESOLVE) --constraint .venv/all.lock --output-file requirements-spark.lock
	$(BIN)/uv pip compile pyproject.toml --extra peers $(RESOLVE) --constraint .venv/all.lock --output-file requirements-peers.lock

# hashes, and no address of any index or machine
RESOLVE := --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --no-header

clean: ## remove what was made, but for the data folder
	rm -rf .venv target logs .mypy_cache .pytest_cache .ruff_cache .hypothesis

.venv/bin/uv:
	$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("closedloop needs Python 3.11 or later: make PYTHON=...")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet uv

# compiled at once: every start of dbt, Dagster and Great Expectations is twice as quick for it
.venv/run.stamp: requirements.lock pyproject.toml | .venv/bin/uv
	$(BIN)/uv pip sync --quiet --compile-bytecode requirements.lock
	$(BIN)/uv pip install --quiet --no-deps --editable .
	@rm -f .venv/test.stamp .venv/peers.stamp
	@touch $@

# a superset of what `make run` needs, so that the one does not undo the other
.venv/test.stamp: $(LOCKS) pyproject.toml | .venv/bin/uv
	$(BIN)/uv pip sync --quiet --compile-bytecode $(LOCKS)
	$(BIN)/uv pip install --quiet --no-deps --editable .
	@rm -f .venv/peers.stamp
	@touch .venv/run.stamp $@

# besides, what results are compared with
.venv/peers.stamp: $(LOCKS) $(PEERS) pyproject.toml | .venv/bin/uv
	$(BIN)/uv pip sync --quiet --compile-bytecode $(LOCKS) $(PEERS)
	$(BIN)/uv pip install --quiet --no-deps --editable .
	@touch .venv/run.stamp .venv/test.stamp $@
