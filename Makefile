# Two commands: `make app` opens the chat, `make test` runs the tests. Each does all the set-up it needs.
# Stamp files in the virtual environment remember what is done, so the next run takes seconds.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# An index of small CPU builds of PyTorch (README, "A machine without a GPU"); empty: pip's own.
TORCH_INDEX ?=
STEP := sh scripts/step
PIP := $(BIN)/python -m pip install -q --disable-pip-version-check --no-input -c constraints.txt
TORCH := $(shell sed -n 's/^torch==/torch==/p' constraints.txt 2>/dev/null)
CORPUS := $(shell find corpus -type f -not -name '.*' 2>/dev/null)

.PHONY: help app test lint format eval eval-fast bench screenshots schema lock sbom wheel clean
.DELETE_ON_ERROR:

help:
	@echo 'make app          set up and open the chat in the browser'
	@echo 'make test         set up and run the tests'
	@echo 'make lint         formatting, types, layers of imports, corpus'
	@echo 'make eval         the evaluation and its report (eval-fast: the short one)'
	@echo 'make bench        speed and memory, measured side by side, and the wait in the browser'
	@echo 'make screenshots  the pictures in the README'
	@echo 'make lock         write constraints.txt from the environment'
	@echo 'make sbom         write build/sbom.json, the bill of materials'
	@echo 'make wheel        build the wheel and try it in an empty folder'
	@echo 'make clean        remove the environment and all caches'

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo 'Python 3.11 or newer is needed; name it: make app PYTHON=python3.12' >&2; exit 1; }
	@$(STEP) 'Making the virtual environment' $(PYTHON) -m venv $(VENV)
	@touch $@

# PyTorch first and by itself: it is by far the biggest part, and the one with a choice of builds.
$(VENV)/.torch: $(VENV)/.made constraints.txt
	@$(STEP) 'Installing PyTorch (some minutes the first time)' \
	  $(PIP) $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) $(TORCH)
	@touch $@

$(VENV)/.installed: $(VENV)/.torch pyproject.toml constraints.txt
	@$(STEP) 'Installing the assistant and its tools' $(PIP) -e '.[dev]'
	@touch $@

$(VENV)/.indexed: $(VENV)/.installed $(CORPUS) $(wildcard assistant/retrieval/*.py)
	@$(STEP) 'Building the index' $(BIN)/guideline-assistant index
	@touch $@

app: $(VENV)/.indexed
	@$(BIN)/guideline-assistant app

test: $(VENV)/.installed
	@$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

lint: $(VENV)/.installed
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/guideline-assistant corpus check

format: $(VENV)/.installed
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

eval: $(VENV)/.indexed
	@$(BIN)/python -m evals $(ARGS)

eval-fast: $(VENV)/.indexed
	@$(BIN)/python -m evals --fast $(ARGS)

bench: $(VENV)/.indexed
	@$(BIN)/python -m evals bench $(ARGS)
	@$(BIN)/python -m evals browser

screenshots: $(VENV)/.indexed
	@$(BIN)/python scripts/screenshots.py $(ARGS)

schema: $(VENV)/.installed
	@$(BIN)/python -m assistant.guidelines.jsonschema

lock: $(VENV)/.installed
	@$(BIN)/python scripts/lock.py > constraints.new && mv constraints.new constraints.txt
	@touch $(VENV)/.torch $(VENV)/.installed
	@echo 'wrote constraints.txt; read the difference before you commit it'

sbom: $(VENV)/.installed
	@mkdir -p build
	@$(BIN)/python scripts/sbom.py > build/sbom.json
	@echo 'wrote build/sbom.json'

wheel: $(VENV)/.installed
	@$(STEP) 'Building the wheel' $(BIN)/python -m build --wheel --outdir dist .
	@$(BIN)/python scripts/try_wheel.py dist

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
