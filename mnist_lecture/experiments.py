"""The trainings of the series by name, repeated over seeds and recorded in results/.

A finished network reads the images for validation, for the test and in reserve, once. What it says
about the last two decides nothing: every choice in a recipe was made on the validation images.
"""

import contextlib
import dataclasses
import math
import statistics
import time
from collections.abc import Callable
from functools import partial

from mnist_lecture import augmentation, batches, handwriting, models, progress, records
from mnist_lecture.data import load_mnist

import joblib
import keras
import numpy as np
import tensorflow as tf
from keras.layers import Dropout, GaussianDropout
from keras.optimizers import SGD, Adam, AdamW
from keras.optimizers.schedules import CosineDecay

# What tells layers and optimizers apart, as far as the recipes differ.
TELLING = ("units", "filters", "kernel_size", "strides", "pool_size", "padding", "rate")
TELLING += ("activation", "use_bias", "learning_rate", "initial_learning_rate", "decay_steps")
TELLING += ("momentum", "weight_decay")


@dataclasses.dataclass(frozen=True)
class Recipe:
    """All that a training needs besides the data and a seed.

    `net` builds the uncompiled network; `optimizer` is called with the number of updates that will
    be made. An epoch is `steps` updates with batches of `batch_size` images, distorted by the
    amounts in `distortion` (as for `augmentation.stream`). Only the first `images` of the training
    images are used; or none, but generated digits, never the same twice, if `generated`. With
    `keep_best` the network gets back the weights that were best on the validation images.
    """

    about: str
    net: Callable[[], keras.Model]
    optimizer: Callable[[int], keras.optimizers.Optimizer]
    epochs: int = 15
    steps: int = 450
    batch_size: int = 100
    distortion: dict = dataclasses.field(default_factory=dict)
    images: int = 45_000
    generated: bool = False
    keep_best: bool = False

    @property
    def updates(self):
        """The number of updates in a whole training."""
        return self.epochs * self.steps

    def settings(self):
        """Return what defines the training, as JSON holds it, as far as the recipes differ."""
        values = {name: value for name, value in vars(self).items() if name != "about"}
        net = self.net()
        values["net"] = [_described(keras.layers.serialize(layer)) for layer in net.layers]
        values["weights"] = net.count_params()
        values["optimizer"] = _described(keras.optimizers.serialize(self.optimizer(self.updates)))
        return values


def _described(part):
    """Return a serialised layer or optimizer in a line; a schedule in it, likewise."""
    words = []
    for name in TELLING:
        value = part["config"].get(name)
        value = _described(value) if isinstance(value, dict) else value
        if value not in (None, "linear", "valid"):
            words.append(f"{name}={round(value, 9) if isinstance(value, float) else value}")
    return f"{part['class_name']}({', '.join(words)})"


def _lecture(about, noise=None, **settings):
    """Return a recipe for the slides' larger network, as in notebooks 05 to 08."""
    net = partial(models.dense_softmax, (100, 50), noise=noise)
    return Recipe(about, net, lambda updates: SGD(0.2), **settings)


def _convnet(about, **settings):
    """Return a recipe for notebook 10's small convolutional network."""
    return Recipe(about, models.small_convnet, _adamw, **settings)


def _adamw(updates):
    return AdamW(CosineDecay(3e-3, updates), weight_decay=0.1)


def _strong(factor):
    return {name: round(factor * amount, 9) for name, amount in augmentation.USUAL.items()}


RECIPES = {
    "slide": Recipe(
        "30 hidden neurons, as on the slides",
        models.dense_softmax,
        lambda updates: SGD(1.0),
        epochs=30,
    ),
    "larger": _lecture("100 and 50 hidden neurons"),
    "early_stopping": _lecture("100 and 50, early stopping", keep_best=True),
    "gaussian_dropout": _lecture("100 and 50, GaussianDropout(0.1)", lambda: GaussianDropout(0.1)),
    "dropout": _lecture("100 and 50, Dropout(0.3)", lambda: Dropout(0.3)),
    "augmentation": _lecture("100 and 50, distorted images", distortion=augmentation.USUAL),
    "all_cures": _lecture(
        "100 and 50, all three: GaussianDropout(0.1), distorted images, early stopping",
        lambda: GaussianDropout(0.1),
        distortion=augmentation.USUAL,
        keep_best=True,
    ),
    "best_dense": Recipe(
        "512 and 512, all cures, learning rate falling to zero",
        partial(models.dense_softmax, (512, 512), noise=lambda: Dropout(0.1)),
        lambda updates: Adam(CosineDecay(1e-3, updates)),
        epochs=40,
        steps=225,
        batch_size=200,
        distortion=_strong(1.5),
        keep_best=True,
    ),
    "slide_convolution": Recipe(
        "the slide's convolution, pooling, softmax",
        models.conv_softmax,
        lambda updates: Adam(),
        epochs=3,
    ),
    "small_convnet": _convnet(
        "four small convolutions, all cures", epochs=16, distortion=_strong(1.3)
    ),
    "generated": _convnet(
        "four small convolutions, generated digits only", epochs=4, generated=True
    ),
}

