"""Make TensorFlow start quietly and run fast: importing the package calls `prepare_tensorflow`.

With MNIST_LECTURE_STARTUP=0 in the environment, TensorFlow starts as it does everywhere else.
"""

import contextlib
import ctypes
import gc
import importlib.util
import os
import re
import sys
import tempfile

SETTINGS = {
    # TensorFlow's own log, from C++: 1 leaves out mere information, and keeps warnings.
    "TF_CPP_MIN_LOG_LEVEL": "1",
    # The notebooks use TensorFlow beside Keras, so another backend in Keras's settings will not do.
    "KERAS_BACKEND": "tensorflow",
    # TensorFlow can use oneDNN on every x86 processor, but by itself does so on some only. It lets
    # the slide's convolution train three to four times as fast, and dense networks no slower.
    "TF_ENABLE_ONEDNN_OPTS": "1",
    # The matrices that the lessons multiply by NumPy are too small for threads to pay, and those of
    # its library keep 60 MB after the first larger product.
    "OPENBLAS_NUM_THREADS": "1",
}

# What TensorFlow prints on standard error while it is imported, before it reads its log level.
GREETINGS = re.compile(
    r"All log messages before absl::InitializeLog|oneDNN custom operations are on"
    r"|optimized to use available CPU instructions|To enable the following instructions"
    r"|[Cc]ould not find cuda drivers|Unable to register cu\w+ factory"
    r"|computation placer already registered|Could not find TensorRT|^\s*$"
)

held_back = []  # the greetings that were printed but not shown, line by line


def prepare_tensorflow():
    """Set what makes TensorFlow quick and quiet; settings of the user's own stay as they are."""
    if os.environ.get("MNIST_LECTURE_STARTUP") == "0":
        return
    for variable, value in SETTINGS.items():
        os.environ.setdefault(variable, value)
    sys.meta_path.insert(0, _QuietImport("tensorflow"))
    # The GNU C library returns the memory of a layer to the system, only to ask for it again at the
    # next update. Told to keep 64 MB, and not to treat arrays below 32 MB apart, it lets `fit` run
    # up to twice as fast. It would also give every thread a heap of its own, none of which shrinks:
    # two are enough, and save 100 MB. Other systems have neither this function nor these habits.
    if sys.platform == "linux":
        top_pad, mmap_threshold, arena_max = -2, -3, -8  # the names begin with M_ in malloc.h
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).mallopt(top_pad, 64 << 20)
            ctypes.CDLL(None).mallopt(mmap_threshold, 32 << 20)
            ctypes.CDLL(None).mallopt(arena_max, 2)


def one_core():
    """Let TensorFlow run each operation on a single core, in this process, from now on.

    This is faster for dense networks as small as the lecture's, and slower for convolutions.
    """
    import tensorflow as tf  # here: it takes seconds

    tf.config.threading.set_intra_op_parallelism_threads(1)


class _QuietImport:
    """A finder for `sys.meta_path` that loads `name` quickly, without its greetings, once."""

    def __init__(self, name):
        self.name = name

    def find_spec(self, name, path=None, target=None):
        if name != self.name:
            return None
        sys.meta_path.remove(self)
        if spec := importlib.util.find_spec(name):
            load = _without_greetings()(spec.loader.exec_module)
            spec.loader.exec_module = _without_collections()(load)
        return spec


@contextlib.contextmanager
def _without_collections():
    """Do not look for garbage while modules are imported, nor in what they hold ever after.

    TensorFlow consists of half a million objects. To go through them time and again, for the little
    that may be freed, takes a fifth of the seconds of its import, and more time later.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if collecting:
            gc.enable()


@contextlib.contextmanager
def _without_greetings():
    """Hold back greetings, and nothing else, that this process or its C++ code writes to stderr."""
    sys.stderr.flush()
    stderr = os.dup(2)
    with tempfile.TemporaryFile() as file:
        os.dup2(file.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)
            file.seek(0)
            for line in file.read().decode(errors="replace").splitlines():
                if GREETINGS.search(line):
                    held_back.append(line)
                else:
                    print(line, file=sys.stderr)
