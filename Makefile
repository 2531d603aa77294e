# Portico's commands for people. PYTHON names the interpreter that .venv is made with.
PYTHON ?= python3
BENCH_COUNT ?= 20000

venv := .venv
installed := $(venv)/.installed
compile := $(venv)/bin/uv pip compile --universal --python-version 3.11 --generate-hashes

.PHONY: up demo test test-fast bench lock clean

# `exec`, so that Ctrl-C reaches one process, which stops all that it started.
up: $(installed)
	@exec $(venv)/bin/portico up

demo: $(installed)
	@exec $(venv)/bin/portico demo

# In two processes, each with servers of its own.
test: $(installed)
	@exec $(venv)/bin/pytest --numprocesses 2 --dist loadscope --no-loadscope-reorder

# Without the servers and without the slow checks of the code; under 30 s.
test-fast: $(installed)
	@exec $(venv)/bin/pytest tests/unit tests/contract --ignore tests/contract/test_code_rules.py

bench: $(installed)
	@exec $(venv)/bin/portico bench invites --count $(BENCH_COUNT)

# Newer versions of everything in requirements.in, with the hashes of all their files; then the
# same versions for the image, which needs fewer of them.
lock: $(installed)
	$(compile) requirements.in --output-file requirements.lock --upgrade \
		--custom-compile-command "make lock"
	$(compile) deploy/requirements.in --output-file deploy/requirements.lock --no-annotate \
		--constraints requirements.lock --custom-compile-command "see deploy/requirements.in"

# What was installed and made by tools; the stack's state in .portico stays.
clean:
	@test ! -x $(venv)/bin/portico || $(venv)/bin/portico down
	rm -rf $(venv) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(installed): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Portico needs Python 3.11 or later: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv $(venv)
	$(venv)/bin/pip install --disable-pip-version-check --require-hashes -r requirements.lock
	$(venv)/bin/pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .
	@touch $@
