# Sets the project up and runs its tools. The set-up goes into .venv and nowhere else.

# The Python to set up with; else the first that is new enough. make test PYTHON=python3.13
PYTHON ?=
export PYTHON
PYTHONS := python3 python3.14 python3.13 python3.12 python3.11
UV_VERSION := 0.13.9

VENV := .venv
PY := $(VENV)/bin/python
# Errors only; and what is never imported need not be compiled, which halves the wait.
INSTALL := $(PY) -m pip install -qq --no-compile

# A setting meant for another environment must not reach into this one.
unexport PYTHONHOME PYTHONPATH VIRTUAL_ENV
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
export PIP_USER := 0

# Whole means: made here (it was not moved or copied), not left half installed, its Python still
# runs, and it is the Python asked for. What is not whole is made anew.
WHOLE := $(shell [ "$$(cat $(VENV)/.place 2>/dev/null)" = "$$(pwd -P)" ] \
	&& [ ! -e $(VENV)/.busy ] \
	&& have=$$($(PY) -VV 2>/dev/null) \
	&& { [ -z "$(PYTHON)" ] || [ "$$have" = "$$("$(PYTHON)" -VV 2>/dev/null)" ]; } \
	&& echo yes)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test coverage mutants measure format bench lock clean anew

help:
	@echo "make demo      show a real decision, recomputed (sets up .venv the first time)"
	@echo "make test      check style, types, imports, and run the tests"
	@echo "make coverage  run the tests, list what they do not reach; of engine/ they reach everything"
	@echo "make mutants   count the errors that the tests would miss (about half an hour)"
	@echo "make format    put the code into the project's style"
	@echo "make measure   measure again what docs/reliability.md says (some two hours)"
	@echo "make bench     run the benchmarks"
	@echo "make lock      renew the lock files from pyproject.toml; UPGRADE=1 takes newer versions"
	@echo "make clean     remove .venv, caches and built files"
	@echo "PYTHON=...     the Python to set up with (3.11 or later)"

demo: $(VENV)/.run
	@$(VENV)/bin/fordela demo

test: $(VENV)/.dev
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-logo
	$(PY) -m pytest -n 2

coverage: $(VENV)/.dev
	$(PY) -m pytest -n 2 --cov --cov-report=
	$(PY) -m coverage report
	$(PY) -m coverage report --include='engine/*' --fail-under=100

mutants: $(VENV)/.dev
	$(PY) -m tools.mutants

format: $(VENV)/.dev
	$(VENV)/bin/ruff check --fix-only .
	$(VENV)/bin/ruff format .

measure: $(VENV)/.dev
	$(PY) -m tools.splits --count 100000000
	$(PY) -m tools.fuzz --count 1000000
	$(PY) -m tools.tamper --moves 500
	$(PY) -m tools.same_bytes

bench: $(VENV)/.run
	$(PY) -m benchmarks

# --- Set-up: the environment, then what runs, then what tests ---------------------------------

$(VENV)/.place: $(if $(WHOLE),,anew)
	@found=; bare=; \
	if [ -n "$$PYTHON" ]; then set -- "$$PYTHON"; else set -- $(PYTHONS); fi; \
	for python; do \
		"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		if "$$python" -c 'import ensurepip, venv' 2>/dev/null; then found=$$python; break; fi; \
		bare=$${bare:-$$python}; \
	done; \
	if [ -z "$$found" ] && [ -n "$$bare" ]; then \
		echo "$$bare lacks the venv module. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; \
	elif [ -z "$$found" ]; then \
		python=$${PYTHON:-python3}; \
		version=$$("$$python" -c 'import sys; print(sys.version.split()[0])' 2>/dev/null) || version=missing; \
		echo "Python 3.11 or later is needed, and $$python is $$version. Name another: make PYTHON=/path/to/python" >&2; \
		exit 1; \
	fi; \
	echo "Setting up $(VENV) with $$("$$found" --version); this is done once and takes up to a minute." >&2; \
	rm -rf $(VENV) && "$$found" -m venv $(VENV) && pwd -P > $@

$(VENV)/.run: $(VENV)/.place requirements.lock pyproject.toml
	@touch $(VENV)/.busy
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@rm $(VENV)/.busy; touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.lock
	@echo "Installing the tools that check the code." >&2
	@touch $(VENV)/.busy
	@$(INSTALL) --require-hashes -r requirements-dev.lock
	@rm $(VENV)/.busy; touch $@

# --- Lock files: exact versions with hashes, the same on every Python, and no address in them --

# What is locked stays where it is as long as pyproject.toml allows it.
COMPILE = .uv/bin/uv pip compile -q --no-config --universal --fork-strategy fewest \
	--python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	--custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)

lock: .uv/.$(UV_VERSION)
	$(COMPILE) --group build -o requirements.lock pyproject.toml > /dev/null
	$(COMPILE) --group build --group dev -c requirements.lock -o requirements-dev.lock pyproject.toml > /dev/null
	@! grep -n / requirements.lock requirements-dev.lock || { echo "An address or a path got in." >&2; exit 1; }

.uv/.$(UV_VERSION): | $(VENV)/.place
	@rm -rf .uv
	@$(INSTALL) --target .uv uv==$(UV_VERSION)
	@touch $@

clean:
	rm -rf $(VENV) .uv build dist htmlcov .coverage .coverage.* .hypothesis \
		.import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
