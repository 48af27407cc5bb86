"""Read the recorded runs in results/: the settings of a training and what it gave, seed by seed.

A record is a dict: `about` and `settings` say what was trained; each of its `runs` has a `seed`,
the `errors` after each epoch and, in `wrong`, the indices of the images of each part of the data
that the trained network got wrong. Of some, the network of the first seed is kept, too.
`mnist-lecture experiments` writes all this.
"""

import hashlib
import io
import json

from mnist_lecture import LectureError
from mnist_lecture.data import REPOSITORY

import numpy as np

RESULTS = REPOSITORY / "results"
NETWORKS = "networks"  # the folder in it that holds trained networks
IMAGES = {"validation": 5_000, "test": 10_000, "reserve": 10_000}  # the size of each part
LAYER_SETTINGS = ("name", "batch_shape", "units", "activation", "use_bias", "filters", "rate")
LAYER_SETTINGS += ("kernel_size", "strides", "padding", "pool_size", "momentum", "epsilon")
SEEDS = 5  # that are compared; a record may have more


class RecordError(LectureError):
    """A record is missing or cannot be used."""


def load(name, folder=RESULTS):
    """Return the record `name`, a dict. Raises `RecordError` if it is missing or damaged."""
    path = folder / f"{name}.json"
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        problem = f"There is no record of {name}; to make it"
    except ValueError:
        problem = f"{path} is damaged; to make it anew"
    raise RecordError(f"{problem}: `mnist-lecture experiments {name}`.")


def wrong(name, part="test", nine_looks=False):
    """Return which images the networks of the first five seeds got wrong, bool (5, images).

    `part` is "validation", "test" or "reserve". With `nine_looks`, the answers are averaged over
    nine looks at each image. Raises `RecordError` if there are fewer seeds, or if this was not
    recorded: for an image on which a network has trained, say.
    """
    runs = load(name)["runs"][:SEEDS]
    if len(runs) < SEEDS:
        raise RecordError(
            f"{name} was recorded from {len(runs)} seeds, not {SEEDS}; "
            f"`mnist-lecture experiments {name}` adds the others."
        )
    found = [run.get("wrong_in_nine_looks" if nine_looks else "wrong", {}) for run in runs]
    if any(part not in indices for indices in found):
        raise RecordError(f"For {name}, no answers to the {part} images were recorded.")
    answers = np.zeros((SEEDS, IMAGES[part]), bool)
    for row, indices in zip(answers, found, strict=True):
        row[indices[part]] = True
    return answers


def errors(name, part="test"):
    """Return the error of each of these seeds on a `part` of the data, as a fraction: (5,)."""
    return wrong(name, part).mean(axis=1)


def network(name, folder=RESULTS):
    """Return the trained Keras network of the first seed of the record `name`.

    Its weights were rounded to float16. Raises `RecordError` if it was not kept or is damaged.
    """
    digest = load(name, folder)["runs"][0].get("network")
    path = folder / NETWORKS / f"{name}.npz"
    if not digest or not path.exists():
        raise RecordError(f"Of {name}, no trained network is kept.")
    packed = path.read_bytes()
    if hashlib.sha256(packed).hexdigest() != digest:
        raise RecordError(
            f"{path} is not the network that was recorded; to make it anew: "
            f"`mnist-lecture experiments {name} --again`."
        )
    import keras  # here: it takes seconds, and most of this module does without

    with np.load(io.BytesIO(packed)) as file:
        description = json.loads(str(file["net"]))
        for layer in description["config"]["layers"]:
            # Only these: the others keep their defaults, and an older Keras does not know them all.
            layer["config"] = {k: v for k, v in layer["config"].items() if k in LAYER_SETTINGS}
        net = keras.models.model_from_json(json.dumps(description))
        net.set_weights([file[f"w{k}"].astype(np.float32) for k in range(len(file.files) - 1)])
    return net


def difference(a, b):
    """Return how many more images `a` gets wrong than `b`, as a fraction, and the σ of that.

    `a` and `b` are as from `wrong`, bool (seeds, images), for the same images. σ says how far the
    difference would scatter with other seeds *and* other images; the images are paired. Notebook 12
    derives it: two-way analysis of variance with one answer per cell (Fisher, 1925), where what
    seed and image do only together is in both spreads and must be counted once.
    """
    d = a.mean(axis=0) - b.mean(axis=0)
    seeds = sum(_seeds_variance(w) for w in (a, b))
    return d.mean(), np.sqrt(d.var(ddof=1) / len(d) + seeds)


def _seeds_variance(w):
    """Return the variance of the mean that the seeds alone bring, at least 0."""
    rest = w - w.mean(axis=1, keepdims=True) - w.mean(axis=0) + w.mean()
    s, n = w.shape
    together = (rest**2).sum() / ((s - 1) * (n - 1)) / (s * n)
    return max(0.0, w.mean(axis=1).var(ddof=1) / s - together)
