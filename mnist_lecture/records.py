"""Write down what a measurement gave, with what it was measured on: results/*.json."""

import json
import platform

from mnist_lecture.data import REPOSITORY
from mnist_lecture.files import ARRAYS


def save(name, settings, results):
    """Write results/`name`.json: `settings`, MNIST's digests, the versions used, `results`.

    Both are dicts of what JSON can hold. Prints where the record is.
    """
    import keras  # here: it takes seconds
    import tensorflow as tf

    record = {
        **settings,
        "data": {array: digest for array, (_, digest) in ARRAYS.items()},
        "versions": {
            "python": platform.python_version(),
            "keras": keras.__version__,
            "tensorflow": tf.__version__,
        },
        **results,
    }
    path = REPOSITORY / "results" / f"{name}.json"
    path.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    print(f"Recorded in {path.relative_to(REPOSITORY)}")
