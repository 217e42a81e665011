# Every target works on a fresh machine that has git, make and Python.

PYTHON ?= python3
VENV ?= .venv
PORT ?= 8000
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

# Tests choose their own database and never see a production setting.
CLEAN_ENV := env -u DATABASE_URL -u SECRET_KEY -u ALLOWED_HOSTS \
	-u READER_CLEARANCE -u SELF_REVIEW -u UPLOAD_LIMIT_MB -u CSRF_TRUSTED_ORIGINS \
	-u SECURE_SSL_REDIRECT -u SECURE_PROXY_SSL_HEADER -u SECURE_HSTS_SECONDS \
	-u LOG_LEVEL DEBUG=true

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

.PHONY: run
run: demo ## Install, migrate, load the demo and serve it on 127.0.0.1:8000
	$(BIN)/python manage.py runserver 127.0.0.1:$(PORT)

.PHONY: demo
demo: $(INSTALLED) ## All that `make run` does but serve
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py load_demo

.PHONY: test
test: $(INSTALLED) ## Run all tests on SQLite, and on PostgreSQL if TEST_DATABASE_URL names one
	$(CLEAN_ENV) $(BIN)/pytest -n auto --dist worksteal
ifdef TEST_DATABASE_URL
	$(CLEAN_ENV) DATABASE_URL='$(TEST_DATABASE_URL)' $(BIN)/pytest -n auto --dist worksteal
endif

.PHONY: lint
lint: $(INSTALLED) ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(CLEAN_ENV) $(BIN)/mypy

.PHONY: format
format: $(INSTALLED) ## Put the code into the project's form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: bench
bench: $(INSTALLED) ## Measure loading and serving, as ratios to what the database itself takes
	$(BIN)/python -m tests.bench

.PHONY: screenshots
screenshots: $(INSTALLED) ## Take the pictures of the docs from the demonstration
	$(CLEAN_ENV) $(BIN)/python -m tests.screenshots

.PHONY: clean
clean: ## Remove all that was installed or generated, but never the database
	rm -rf $(VENV) staticfiles .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Installed again only when the pinned versions change.
$(INSTALLED): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo \
		"Demarche needs Python 3.11 or newer; name one with: make PYTHON=python3.11"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo \
		"Python cannot make a virtual environment; on Debian: apt install python3-venv"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@
