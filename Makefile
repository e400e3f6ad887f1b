# Everything by name: `make` lists what there is. How it works: CONTRIBUTING.md.

PORT ?= 8000
HOST ?= 127.0.0.1
# Test processes side by side; 0 runs the tests in one.
JOBS ?= 2

VENV := .venv
BIN := $(VENV)/bin
CATALOGUES := $(wildcard app/translations/*/LC_MESSAGES/messages.po)
COMPILED := $(CATALOGUES:.po=.mo)
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --quiet --require-hashes

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help run test sure format check-format check-lint check-types check-layers \
	check-templates check-translations translations migration first-migration \
	screenshots gallery pins clean

help: ## Print these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1~\2/' \
		| awk -F '~' '{ printf "%-26s %s\n", $$1, $$2 }'

# --- The two commands -----------------------------------------------------------------------

run: $(VENV)/ready $(COMPILED) ## Start the tracker: http://127.0.0.1:8000, PORT= changes it
	@exec $(BIN)/flask serve --prepare --host $(HOST) --port $(PORT)

test: $(VENV)/ready-for-tests $(COMPILED) ## Run all tests: SQLite, PostgreSQL and a real browser
	@exec $(BIN)/pytest -n $(JOBS) --dist loadgroup

# --- The checks -----------------------------------------------------------------------------

sure: check-format check-lint check-types check-layers check-templates check-translations test ## Run every check and all tests, as CI does

check-format: $(VENV)/ready-for-tests
	$(BIN)/ruff format --check .

check-lint: $(VENV)/ready-for-tests
	$(BIN)/ruff check .

check-types: $(VENV)/ready-for-tests
	$(BIN)/mypy

check-layers: $(VENV)/ready-for-tests
	$(BIN)/lint-imports --no-cache

# Linted only: the layout djlint would give adds spaces between inline elements, in print too.
check-templates: $(VENV)/ready-for-tests
	$(BIN)/djlint --quiet --lint templates

check-translations: $(VENV)/ready-for-tests
	$(BIN)/python bin/translations.py check

# --- While working --------------------------------------------------------------------------

format: $(VENV)/ready-for-tests ## Lay out the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

translations: $(VENV)/ready-for-tests ## Collect the texts into the catalogues of both languages
	$(BIN)/python bin/translations.py update

migration: $(VENV)/ready-for-tests ## Write a migration to the models: make migration NAME="add thing"
	@test -n "$(NAME)" || { echo 'Say what it does: make migration NAME="add thing"'; exit 2; }
	$(BIN)/flask db revision "$(NAME)"
	$(BIN)/ruff format --quiet migrations

first-migration: $(VENV)/ready-for-tests ## Write the first migration anew (before the first release only)
	$(BIN)/flask db revision --first "create portfolio"
	$(BIN)/ruff format --quiet migrations

screenshots: $(VENV)/ready-for-tests $(COMPILED) ## Take the pictures of the guide anew, in both languages
	$(BIN)/python -m tests.browser.pictures

gallery: $(VENV)/ready-for-tests $(COMPILED) ## Draw the pictures of docs/gallery anew
	$(BIN)/python bin/gallery.py

pins: ## Pin the packages of the two .in files anew, with hashes
	bin/pin-requirements

clean: ## Remove what was made here, except the data in instance/
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage
	find . -name __pycache__ -not -path './instance/*' -prune -exec rm -rf {} +
	rm -f $(COMPILED)

# --- What the targets stand on ----------------------------------------------------------------

$(VENV)/made:
	@echo "Making the virtual environment"
	@PYTHON="$(PYTHON)" bin/make-venv
	@touch $@

$(VENV)/ready: requirements.txt | $(VENV)/made
	@echo "Installing the packages of requirements.txt"
	@$(PIP) -r requirements.txt
	@bin/need-print-libraries
	@touch $@

$(VENV)/ready-for-tests: requirements-dev.txt $(VENV)/ready
	@echo "Installing the packages of requirements-dev.txt"
	@$(PIP) -r requirements-dev.txt
	@bin/need-browser
	@touch $@

%.mo: %.po | $(VENV)/ready
	@$(BIN)/pybabel -q compile -i $< -o $@