# How the error falls with the number of training images: undistorted, and for each of the two
# networks always as many updates.
SIZES = (500, 2_250, 10_000, 45_000)
for _size in SIZES:
    RECIPES[f"dense_{_size}"] = _lecture(f"100-50, {_size:,} images", epochs=10, images=_size)
    RECIPES[f"convnet_{_size}"] = _convnet(
        f"small convnet, {_size:,} images", epochs=10, steps=100, images=_size
    )


# ------------------------------------------------------------------------------------ one training
def train(recipe, mnist, seed, callbacks=()):
    """Return a network trained by `recipe` on the training images of `mnist`, and its errors.

    The errors are a dict of lists with a value per epoch: `training`, the mean over the epoch
    while the network changed, and `validation`, at its end. `callbacks` are passed on to `fit`.
    """
    keras.utils.set_random_seed(seed)
    net = recipe.net()
    net.compile(
        loss="categorical_crossentropy",
        optimizer=recipe.optimizer(recipe.updates),
        metrics=["categorical_accuracy"],
        steps_per_execution=math.gcd(recipe.steps, 25),  # Keras would not stop in between
    )
    best = _BestWeights()
    history = net.fit(
        _batches(recipe, mnist.train, net.input_shape, seed),
        steps_per_epoch=recipe.steps,
        shuffle=False,
        epochs=recipe.epochs,
        validation_data=(_seen_by(net, mnist.validation), mnist.validation.one_hot),
        validation_batch_size=500,
        verbose=0,
        callbacks=[*([best] if recipe.keep_best else []), *callbacks],
    ).history
    if recipe.keep_best:
        net.set_weights(best.weights)
    names = {"training": "categorical_accuracy", "validation": "val_categorical_accuracy"}
    return net, {name: [round(1 - x, 5) for x in history[key]] for name, key in names.items()}


class _BestWeights(keras.callbacks.Callback):
    """Remember the best weights while training goes on: so all recipes make the same updates."""

    def on_train_begin(self, logs=None):
        self.best = -1

    def on_epoch_end(self, epoch, logs):
        if logs["val_categorical_accuracy"] > self.best:
            self.best, self.weights = logs["val_categorical_accuracy"], self.model.get_weights()


def _batches(recipe, digits, shape, seed):
    """Return the recipe's endless batches, of images of `shape`, as a data set for `fit`."""

    def stream():
        if recipe.generated:
            made = handwriting.stream(recipe.batch_size, seed)
            return ((images.reshape(-1, *shape[1:]), targets) for images, targets in made)
        images = digits.images[: recipe.images].reshape(-1, *shape[1:])
        targets = digits.one_hot[: recipe.images]
        return augmentation.stream(images, targets, recipe.batch_size, seed, **recipe.distortion)

    return batches.made_by(stream, (recipe.batch_size, *shape[1:]), (recipe.batch_size, 10))


def _seen_by(net, digits):
    return digits.images.reshape(-1, *net.input_shape[1:])


def run(recipe, mnist, seed, callbacks=()):
    """Train by `recipe` on `mnist` from `seed`; return what a record says of it, a dict."""
    tf.get_logger().setLevel("ERROR")  # it warns that every new network is compiled anew
    start = time.perf_counter()
    net, errors = train(recipe, mnist, seed, callbacks)
    seconds = time.perf_counter() - start
    return {
        "seed": seed,
        "seconds": round(seconds),
        "versions": records.versions(),
        "errors": errors,
        "wrong": {part: _wrong(net, getattr(mnist, part)) for part in records.IMAGES},
    }


def _wrong(net, digits):
    """Return the indices of the images that the network reads wrongly."""
    said = net.predict(_seen_by(net, digits), batch_size=500, verbose=0).argmax(axis=1)
    return np.flatnonzero(said != digits.labels).tolist()


