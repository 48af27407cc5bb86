# `make` alone shows what there is. Needs Python 3.11 to 3.13 and nothing else; what it installs
# goes into .venv. For another Python: make PYTHON=/path/to/python …
PYTHON ?= $(shell for p in python3.12 python3.11 python3.13 python3 python; do \
    $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null && echo $$p && break; done)
VENV ?= .venv
BIN = $(VENV)/bin
READY = $(VENV)/ready

.PHONY: help lecture figures quick pages slides wheel test browser environments lab notebooks lint lock clean

help:  ## show these lines
	@awk -F':.*## ' '/^[a-z]+:.*## / {printf "make %-14s%s\n", $$1, $$2}' Makefile

lecture: $(READY)  ## run the whole series at full scale; results go to build/
	$(BIN)/mnist-lecture run --jobs 2 --out build

quick: $(READY)  ## the same on a tenth of the data, into build/quick/
	$(BIN)/mnist-lecture run --quick --jobs 2 --out build/quick

pages: $(READY)  ## write the site from the stored outputs, in seconds, into build/
	$(BIN)/mnist-lecture pages --out build

slides: $(READY)  ## the lecture as slides, one file that needs no network: build/slides.html
	$(BIN)/mnist-lecture slides --out build/slides.html

wheel: $(READY)  ## the wheel for students, with the notebooks in it, into build/dist/
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir build/dist .

figures: $(READY)  ## draw every figure of the series, without training, into build/figures/
	$(BIN)/mnist-lecture figures --out build/figures

test: $(READY)  ## the tests, and every notebook on a tenth of the data; two at a time
	$(BIN)/python -m pytest -n 2 --dist loadgroup tests
	MNIST_LECTURE_QUICK=1 $(BIN)/python -m pytest -n 2 --dist loadfile --nbval-lax \
	    --nbval-current-env --nbval-cell-timeout=300 notebooks

browser: $(READY)  ## play with live figures, site and slides, in Chromium and in JupyterLab
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[tensorflow,browser]'
	$(BIN)/python -m pytest -rs tests/browser

environments: $(READY)  ## test the plain install, the lowest and the newest versions (needs PyPI)
	$(BIN)/python -m pytest -q tests/environments.py

lab: $(READY)  ## open the notebooks in JupyterLab
	$(BIN)/jupyter lab notebooks

notebooks: $(READY)  ## run at full scale and store the outputs in notebooks/ itself
	$(BIN)/mnist-lecture run --save --out build

lint: $(READY)  ## check style and format
	$(BIN)/ruff check . && $(BIN)/ruff format --check .

lock: $(READY)  ## pin the installed versions in constraints.txt
	$(BIN)/python -m pip freeze --exclude-editable --local | awk '/^[A-Za-z0-9._-]+==/ \
	    {print} /^tensorflow.cpu==/ {sub(/.cpu/, ""); print}' > constraints.txt

clean:  ## remove what these commands made
	rm -rf build $(VENV) .pytest_cache .ruff_cache .hypothesis *.egg-info

$(READY): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "No Python 3.11, 3.12 or 3.13 found: install one, or say make PYTHON=/path/to/python"; exit 1; }
	$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[tensorflow,slides,lab,test]'
	@touch $@
