"""Handwriting recognition with Keras: the package behind the lecture notebooks.

The modules, in the order in which a reader may want to open them:

* `data` finds MNIST and splits it as the lecture does.
* `files` reads the files of MNIST and verifies them; `download` fetches them, if need be.
* `handwriting` writes digits of its own, endlessly.
* `models` builds the lecture's networks, uncompiled.
* `plots` draws every figure, and shows it with its name and its alternative text.
* `progress` shows how far something slow has come.
* `exercises` checks the answers to the exercises of the notebooks.
* `runner` executes the notebooks; `__main__` is the command line around it.
"""

import os

# TensorFlow reads this once, when it is first imported, and otherwise greets every reader of a
# notebook with log lines about the processor. Whoever wants them sets the variable beforehand.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

# The notebooks use TensorFlow beside Keras, so another backend in Keras's own settings will not do.
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

__version__ = "0.1.0"
