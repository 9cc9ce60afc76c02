PYTHON ?= python3
BIN := .venv/bin
SOURCES := shared services deploy scripts
.DEFAULT_GOAL := help

help:  ## show what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | while IFS="$$(printf '\t')" read -r a b; do printf '  make %-14s %s\n' "$$a" "$$b"; done

setup:  ## install what running Plenary needs into .venv
	@$(PYTHON) scripts/bootstrap.py core

setup-dev:  ## install what developing Plenary needs into .venv
	@$(PYTHON) scripts/bootstrap.py dev

demo: setup  ## show an invented society at http://localhost:8000 (ONCE=1 tells the story and leaves)
	@$(BIN)/plenary demo $(if $(ONCE),--once)

deployed: setup  ## start the deployed shape with Docker Compose at http://localhost:8080 (make deployed-stop ends it)
	@test -f .env || (umask 077; $(BIN)/plenary secrets > .env)
	@docker compose up --detach --build --wait
	@echo "Open $$(grep ^PLENARY_PUBLIC_URL= .env | cut -d= -f2)/ (letters: /notifications/outbox). First: docker compose run --rm proposals-web found --help"

deployed-stop:  ## stop the deployed shape; its data stay in its volumes
	@docker compose down

test: setup-dev  ## run the whole suite (ARGS="-k word" narrows it)
	@$(BIN)/python -m pytest $(ARGS)

fast: setup-dev  ## run the tests that need neither servers nor a browser
	@$(BIN)/python -m pytest -m "not servers and not browser" -q $(ARGS)

lint: setup-dev  ## ruff, its formatter, mypy --strict, pyright and the import contracts
	@$(BIN)/ruff check $(SOURCES) tests
	@$(BIN)/ruff format --check $(SOURCES) tests
	@$(BIN)/mypy shared/plenary_kit shared/plenary_contracts services/proposals/plenary_proposals services/scheduling/plenary_scheduling services/notifications/plenary_notifications deploy/plenary
	@$(BIN)/pyright
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/plenary events --check

check: lint fast  ## everything that must hold before a commit: lint, fast tests, house rules, generated documents fresh

bench: setup-dev  ## measure events, mail, pages, imports and placement beside floors and peers (JSON lines; docs/benchmarks.md explains)
	@for program in events mail pages imports placement; do $(BIN)/python -m tests.benchmarks.$$program --json || exit 1; done

capabilities: setup-dev  ## print which capability is proven by which test in the last run, and write docs/capabilities.md
	@$(BIN)/python tests/support/capabilities.py

docs: capabilities  ## write every generated document anew
	@$(BIN)/plenary events

format: setup-dev  ## let ruff write the code its way
	@$(BIN)/ruff check --fix-only --quiet $(SOURCES) tests; $(BIN)/ruff format $(SOURCES) tests

contracts: setup-dev  ## release new facts and new optional fields of facts (refuses any other change)
	@$(BIN)/python tests/support/released.py
	@$(BIN)/plenary events

revision: setup-dev  ## write the next migration of a service from its models (SERVICE=scheduling NAME="rooms have floors")
	@$(BIN)/python scripts/new_revision.py "$(SERVICE)" "$(NAME)"

lock: setup-dev  ## bring the hashed locks up to pyproject.toml (needs uv)
	@for lock in "core" "server --extra postgres --extra solver --extra trial" "dev --extra postgres --extra solver --extra trial --group dev"; do set -- $$lock; name=$$1; shift; \
	  uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet pyproject.toml "$$@" -o requirements/$$name.lock; done

.PHONY: help demo deployed deployed-stop setup setup-dev test fast lint check bench capabilities docs format contracts revision lock
