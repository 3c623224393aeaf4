# `make run` starts the daemon, `make test` passes the tests; each does all set-up first and needs Python and make only.
PYTHON ?= python3
# Without compiled modules on disk each worker and each process of the tests compiles everything anew: a minute of work.
export PYTHONDONTWRITEBYTECODE :=
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -qq
FLOOR := 90

.PHONY: install install-ko run demo test rest quick check format bench screenshots crash lock clean

install: .venv/dev

.venv/run: requirements/run.txt requirements/build.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "monitor needs Python 3.11 or newer; this is " + sys.version.split()[0] + " (choose another with PYTHON=...)")'
	@$(PYTHON) requirements/install.py run

.venv/dev: requirements/dev.txt .venv/run
	@$(PYTHON) requirements/install.py dev

# The Korean analyser of `analyser: kiwi`: 100 MB of model on disk, half a gigabyte of memory in the daemon.
install-ko: .venv/run
	$(PIP) install --no-deps --require-hashes -r requirements/ko.txt

# Migrations happen at the start of the daemon.
run: .venv/run
	@$(BIN)/monitor run

# Invented newspapers, a receiver and the daemon with its pages and two days of news, without internet, until Ctrl-C.
# ONCE=1: one article through the whole line in this terminal, which ends by itself.
demo: install
	@$(BIN)/python -m tests.replica.$(if $(ONCE),demo,press.desk)

# Static checks and the fast half of the tests: no processes, no PostgreSQL. For between two changes.
quick: check
	$(BIN)/pytest -n 2 -q -m "not slow and not postgres" --hypothesis-profile quick

# The gate: everything that must hold before a change goes in.
# The floor of coverage has to be reached by plain examples alone, without a process, PostgreSQL or chance: tracing doubles
# the time of a test. The second half waits a lot (processes, sockets): it has more workers than cores, and the static
# checks beside it.
EXAMPLES := not slow and not postgres and not property
test: install
	$(BIN)/pytest -q -n 2 -m "$(EXAMPLES)" --cov --cov-report=term --cov-fail-under=$(FLOOR)
	@$(MAKE) --no-print-directory -j 2 check rest

rest: install
	$(BIN)/pytest -q -n 4 --maxschedchunk 1 -m "not ($(EXAMPLES))"

# The part of the gate that runs nothing: style, types, floors.
check: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Figures beside peers; brings the peers into .venv first (requirements/bench.txt), which nothing else needs.
bench: install
	$(PIP) install --no-deps --require-hashes -r requirements/bench.txt
	$(BIN)/python -m tests.bench.pipeline

# Every page in a real browser, light and dark, wide and narrow: pictures in build/screenshots.
screenshots: install
	MONITOR_SCREENSHOTS=build/screenshots $(BIN)/pytest -q tests/chromium/test_every_page.py
	@ls build/screenshots | wc -l | xargs printf '%s pictures in build/screenshots\n'

# 150 times SIGKILL at random moments against a flaky receiver, and 20 times at each fault point; takes a quarter of an hour.
crash: install
	$(BIN)/python -m tests.journeys.crash --kills 150 --each 20

# Pin the set again after a change in pyproject.toml (needs uv). No file names an index.
COMPILE := uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
lock:
	$(COMPILE) --extra scale --extra socks --extra naverworks pyproject.toml -o requirements/run.txt
	$(COMPILE) --extra scale --extra socks --extra naverworks --extra apprise --group dev pyproject.toml -c requirements/run.txt -o requirements/dev.txt
	$(COMPILE) --no-annotate --group build -c requirements/dev.txt -o requirements/build.txt
	$(COMPILE) --extra scale --extra socks --extra naverworks --extra ko pyproject.toml -c requirements/run.txt -o requirements/ko.txt
	$(COMPILE) --extra scale --extra socks --extra naverworks --extra apprise --group dev --group bench pyproject.toml -c requirements/dev.txt -o requirements/bench.txt

clean:
	rm -rf .venv .venv.before dist .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
