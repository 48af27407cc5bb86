"""Handwriting recognition with Keras: what the lecture's notebooks import.

A suggestion of an order to read them in: `data` finds MNIST and splits it as the lecture does
(with `mnist_files` and `download`); `handwriting` generates digits, `augmentation` distorts them;
`landscape` is a picture to try kernels on; `models` builds networks, `batches` feeds them to `fit`;
`plots` draws and shows every figure; `results` reads recorded runs; `exercises` checks answers;
`progress` shows how far something slow has come; `startup` makes TensorFlow start quietly and run
fast. The folder `workshop` holds what runs, redraws, records and publishes the notebooks; nothing
outside it imports it.
"""

from mnist_lecture import startup

__version__ = "0.2.0"


class LectureError(Exception):
    """Something that the user can mend; the message says what is wrong and what to do."""


startup.prepare_tensorflow()
