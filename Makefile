# Every target sets up what it needs in .venv once, from the lock file. Needs Python 3.11–3.13 and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
# Clones do not share servers: tests bind free ports and write to temporary folders only.
export UV_PYTHON ?= $(BIN)/python
export UV_LINK_MODE ?= copy

.DEFAULT_GOAL := help
.PHONY: help env demo test test-light test-system lint bench endurance docs app desktop translations licences sbom audit clean lock

help: ## Show this help
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

env: $(VENV)/.with-all ## Install everything into .venv, including development tools
demo: $(VENV)/.with-pipeline ## Run the whole pipeline on the sample atlas
	@$(BIN)/acne demo
test: $(VENV)/.with-all qt-libraries ## Run the tests
	@$(BIN)/python -m compileall -q acnelib gui luigi_tasks # otherwise each command that a test starts compiles again
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -q -n 2 --durations 25
test-light: $(VENV)-light/.ready ## Run the light path's tests with the core dependencies only
	ACNE_TEST_LIGHT=1 $(VENV)-light/bin/python -m pytest -q $(LIGHT_TESTS)
test-system: $(VENV)/.with-system qt-libraries ## Run the tests that need Debian packages
	$(BIN)/python -m pytest -q -m system
lint: $(VENV)/.with-all ## Check format, style, types, import layers and spelling
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell *.md docs acnelib gui luigi_tasks tools benchmarks
bench: $(VENV)/.with-all ## Run the benchmarks that need no photos; each prints its figures
	@for benchmark in $(filter-out $(ENDURANCE) $(WITH_PHOTOS),$(wildcard benchmarks/*.py)); do $(BIN)/python $$benchmark || exit 1; done
endurance: $(VENV)/.with-all qt-libraries ## Run the long proofs, which take hours: load, mutated photos, kills
	@for benchmark in $(ENDURANCE); do $(BIN)/python $$benchmark || exit 1; done
docs: $(VENV)/.with-docs ## Build the documentation site, in dist/site
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet && echo "Built dist/site: open dist/site/index.html"
app: $(VENV)/.with-gui qt-libraries ## Open the desktop app
	@$(BIN)/acne gui
desktop: $(VENV)-desktop/.ready ## Build the desktop app as a standalone program, in dist/acnelib
	@$(VENV)-desktop/bin/pyinstaller --noconfirm --log-level ERROR --distpath dist --workpath $(VENV)-desktop/build \
	  packaging/acnelib.spec
	@$(VENV)-desktop/bin/python packaging/check_desktop_build.py
translations: $(VENV)/.with-gui ## Gather the texts of the app for their translations, and compile these
	@$(BIN)/python tools/translations.py
licences: $(VENV)/.with-all ## Write the licences of all locked packages into docs/licences.md
	@$(BIN)/python packaging/licences.py
sbom: $(VENV)/.with-all ## Write the bill of materials of the lock (CycloneDX), in dist/
	@$(BIN)/python packaging/bill_of_materials.py
audit: $(VENV)/.with-all ## Look the locked versions up in the OSV database of known faults; needs the internet
	@$(BIN)/python packaging/audit.py
clean: ## Stop this folder's stack; remove .venv, caches and runs, including data/ and mlruns/
	@if [ -x $(BIN)/acne ]; then ACNE_STACK=mlruns $(BIN)/acne down; fi # this folder's stack, and no other one
	rm -rf $(VENV) $(VENV)-light $(VENV)-desktop data dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	find mlruns -mindepth 1 ! -name README.md -delete
lock: $(VENV)/.uv ## Update the two lock files from pyproject.toml; then: make licences
	$(BIN)/uv pip compile -q pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header -o requirements.lock
	$(BIN)/uv pip compile -q pyproject.toml --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header -c requirements.lock -o requirements-core.lock

.PHONY: qt-libraries
qt-libraries: $(VENV)/.with-gui
	@$(BIN)/python packaging/qt_libraries.py

$(VENV)/.uv:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' \
	  || { echo "acnelib needs Python 3.11, 3.12 or 3.13; name one: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || { rm -rf $(VENV); [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	    && echo "Python has no venv module here; installing python3-venv" \
	    && apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null && $(PYTHON) -m venv $(VENV); } \
	  || { echo "Python cannot make environments here; on Debian: sudo apt-get install python3-venv" >&2; exit 1; }
	@echo "Setting up $(VENV) (once)"
	@$(BIN)/python -m pip install -q --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

WITH_PHOTOS := benchmarks/keras_guide.py
ENDURANCE := $(addprefix benchmarks/,endurance.py mutated_photos.py kills.py)
LIGHT_TESTS := $(addprefix tests/acnelib/,config folders imaging inference text storage/test_files.py \
  storage/test_licences.py storage/test_manifest.py storage/test_workspace.py cli/test_predict.py registry/test_cache.py \
  registry/test_reading.py test_bundle.py test_labels.py test_light_path.py test_models.py test_native_output.py \
  test_verdicts.py)
$(VENV)-light/.ready: $(VENV)/.uv requirements-core.lock requirements.lock pyproject.toml
	@echo "Setting up $(VENV)-light (once)"
	@$(BIN)/uv venv -q --clear --python $(BIN)/python $(VENV)-light
	@UV_PYTHON=$(VENV)-light/bin/python $(BIN)/uv pip install -q --no-config --require-hashes -r requirements-core.lock
	@UV_PYTHON=$(VENV)-light/bin/python $(BIN)/uv pip install -q -c requirements.lock \
	  hypothesis pytest pytest-httpserver pytest-randomly pytest-timeout
	@UV_PYTHON=$(VENV)-light/bin/python $(BIN)/uv pip install -q --no-deps -e .
	@touch $@

# Core and app only: packages that are not installed here cannot get into the program.
$(VENV)-desktop/.ready: $(VENV)/.uv requirements.lock pyproject.toml
	@echo "Setting up $(VENV)-desktop (once)"
	@$(BIN)/uv venv -q --clear --python $(BIN)/python $(VENV)-desktop
	@UV_PYTHON=$(VENV)-desktop/bin/python $(BIN)/uv pip install -q -r pyproject.toml --extra gui --extra desktop \
	  -c requirements.lock
	@UV_PYTHON=$(VENV)-desktop/bin/python $(BIN)/uv pip install -q --no-deps -e .
	@touch $@

# Dependencies with hashes from the lock file, then the project itself as editable.
EXTRAS_pipeline := --extra train --extra pipeline
EXTRAS_gui := --extra gui
EXTRAS_docs := --extra train --extra pipeline --extra serve --extra docs
EXTRAS_all := --extra gui --extra train --extra pipeline --extra serve --extra dev --extra docs
EXTRAS_system := --extra gui --extra train --extra pipeline --extra serve --extra dev --extra docs --extra spark
$(VENV)/.with-%: $(VENV)/.uv requirements.lock pyproject.toml
	@echo "Installing what make $* needs"
	@$(BIN)/uv pip install -q --compile-bytecode -r pyproject.toml $(EXTRAS_$*) -c requirements.lock
	@$(BIN)/uv pip install -q --no-deps -e .
	@touch $@
