# `make run` and `make test` each do all set-up by themselves; every other target too.

VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
WORKERS ?= 2

.PHONY: help run test test-pure check format bench crash compare fuzz compiled pure migration lock clean

help: ## Show these lines
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 10

$(READY): requirements.txt pyproject.toml tools/setup.sh
	@echo "Setting up $(VENV) (once; a minute or two)"
	@tools/setup.sh $(VENV)
	@touch $@

run: $(READY) ## Start the hub with its demo: services end to end (ONCE=1: end after the demo)
	@$(BIN)/python -m tools.compile || true
	@$(BIN)/hub demo $(if $(ONCE),--once)

test: $(READY) compiled ## Run the tests (under ten minutes; the long ones first)
	@$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -q --ignore tests/crash

test-pure: $(READY) ## The same with no module compiled
	@HUB_PURE=1 $(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -q --ignore tests/crash

check: $(READY) ## Lint, formatting, types, import rules, clauses, sizes
	$(BIN)/ruff check hub tools tests bench fuzz conftest.py
	$(BIN)/ruff format --check hub tools tests bench fuzz conftest.py
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tools.clauses
	$(BIN)/python -m tools.sizes

format: $(READY) ## Let ruff mend what it can
	$(BIN)/ruff check --fix hub tools tests bench fuzz conftest.py
	$(BIN)/ruff format hub tools tests bench fuzz conftest.py

bench: $(READY) compiled ## Run the benchmarks; each prints ratios against its references
	@for file in bench/[a-z]*.py; do echo "$$file"; $(BIN)/python -m bench.$$(basename $$file .py) || exit 1; done

crash: $(READY) compiled ## Kill the hub at random moments under load and look for what was lost
	@$(BIN)/pytest -q tests/crash

compare: $(READY) ## Compare the EDIFACT directories with those of another project; renews docs/directories.md
	@$(BIN)/python -m tools.compare_untdid

fuzz: $(READY) ## Property tests with many more examples, then mutated bytes for every reader (FUZZ_SECONDS=600 each)
	@$(BIN)/pytest -n $(WORKERS) -q --hypothesis-profile=fuzz tests/properties
	@$(BIN)/python -m fuzz.run

compiled: $(READY) ## Compile the hot modules, where there is a C compiler and something changed
	@$(BIN)/python -m tools.compile

pure: ## Forget the compiled modules
	rm -rf $(VENV)/lib/python*/site-packages/hub_compiled*

migration: $(READY) ## Write the next migration from hub/store/tables.py (WHAT="what changes")
	@$(BIN)/python -m tools.migration "$(WHAT)"
	@$(BIN)/ruff format -q hub/store/migrations

lock: ## Renew requirements.txt from pyproject.toml (needs the virtual environment of an earlier set-up)
	@$(BIN)/pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --generate-hashes --universal --no-emit-index-url --python-version 3.11 \
		--all-extras pyproject.toml -o requirements.txt

clean: ## Remove what the tools made (not a hub's home)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis dist build
	find hub tools tests bench fuzz -name __pycache__ -type d -prune -exec rm -rf {} +
