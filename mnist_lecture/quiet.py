"""Load a library without what it writes to the terminal meanwhile, which no setting of its stops.

TensorFlow's C++ code reports about the processor, the graphics card and oneDNN to standard error
while it is imported, before its own log level is read; in a notebook, that lands in a lesson.
"""

import contextlib
import importlib.util
import os
import sys


@contextlib.contextmanager
def standard_error():
    """Discard what this process, C++ code included, writes to standard error meanwhile."""
    sys.stderr.flush()
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(nowhere)
        os.close(kept)


class Import:
    """Finds the module `name`, once, as Python does, and has it loaded in silence.

    To be put in front of `sys.meta_path`. Exceptions come through as ever.
    """

    def __init__(self, name):
        """Wait for the first import of the module `name`."""
        self.name = name

    def find_spec(self, name, path=None, target=None):
        """Return the specification of the module if it is the one, as import asks for it."""
        if name != self.name:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec and spec.loader:
            load = spec.loader.exec_module

            def quietly(module):
                with standard_error():
                    load(module)

            spec.loader.exec_module = quietly
        return spec
