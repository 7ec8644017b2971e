# On a machine with Python, git and make alone: `make demo` and `make test` set up all they need.

UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
RUN := $(UV) run --frozen
IMG2IMG := $(RUN) img2img
PYTHON ?= python3
OUT := demo

.PHONY: demo examples test lint stress wheel clean setup

setup: .venv/.ready

# a uv that is missing is put into a folder of the clone
.tools/bin/uv:
	$(PYTHON) -m venv .tools
	.tools/bin/python -m pip install --quiet --disable-pip-version-check uv

.venv/.ready: pyproject.toml uv.lock $(filter .tools/bin/uv,$(UV))
	$(UV) sync --frozen
	@touch $@

demo: .venv/.ready  ## train both modes on the built-in town; translate and evaluate another town
	rm -rf $(OUT)
	$(IMG2IMG) data town $(OUT)/town --count 50 --seed 2026
	$(IMG2IMG) train --mode pix2pix --checkpoints $(OUT)
	$(IMG2IMG) train --mode cyclegan --checkpoints $(OUT)
	$(IMG2IMG) translate $(OUT)/pix2pix $(OUT)/town/A $(OUT)/map-to-aerial
	$(IMG2IMG) translate $(OUT)/cyclegan $(OUT)/town/B $(OUT)/aerial-to-map --direction BtoA
	$(IMG2IMG) evaluate $(OUT)/map-to-aerial $(OUT)/town/B --sheet $(OUT)/map-to-aerial.png
	$(IMG2IMG) evaluate $(OUT)/aerial-to-map $(OUT)/town/A --palette builtin:town \
		--metrics accuracy,iou,l1 --sheet $(OUT)/aerial-to-map.png
	@echo "sheets while training: $(OUT)/pix2pix/samples and $(OUT)/cyclegan/samples"
	@echo "worst and best:        $(OUT)/map-to-aerial.png and $(OUT)/aerial-to-map.png"

examples: .venv/.ready  ## the worked examples of docs/, as they are written
	$(RUN) python tools/run_examples.py examples

test: .venv/.ready  ## lint, types, tests
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy
	$(RUN) pytest

stress: .venv/.ready  ## the longer proofs
	$(RUN) pytest -m stress -n 2

wheel: .venv/.ready
	$(UV) build

clean:
	rm -rf .venv .tools dist examples $(OUT)
