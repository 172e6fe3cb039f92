# Two commands do all: `make demo` and `make test`. Each builds what it needs and repeats only what changed.
#   PYTHON=python3.12   the Python that the environment is made from (3.11 or later)
#   VENV=folder         where the environment lies

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

RUST := Cargo.toml Cargo.lock clippy.toml rustfmt.toml $(shell find rust tests/rust benches -name '*.rs' 2>/dev/null)
PACKAGE := pyproject.toml LICENSE README.md Cargo.toml Cargo.lock $(shell find rust -name '*.rs') \
	$(shell find python/lightmill -name '*.py' -o -name '*.pyi' -o -name '*.yaml' -o -name 'py.typed')
PAGES := $(shell find docs -type f -not -path "docs/_build/*" -not -name "*.pyc")
TESTS := $(shell find tests/python -name '*.py') $(PAGES) $(shell find tests/golden -type f 2>/dev/null) benches/peers.py

.PHONY: demo test docs format lint bench clean
.DELETE_ON_ERROR:

demo: $(VENV)/.installed
	@PATH="$(BIN):$$PATH" sh docs/examples/demo.sh demo

test: $(VENV)/.rust-passed $(VENV)/.python-passed docs/_build/.built
	@echo "All tests passed; they run again when a file changes (make --always-make test: now)."

docs: docs/_build/.built
	@echo "The pages are in docs/_build/html/index.html."

format: $(VENV)/.tools
	cargo fmt
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: $(VENV)/.rust-linted $(VENV)/.python-linted

bench: $(VENV)/.tools
	cargo bench --locked
	$(BIN)/python benches/peers.py

clean:
	rm -rf $(VENV) target demo docs/_build

# The environment, the wheel and what the tests need besides.

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or later is needed: make PYTHON=...")'
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.wheel: $(PACKAGE) | $(VENV)/.made
	rm -rf $(VENV)/wheel
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir $(VENV)/wheel .
	@touch $@

$(VENV)/.installed: $(VENV)/.wheel
	$(BIN)/python -m pip install --quiet --force-reinstall --no-deps $(VENV)/wheel/*.whl
	$(BIN)/python -m pip install --quiet $(VENV)/wheel/*.whl
	@touch $@

$(VENV)/.tools: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet "$$(echo $(VENV)/wheel/*.whl)[test,docs]"
	@touch $@

# Checks. The benches run once each, in the profile of the tests: `cargo bench -- --test` would compile all again.

$(VENV)/.rust-linted: $(RUST) | $(VENV)/.made
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	PYO3_PYTHON="$$(cd $(BIN) && pwd)/python" cargo clippy --locked --all-targets --features python -- -D warnings
	@touch $@

$(VENV)/.rust-passed: $(VENV)/.rust-linted
	cargo test --locked
	cargo test --locked --benches
	@touch $@

$(VENV)/.python-linted: $(PACKAGE) $(TESTS) $(VENV)/.tools
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy --strict python
	$(BIN)/python -m mypy.stubtest lightmill._core
	@touch $@

$(VENV)/.python-passed: $(VENV)/.python-linted
	$(BIN)/python -m pytest --pyargs lightmill tests/python README.md docs --doctest-glob='*.md'
	@touch $@

# Any warning fails: a link that leads nowhere, a recipe that does not load, a model without its page, a docstring
# that leaves a parameter out. All pages are read anew (-E), or what one warned of would be forgotten by the next run;
# pictures are kept.
docs/_build/.built: $(PACKAGE) $(PAGES) CHANGELOG.md CONTRIBUTING.md benches/README.md $(VENV)/.tools
	$(BIN)/python -m sphinx -q -E -n -W --keep-going docs docs/_build/html
	@touch $@
