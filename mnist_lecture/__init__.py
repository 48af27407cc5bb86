"""Handwriting recognition with Keras: the package behind the lecture notebooks.

The modules, in the order in which a reader may want to open them:

* `data` finds MNIST and splits it as the lecture does.
* `files` reads the files of MNIST and verifies them; `download` fetches them, if need be.
* `handwriting` writes digits of its own, endlessly.
* `augmentation` distorts digits, freshly each time.
* `models` builds the lecture's networks, uncompiled; `batches` feeds them.
* `experiments` repeats the trainings of the series; `records` keeps what came of them,
  `scoreboard` makes README's table of it.
* `plots` draws every figure, and shows it with its name and its alternative text.
* `figures` draws them again, by name, without running the notebooks, from what `kept` wrote down.
* `progress` shows how far something slow has come.
* `exercises` checks the answers to the exercises of the notebooks.
* `runner` executes the notebooks, `pages` writes them as HTML.
* `__main__` is the command line around it all.
* `quiet` keeps TensorFlow's greetings out of the notebooks.
"""

import contextlib
import ctypes
import os
import sys

from mnist_lecture import quiet

# TensorFlow greets every reader of a notebook with log lines about the processor: some when it is
# loaded, some later. Whoever wants the latter sets the variable beforehand.
sys.meta_path.insert(0, quiet.Import("tensorflow"))
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

# The notebooks use TensorFlow beside Keras, so another backend in Keras's own settings will not do.
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

# With oneDNN, which it knows to use on any x86 processor but uses by itself on some, TensorFlow
# trains the slide's convolution three to four times as fast, and dense networks no slower.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")

# The GNU C library gives the memory that a layer has used back to the system, only to ask for it
# again at the next update. Told to keep 64 MB at hand, and not to treat arrays below 32 MB apart,
# it lets `fit` run up to twice as fast. Elsewhere there is no such function, and no such habit.
if sys.platform == "linux":
    M_TOP_PAD, M_MMAP_THRESHOLD = -2, -3  # from malloc.h
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(M_TOP_PAD, 64 << 20)
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, 32 << 20)

__version__ = "0.1.0"
