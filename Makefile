# All commands for working with Parley. They need Python 3.11 or newer, make, and a network to install packages from.
# In addition `make css` needs Node.js, `make lock` needs uv, and `make messages` needs GNU gettext. `make test` finds or
# installs a Chromium and an nginx.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install run test test-on-sqlite test-backends-on-sqlite test-others-on-sqlite test-served test-in-browsers test-messages-in-browsers test-rest-in-browsers test-on-postgresql test-served-on-postgresql programs check bench faults lock css messages

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

help: ## Show this list
	@echo "make …"
	@while IFS= read -r line; do case $$line in [a-z]*:*"## "*) \
		printf '  %-25s %s\n' "$${line%%:*}" "$${line#*## }";; esac; done < Makefile

install: .venv/runtime ## Install Parley's dependencies into .venv

run: export PARLEY_URL ?= http://127.0.0.1:$(or $(PORT),8000)
run: .venv/runtime ## Install, migrate, create a demo team and serve it; PORT=8001 for another port
	@exec $(BIN)/python manage.py serve --demo $(if $(PORT),--port $(PORT))

# The tests start many processes. Without files of bytecode each would compile all of Parley again, and its tests.
test-%: export PYTHONDONTWRITEBYTECODE :=

test: .venv/development ## Install the dependencies of the tests, including a browser, and run all tests
	@$(MAKE) --no-print-directory --jobs 6 --keep-going \
		test-on-sqlite test-in-browsers test-on-postgresql test-served test-served-on-postgresql

programs: .venv/development ## Find or install the programs that tests need: a Chromium and an nginx
	@$(BIN)/python -m tests.chromium
	@$(BIN)/python -m tests.nginx

test-on-sqlite: test-backends-on-sqlite test-others-on-sqlite ## The tests on SQLite, except those with servers or browsers: the two below

test-backends-on-sqlite: .venv/development ## What depends on SQL, locks and caches
	$(BIN)/python -m pytest tests -m backends $(addprefix --ignore ,$(SERVED))

test-others-on-sqlite: .venv/development ## Everything else; its output appears when it has finished
	@$(call at_the_end,$(BIN)/python -m pytest tests -m "not backends" $(addprefix --ignore ,$(SERVED)))

test-served: programs ## Streams, several processes and faults, on SQLite; its output appears when it has finished
	@$(call at_the_end,$(BIN)/python -m pytest $(AGAIN) $(SERVED))

test-in-browsers: test-messages-in-browsers test-rest-in-browsers ## End-to-end tests in real browsers: the two below

test-messages-in-browsers: programs ## Of messages; its output appears when it has finished
	@$(call at_the_end,$(BIN)/python -m pytest $(AGAIN) e2e/messages)

test-rest-in-browsers: programs ## Of everything else; its output appears when it has finished
	@$(call at_the_end,$(BIN)/python -m pytest $(AGAIN) e2e --ignore e2e/messages)

test-on-postgresql: .venv/development ## Tests that depend on SQL, locks and caches, on PostgreSQL and Redis; its output appears when it has finished
	@$(call at_the_end,$(ON_POSTGRESQL) $(BIN)/python -m pytest tests -m backends $(addprefix --ignore ,$(SERVED)))

test-served-on-postgresql: programs ## Streams, several processes and faults, on PostgreSQL and Redis; its output appears when it has finished
	@$(call at_the_end,$(ON_POSTGRESQL) $(BIN)/python -m pytest $(AGAIN) $(SERVED) -m backends)

# These tests mostly wait, so running them in parallel with the others takes little extra time.
SERVED := tests/live tests/served tests/faults
# In CI a test in a browser or with servers that fails is run once more (docs/decisions/0064-a-second-run.md).
AGAIN := $(if $(filter true,$(CI)),--reruns 1 --max-suite-reruns 2 --rerun-show-tracebacks)
ON_POSTGRESQL := PARLEY_TEST_DATABASE=postgresql PARLEY_TEST_REDIS=1

# Prints the output of a command when it has finished, so that the outputs of parallel runs are not mixed.
at_the_end = log=$$(mktemp); $(1) >$$log 2>&1; code=$$?; cat $$log; rm $$log; exit $$code

check: .venv/development ## Lint, types, imports, migrations, deployment settings, lock files and more; ONLY=types runs one check
	@$(BIN)/python -m tests.checks $(ONLY)

faults: .venv/development ## Kill, stop and spoil everything while people write; measure what visitors notice of attacks
	$(BIN)/python -m tests.faults.delivery --strikes 60 --nemesis kill
	$(BIN)/python -m tests.faults.delivery --strikes 60
	$(BIN)/python -m tests.faults.delivery --strikes 60 --postgresql
	$(BIN)/python -m tests.faults.planted
	$(BIN)/python -m tests.faults.measure

bench: .venv/development ## Measure pages, large installations, and how many people a server holds (docs/performance.md)
	$(BIN)/python -m bench.pages
	$(BIN)/python -m bench.growth
	$(BIN)/python -m bench.team

lock: ## Write the lock files, with the newest versions that pyproject.toml allows
	@command -v uv >/dev/null || { echo "make lock needs uv."; exit 1; }
	uv pip compile --quiet --upgrade --universal --generate-hashes --no-annotate \
		--custom-compile-command "make lock" pyproject.toml -o requirements.lock
	uv pip compile --quiet --upgrade --universal --generate-hashes --no-annotate \
		--custom-compile-command "make lock" pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock

css: ## Build the icons, the stylesheet and the scripts from their sources
	@command -v npm >/dev/null || { echo "make css needs Node.js with npm. The built files are committed, so running Parley needs neither."; exit 1; }
	npm ci --no-audit --no-fund
	npm run build

messages: export DJANGO_SETTINGS_MODULE := site_config.settings
messages: .venv/development ## Bring the catalogs in messaging/locale up to date, and compile them; LOCALE=it adds Italian
	@command -v xgettext >/dev/null || { echo "make messages needs GNU gettext (on Debian or Ubuntu: apt install gettext)."; exit 1; }
	@$(BIN)/python -m tests.catalogs $(LOCALE)

# The files below mark an installation step as done. A step runs again only when its lock file has changed.

.venv/made:
	@command -v $(PYTHON) >/dev/null || { echo "Parley needs Python 3.11 or newer; there is no $(PYTHON) here."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Parley needs Python 3.11 or newer, not $$($(PYTHON) -V). With another one: make run PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make virtual environments. On Debian or Ubuntu: apt install python3-venv"; exit 1; }
	@echo "Creating .venv …"
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/runtime: requirements.lock | .venv/made
	@echo "Installing Parley's dependencies …"
	@$(PIP) install --quiet --require-hashes -r requirements.lock
	@touch $@

# requirements-dev.lock also contains Parley's own dependencies.
.venv/development: requirements-dev.lock | .venv/made
	@echo "Installing the dependencies of Parley, its tests and its checks …"
	@$(PIP) install --quiet --require-hashes -r requirements-dev.lock
	@touch .venv/runtime $@
