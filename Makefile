# `make run` starts the daemon, `make test` passes the tests; each does all set-up first.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q

.PHONY: install run demo test check format bench clean

install: .venv/ready

.venv/ready: requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "monitor needs Python 3.11 or newer; this is " + sys.version.split()[0] + " (choose another with PYTHON=...)")'
	$(PYTHON) -m venv .venv
	$(PIP) install --require-hashes -r requirements/dev.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

run: install
	@$(BIN)/monitor run
