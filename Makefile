# make run    the desk in practice mode (演练); without a display, one visit offscreen
# make test   lint, the tests (those of all but the desk where there is no Qt), the packaged folder
# See also: test-all torture lint bench package lock clean
.PHONY: run test test-all lint unit desk exhaustive torture frozen bench package lock setup clean
.NOTPARALLEL:

# what was compiled once is read again: by each worker, and by the programs that tests start
export PYTHONDONTWRITEBYTECODE :=

PYTHON ?= python3
PY := .venv/bin/python
PYTEST := $(PY) -m pytest
# tests that need a window, and so Qt: whole folders, and the files in which one is marked
DESK_TESTS := $(wildcard tests/desk tests/journeys tests/frozen)
QT_TESTS := $(wildcard tests/desk tests/journeys) $(shell grep -rl 'pytest.mark.qt$$' tests --include='test_*.py')
PARTS := $(shell find pinggu_desk resources forms build.spec tools/trim_icu.py -type f -not -name '*.pyc' -not -name 'pack.bin' 2>/dev/null)

run: .venv/.ready-run
	@$(PY) -m compileall -q pinggu_desk
	@$(PY) -m pinggu_desk.policy.compiled
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then exec $(PY) -m pinggu_desk.app --practice; else exec $(PY) -m pinggu_desk.walk; fi

test: lint unit desk frozen

test-all: test exhaustive

setup: .venv/.ready-run .venv/.ready-dev

# Each stamp stands for what was installed from these files; a second call does nothing.
.venv/.ready-run: requirements.txt requirements-build.txt pyproject.toml tools/setup.sh
	@PYTHON=$(PYTHON) sh tools/setup.sh run
	@touch $@

.venv/.ready-dev: requirements-dev.txt requirements-build.txt pyproject.toml tools/setup.sh
	@PYTHON=$(PYTHON) sh tools/setup.sh dev
	@touch $@ .venv/.ready-run

.venv/.ready-print: .venv/.ready-dev
	@PYTHON=$(PYTHON) sh tools/setup.sh print
	@touch $@

.venv-noqt/.ready: .venv/.ready-dev tools/no_qt.py
	@$(PY) tools/no_qt.py .venv-noqt
	@touch $@

lint: .venv/.ready-dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	.venv/bin/lint-imports --no-logo

# All but the desk, in an environment that has no Qt: what passes here needs none.
unit: .venv-noqt/.ready
	@.venv-noqt/bin/python -m pinggu_desk.policy.compiled
	.venv-noqt/bin/python -m pytest -n 2 --dist worksteal -m "not exhaustive and not torture and not frozen and not qt" $(addprefix --ignore=,$(DESK_TESTS))

desk: .venv/.ready-dev
	@$(PY) -m pinggu_desk.policy.compiled
	$(PYTEST) -n 2 --dist worksteal -m "qt and not exhaustive and not torture and not frozen" $(QT_TESTS)

exhaustive: .venv/.ready-print
	@$(PY) -m pinggu_desk.policy.compiled
	$(PYTEST) -n 2 --dist worksteal -m exhaustive

# Kills, cuts, failing disks: the long runs of what make test tries in small. What was tried is counted at the end.
torture: .venv/.ready-dev
	@$(PY) -m pinggu_desk.policy.compiled
	$(PYTEST) -n 2 --dist worksteal -m torture

package: dist/.built

dist/.built: $(PARTS) .venv/.ready-dev
	$(PY) -m PyInstaller --noconfirm --log-level ERROR --distpath dist --workpath build/pyinstaller build.spec
	@$(PY) tools/folder_size.py dist/pinggu-desk 250
	@touch $@

frozen: dist/.built
	$(PYTEST) -m frozen tests/frozen

# The engines that ours is measured against, in an environment of their own. Where it can't be made, their rows say so.
.venv-bench/.ready: requirements-bench.txt
	@$(PYTHON) -m venv .venv-bench
	@.venv-bench/bin/python -m pip install -q --disable-pip-version-check --require-hashes --no-deps --only-binary :all: -r $<
	@touch $@

bench: .venv/.ready-dev
	@$(MAKE) --no-print-directory .venv-bench/.ready || echo "the other rule engines can't be installed; going on without them" >&2
	@$(PY) -m pinggu_desk.policy.compiled
	@$(PY) -m bench.run --write

# Renews the pinned versions: the newest that the .in files allow, with the hashes of every platform's files, no host named.
lock:
	@mkdir -p build
	@[ -x build/lock/bin/uv ] || { $(PYTHON) -m venv build/lock && build/lock/bin/pip install -q uv; }
	for list in requirements requirements-dev requirements-build requirements-bench; do build/lock/bin/uv pip compile --no-config -q --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate $(LOCK) -o $$list.txt $$list.in; done

clean:
	rm -rf build dist .venv .venv-noqt .venv-bench .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
