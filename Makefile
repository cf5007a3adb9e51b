# The only commands anyone must know. `make help` lists them.
.DEFAULT_GOAL := help
SHELL := bash
PY := .venv/bin/python
ENGINE := bot/engine/.venv/bin/python
export RASA_TELEMETRY_ENABLED := false
export PYTHONUNBUFFERED := 1
# Where the surroundings forbid it, each of the product's many processes compiles the same modules anew.
unexport PYTHONDONTWRITEBYTECODE

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

setup: ## both Python environments and the gazetteer
	@bash scripts/setup.sh product
	@bash scripts/setup.sh engine
	@$(PY) -m bot.cli gazetteer build

train: setup ## train the engine if nlu_data/, actions/ or its code changed
	@nice -n 5 $(PY) -m bot.cli model train

run: train ## serve the chat on :8000 and the console on :8001
	@LACHAN_DEMO=1 $(PY) -m bot.cli db init --demo
	@LACHAN_DEMO=1 $(PY) -m bot.cli serve all

test-tools:
	@bash scripts/test_tools.sh

test: train test-tools ## lint and all tests (short forms of the slow ones)
	@$(MAKE) --no-print-directory lint
	@bash scripts/test.sh

soak: train test-tools ## the long forms: crashes, scale, fuzzing, and other examples of what is tested by examples
	@$(PY) -m pytest -m "soak or hypothesis" -s

lint: ## style, types, who may import whom, dependency audit
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-cache --no-logo
	@$(PY) scripts/audit_dependencies.py

sbom: ## what both Pythons are built of, as CycloneDX, into build/sbom
	@$(PY) scripts/sbom.py

release: ## archive, bills, sums and signature (RELEASE_KEY) of this commit, into build/release
	@PY=$(PY) bash scripts/release.sh

eval: train ## measure understanding; writes docs/nlu-report.md
	@bash scripts/eval.sh

bench: train test-tools ## measure speed and memory; prints tables
	@$(PY) scripts/bench.py

.PHONY: help setup train run test test-tools soak lint sbom release eval bench