# ------------------------------------------------------------------------------------ many of them
def record(names=(), seeds=5, *, jobs=1, cluster=None, again=False, folder=records.RESULTS):
    """Train the recipes `names`, or all, from seeds 1 to `seeds`, and record them in `folder`.

    Each run is written as soon as it ends, and what a record holds already is not repeated: stopped
    or killed, the command goes on where it was, and several may add to one record. `jobs` trainings
    run at once on this machine or, if `cluster` is the address of a Dask scheduler, as many as that
    cluster has workers. `again` forgets what is recorded, all seeds of it.

    Raises `records.RecordError` for a name that no recipe has, for a record that was made by other
    settings or data than today's, unless `again`, and for a cluster that cannot be used; and
    `DataError` if MNIST cannot be had.
    """
    if unknown := [name for name in names if name not in RECIPES]:
        raise records.RecordError(
            f"There is no recipe {', '.join(unknown)}; there are {', '.join(RECIPES)}."
        )
    made = {name: _begun(name, again, folder) for name in names or RECIPES}
    for name, begun in made.items():
        if begun["runs"]:
            records.save(name, begun, folder)  # it may be told in other words today
    missing = [
        (name, seed)
        for name, begun in made.items()
        for seed in range(1, seeds + 1)
        if seed not in [run["seed"] for run in begun["runs"]]
    ]
    if not missing:
        return
    seconds = {name: _typical_seconds(name) for name in made}
    total = sum(seconds[name] for name, _ in missing)
    print(f"{len(missing)} trainings, some {total / 60 / jobs:.0f} minutes on two cores")
    alone = jobs == 1 and cluster is None
    if cluster is None:
        load_mnist(source="mnist", quick=False)  # once, before anything else takes time
    look = "{desc} {percentage:3.0f} % |{bar:20}| about {remaining} left"
    with _where(cluster), progress.bar(total=total, bar_format=look) as bar:

        def task(name, seed):
            each = seconds[name] / RECIPES[name].epochs
            moves = keras.callbacks.LambdaCallback(on_epoch_end=lambda *_: bar.update(each))
            return joblib.delayed(_task)(name, seed, [moves] if alone else [])

        tasks = (task(name, seed) for name, seed in missing)
        for name, result in joblib.Parallel(jobs, return_as="generator_unordered")(tasks):
            begun = made[name] if again else _begun(name, False, folder)  # others may add to it
            runs = {run["seed"]: run for run in [*begun["runs"], result]}
            begun["runs"] = [runs[seed] for seed in sorted(runs)]
            records.save(name, begun, folder)
            bar.write(_in_a_line(name, result))
            if not alone:
                bar.update(seconds[name])


def _begun(name, again, folder):
    """Return the record of `name` so far, or a new one without runs."""
    recipe = RECIPES[name]
    new = {"about": recipe.about, "settings": recipe.settings(), "data": records.DATA, "runs": []}
    try:
        found = None if again else records.load(name, folder)
    except records.RecordError:
        found = None
    if found is None:
        return new
    if (found["settings"], found["data"]) != (new["settings"], new["data"]):
        raise records.RecordError(
            f"The record of {name} was made with other settings or data than today's. To make it "
            f"anew: `mnist-lecture experiments {name} --again`."
        )
    return found | {"about": recipe.about}


def _task(name, seed, callbacks):
    """Return `name` and its run from `seed`; this is what other processes are sent."""
    mnist = load_mnist(source="mnist", quick=False)
    return name, run(RECIPES[name], mnist, seed, callbacks)


@contextlib.contextmanager
def _where(cluster):
    """Let joblib run as it likes best or, meanwhile, on the Dask cluster with this address."""
    if cluster is None:
        yield
        return
    try:
        from distributed import Client  # here: few need it, and it is an extra of the package

        client = Client(cluster)
    except ImportError as error:
        raise records.RecordError('--cluster needs Dask: pip install -e ".[cluster]"') from error
    except (OSError, ValueError) as error:
        raise records.RecordError(f"There is no Dask scheduler at {cluster}: {error}") from error
    with client, joblib.parallel_config(backend="dask"):
        if max(client.nthreads().values(), default=1) > 1:
            raise records.RecordError(
                "Trainings in one process would share their random numbers: give each worker of "
                "the cluster one thread (`dask worker ADDRESS --nthreads 1`)."
            )
        yield


def _typical_seconds(name):
    """Return what the training took when it was recorded for the series, or a minute."""
    try:
        return statistics.median(run["seconds"] for run in records.load(name)["runs"])
    except records.RecordError:
        return 60


def _in_a_line(name, result):
    errors = (
        f"{part} {len(wrong) / records.IMAGES[part]:.2%}" for part, wrong in result["wrong"].items()
    )
    return f"{name}, seed {result['seed']}: errors in {', '.join(errors)} ({result['seconds']} s)"
