# まちこえ: `make run` starts a demo city, `make test` proves it. Bare `make` prints this help.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
T ?= tests
WORKERS ?= 2
export PORT

.DEFAULT_GOAL := help
.PHONY: help setup run test lint format bench lock catalogues vendor-check clean

help: ## print this help
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##@ Start
setup: $(VENV)/.run ## environment in .venv (what run and test do first)

run: export MACHIKOE_MODE = demo
run: export MACHIKOE_MUNICIPALITY_JA = みなと野市
run: export MACHIKOE_MUNICIPALITY_EN = Minatono City
run: export MACHIKOE_CONTACT_JA = みなと野市 企画課 市民の声係 電話 000-000-0000(平日8時30分〜17時15分)
run: export MACHIKOE_CONTACT_EN = Minatono City, Planning Department, 000-000-0000 (weekdays 8:30 to 17:15)
run: setup ## demo city on 127.0.0.1:8000 (PORT=, DATABASE_URL= are honoured); Ctrl-C ends it
	@exec $(BIN)/python -m civic.ops.serving

##@ Prove
test: $(VENV)/.dev ## every test whose server is here; T=tests/civic for a part, REQUIRE_ALL=1 to allow no skip
	@$(BIN)/python -m pytest $(T) -n $(WORKERS) --dist load

lint: $(VENV)/.dev ## formatter, linter, types, import contracts, templates, stylesheets, catalogues
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet civic surveys consultations analysis
	$(BIN)/python -m tests.lint.stylesheets
	$(BIN)/python -m tests.lint.catalogues
	$(BIN)/python -m tests.lint.locks

bench: $(VENV)/.dev ## all benchmarks, each beside its limit (DATA= a folder of data sets)
	@$(BIN)/python -m benchmarks $(if $(DATA),--data $(DATA))

##@ Keep
format: $(VENV)/.dev ## let the formatter and the fixable rules have their way
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

catalogues: $(VENV)/.dev ## bring the catalogues up to date with the messages in the code
	$(BIN)/python -m tests.lint.catalogues --update

lock: ## renew the pins (needs uv)
	uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements/run.txt
	uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group dev -c requirements/run.txt -o requirements/dev.txt

vendor-check: ## build the vendored script of the vote verifier anew and compare (needs npm)
	sh consultations/votes/verifier_js/vendor/rebuild.sh

clean: ## remove the environment and the demo city
	rm -rf $(VENV) instance .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' || { echo "Machikoe needs Python 3.11 to 3.14; this is $$($(PYTHON) -V). Try make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python cannot make an environment. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }

$(VENV)/.run: requirements/run.txt | $(VENV)/bin/python
	@echo "Installing the pinned packages into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements/run.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	@echo "Installing the pinned test tools into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements/dev.txt
	@touch $@
