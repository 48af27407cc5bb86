"""The trainings of the series by name, repeated over seeds and recorded in results/.

A finished network reads the validation, the test and the reserve images, each once. Its errors on
the last two decide nothing: every choice in a recipe was made on the validation images.
"""

import contextlib
import dataclasses
import math
import statistics
import time
from collections.abc import Callable
from functools import partial

from mnist_lecture import augmentation, batches, handwriting, models, progress, results
from mnist_lecture.data import Digits, load_mnist
from mnist_lecture.workshop import records

import joblib
import keras
import numpy as np
import tensorflow as tf
from keras.layers import (
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GaussianDropout,
    GlobalMaxPooling2D,
    MaxPooling2D,
)
from keras.optimizers import SGD, Adam, AdamW
from keras.optimizers.schedules import CosineDecay

# The settings of layers and optimizers in which the recipes differ.
DIFFERING = ("units", "filters", "kernel_size", "strides", "pool_size", "padding", "rate")
DIFFERING += ("activation", "use_bias", "learning_rate", "initial_learning_rate", "decay_steps")
DIFFERING += ("momentum", "weight_decay")

NO_SETTING = ("about", "kept")  # of a recipe: it does not change what is learned
RARE = ("smoothing", "all_images", "looks")  # settings that a record names only if they are used


@dataclasses.dataclass(frozen=True)
class Recipe:
    """All that a training needs besides the data and a seed.

    `net` builds the uncompiled network; `optimizer` is called with the total number of updates. An
    epoch is `steps` updates with batches of `batch_size` images, distorted by the amounts in
    `distortion` (as for `augmentation.stream`). Of the training images, `images` are used, drawn
    for each seed; a larger number adds to those of a smaller one. If `generated`, none of them are
    used, but generated digits, never the same twice. With `keep_best` the network finally gets the
    weights that were best on the validation images. `smoothing` is the probability that the targets
    spread over all categories (label smoothing: C. Szegedy et al., 2016). With `all_images` it
    trains on the validation and the reserve images, too, for which only a finished recipe is fit:
    then nothing but the test is left to judge it. With `looks` the record also tells what the
    network gets wrong if it looks nine times (`augmentation.nine_looks`). If it is `kept`, so is
    the network of seed 1, beside the record.
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
    smoothing: float = 0
    all_images: bool = False
    looks: bool = False
    kept: bool = False

    @property
    def updates(self):
        """The number of updates in a whole training."""
        return self.epochs * self.steps

    def settings(self):
        """Return the settings that define the training, as JSON holds them."""
        values = {name: value for name, value in vars(self).items() if name not in NO_SETTING}
        values = {name: value for name, value in values.items() if value or name not in RARE}
        net = self.net()
        values["net"] = [_in_a_line(keras.layers.serialize(layer)) for layer in net.layers]
        values["weights"] = net.count_params()
        values["optimizer"] = _in_a_line(keras.optimizers.serialize(self.optimizer(self.updates)))
        return values


def _in_a_line(part):
    """Return a serialised layer or optimizer as one line, including a schedule in it."""
    words = []
    for name in DIFFERING:
        value = part["config"].get(name)
        value = _in_a_line(value) if isinstance(value, dict) else value
        if value not in (None, "linear", "valid"):
            words.append(f"{name}={round(value, 9) if isinstance(value, float) else value}")
    if part["config"].get("use_ema"):
        words.append(f"averaged={part['config']['ema_momentum']}")
    return f"{part['class_name']}({', '.join(words)})"


def _lecture(about, noise=None, **settings):
    """Return a recipe for the slides' larger network, as in notebooks 05 to 08."""
    net = partial(models.dense_softmax, (100, 50), noise=noise)
    return Recipe(about, net, lambda updates: SGD(0.2), **settings)


def _slides_convolution(anywhere=False):
    """Return the slide's convolutional layer with max pooling and dense softmax, uncompiled.

    If `anywhere`, it keeps the largest value of each whole map, not of 4 x 4 pixels.
    """
    net = keras.Sequential([keras.Input((28, 28, 1))])
    net.add(Conv2D(20, 11, activation="relu", padding="same"))
    if anywhere:
        net.add(GlobalMaxPooling2D())
    else:
        net.add(MaxPooling2D(4))
        net.add(Flatten())
    net.add(Dense(10, activation="softmax"))
    return net


def _two_small_convolutions():
    """Return the first two convolutions of the small convnet, pooling and softmax, uncompiled."""
    net = keras.Sequential([keras.Input((28, 28, 1))])
    net.add(Conv2D(20, 5, strides=2, activation="relu"))
    net.add(Conv2D(32, 3, activation="relu"))
    net.add(MaxPooling2D(2))
    net.add(Flatten())
    net.add(Dense(10, activation="softmax"))
    return net


def _ladder():
    """Yield the rungs from the slide's convolution to the small convnet, one habit at a time.

    Each keeps the habits of those before it, and all make the same number of updates. The dense
    network has as many weights as the slide's convolution, and `anywhere` leads off the ladder: to
    a network that does not care where a digit stands.
    """
    plain = partial(models.small_convnet, normalised=False, dropout=0)
    normal = partial(models.small_convnet, dropout=0)
    distorted = {"distortion": _strong(1.3)}
    as_many = partial(models.dense_softmax, (15,))
    yield "dense", "a dense network with as many weights", as_many, _adam, {}
    yield "slide", "the slide's convolution", _slides_convolution, _adam, {}
    anywhere = partial(_slides_convolution, anywhere=True)
    yield "anywhere", "the largest value of each whole map", anywhere, _adam, {"kept": True}
    yield "kernels", "small kernels, two layers", _two_small_convolutions, _adam, {}
    yield "depth", "four layers", plain, _adam, {}
    yield "normalised", "batch normalisation", normal, _adam, {}
    yield "rate", "a learning rate that falls", normal, _adam_falling, {}
    yield "decay", "weight decay", normal, _adamw, {"kept": True}
    yield "distorted", "distorted images", normal, _adamw, {"kept": True, **distorted}
    yield "dropout", "dropout", models.small_convnet, _adamw, distorted
    yield "averaged", "averaged weights", models.small_convnet, _adamw_averaged, distorted


def _adam(updates):
    return Adam()


def _adam_falling(updates):
    return Adam(CosineDecay(3e-3, updates))


def _adamw_averaged(updates):
    return AdamW(CosineDecay(3e-3, updates), weight_decay=0.1, use_ema=True, ema_momentum=0.998)


def _convnet(about, **settings):
    """Return a recipe for notebook 11's small convolutional network."""
    return Recipe(about, models.small_convnet, _adamw, **settings)


def _adamw(updates):
    return AdamW(CosineDecay(3e-3, updates), weight_decay=0.1)


def _wide(about, **settings):
    """Return a recipe for the best network of the series; all its choices by validation images."""
    return Recipe(
        about,
        partial(models.small_convnet, (16, 32, 64, 128), padding="same"),
        _adamw_averaged,
        epochs=24,
        distortion=_strong(1.5),
        smoothing=0.05,
        looks=True,
        **settings,
    )


def _strong(factor):
    return {name: round(factor * amount, 9) for name, amount in augmentation.USUAL.items()}


RECIPES = {
    "slide": Recipe(
        "30 hidden neurons, as on the slides",
        models.dense_softmax,
        lambda updates: SGD(1.0),
        epochs=30,
        kept=True,
    ),
    "larger": _lecture("100 and 50 hidden neurons"),
    "early_stopping": _lecture("100 and 50, best epoch kept", keep_best=True),
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
        _slides_convolution,
        lambda updates: Adam(),
        epochs=3,
        kept=True,
    ),
    "small_convnet": _convnet(
        "four small convolutions, all cures", epochs=16, distortion=_strong(1.3), kept=True
    ),
    "generated": _convnet(
        "four small convolutions, generated digits only", epochs=4, generated=True
    ),
}

RECIPES["wide_convnet"] = _wide(
    "a wider convnet, trained for longer on all 60,000 images", all_images=True, kept=True
)

for _rung, _about, _net, _optimizer, _more in _ladder():
    RECIPES[f"ladder_{_rung}"] = Recipe(_about, _net, _optimizer, epochs=8, **_more)

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

    The errors are a dict of lists with a value per epoch: `training`, the mean over the epoch,
    during which the network changes, and `validation`, at its end, unless it has trained on these
    images, too. `callbacks` go to `fit`.
    """
    keras.utils.set_random_seed(seed)
    net = recipe.net()
    net.compile(
        loss=keras.losses.CategoricalCrossentropy(label_smoothing=recipe.smoothing),
        optimizer=recipe.optimizer(recipe.updates),
        metrics=["categorical_accuracy"],
        steps_per_execution=math.gcd(recipe.steps, 25),  # must divide the steps of an epoch
    )
    best = _BestWeights()
    history = net.fit(
        **batches.from_stream(
            _training_batches(recipe, _images(recipe, mnist), net.input_shape, seed), recipe.steps
        ),
        epochs=recipe.epochs,
        validation_data=(_seen_by(net, mnist.validation), mnist.validation.one_hot),
        verbose=0,
        callbacks=[*([best] if recipe.keep_best else []), *callbacks],
    ).history
    if recipe.keep_best:
        net.set_weights(best.weights)
    names = {"training": "categorical_accuracy", "validation": "val_categorical_accuracy"}
    if recipe.all_images:
        del names["validation"]
    return net, {name: [round(1 - x, 5) for x in history[key]] for name, key in names.items()}


class _BestWeights(keras.callbacks.Callback):
    """Remember the best weights and train on, so that all recipes make the same updates."""

    def on_train_begin(self, logs=None):
        self.best = -1

    def on_epoch_end(self, epoch, logs):
        if logs["val_categorical_accuracy"] > self.best:
            self.best, self.weights = logs["val_categorical_accuracy"], self.model.get_weights()


def _images(recipe, mnist):
    """Return the digits to train on, as `Digits`."""
    if not recipe.all_images:
        return mnist.train
    parts = mnist.train, mnist.validation, mnist.reserve
    pixels, labels = zip(*((part.pixels, part.labels) for part in parts), strict=True)
    return Digits(np.concatenate(pixels), np.concatenate(labels))


def _training_batches(recipe, digits, shape, seed):
    """Return the endless batches on which the recipe trains; its images have the `shape`."""
    if recipe.generated:
        generated = handwriting.stream(recipe.batch_size, seed)
        return ((images.reshape(-1, *shape[1:]), targets) for images, targets in generated)
    images, targets = digits.images.reshape(-1, *shape[1:]), digits.one_hot
    if recipe.images < len(images):
        drawn = np.random.default_rng(seed).permutation(len(images))[: recipe.images]
        images, targets = images[drawn], targets[drawn]
    return augmentation.stream(images, targets, recipe.batch_size, seed, **recipe.distortion)


def _seen_by(net, digits):
    return digits.images.reshape(-1, *net.input_shape[1:])


def run(recipe, mnist, seed, callbacks=()):
    """Train by `recipe` on `mnist` from `seed`; return the run as a record holds it, a dict.

    Only a kept network is in it as a whole, in bytes, and not yet as a digest.
    """
    tf.get_logger().setLevel("ERROR")  # it warns that each new network is traced again
    start = time.perf_counter()
    net, errors = train(recipe, mnist, seed, callbacks)
    seconds = time.perf_counter() - start
    kept = {"network": records.packed(net)} if recipe.kept and seed == 1 else {}
    judges = ("test",) if recipe.all_images else results.IMAGES
    nine = {part: _wrong(net, getattr(mnist, part), looks=True) for part in judges if recipe.looks}
    looks = {"wrong_in_nine_looks": nine} if nine else {}
    return {
        "seed": seed,
        "seconds": round(seconds),
        "versions": records.versions(),
        "errors": errors,
        "wrong": {part: _wrong(net, getattr(mnist, part)) for part in judges},
        **looks,
        **kept,
    }


def _wrong(net, digits, looks=False):
    """Return the indices of the images that the network gets wrong, in one look or in nine."""
    seen = augmentation.nine_looks(_seen_by(net, digits)) if looks else [_seen_by(net, digits)]
    p = sum(net.predict(images, batch_size=500, verbose=0) for images in seen)
    return np.flatnonzero(p.argmax(axis=1) != digits.labels).tolist()


# ------------------------------------------------------------------------------------ many of them
def record(names=(), seeds=5, *, jobs=1, cluster=None, again=False, folder=results.RESULTS):
    """Train the recipes `names`, or all, from seeds 1 to `seeds`, and record them in `folder`.

    Each run is written as soon as it ends, and what a record holds already is not repeated: after
    an interruption the command continues where it was, and several may add to one record. `jobs`
    trainings run at once on this machine or, if `cluster` is the address of a Dask scheduler, as
    many as that cluster has workers. `again` first discards what is recorded, all seeds of it.

    Raises `results.RecordError` for a name that no recipe has, for a record that was made with
    other settings or data than today's, unless `again`, and for a cluster that cannot be used; and
    `DataError` if there is no MNIST.
    """
    if unknown := [name for name in names if name not in RECIPES]:
        raise results.RecordError(
            f"There is no recipe {', '.join(unknown)}; there are {', '.join(RECIPES)}."
        )
    made = {name: _begun(name, again, folder) for name in names or RECIPES}
    for name, begun in made.items():
        if begun["runs"]:
            records.save(name, begun, folder)  # its description may have changed
    missing = [
        (name, seed)
        for name, begun in made.items()
        for seed in range(1, seeds + 1)
        if seed not in _recorded(name, begun["runs"])
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
            if "network" in result:
                result["network"] = records.keep(name, result["network"], folder)
            runs = {run["seed"]: run for run in [*begun["runs"], result]}
            begun["runs"] = [runs[seed] for seed in sorted(runs)]
            records.save(name, begun, folder)
            bar.write(_summary(name, result))
            if not alone:
                bar.update(seconds[name])


def _recorded(name, runs):
    """Return the seeds of `runs` that need no repetition: the first does if its network is lost."""
    kept = RECIPES[name].kept
    return [run["seed"] for run in runs if run["seed"] > 1 or "network" in run or not kept]


def _begun(name, again, folder):
    """Return the record of `name` so far, or a new one without runs."""
    recipe = RECIPES[name]
    new = {"about": recipe.about, "settings": recipe.settings(), "data": records.DATA, "runs": []}
    try:
        found = None if again else results.load(name, folder)
    except results.RecordError:
        found = None
    if found is None:
        return new
    if (found["settings"], found["data"]) != (new["settings"], new["data"]):
        raise results.RecordError(
            f"The record of {name} was made with other settings or data than today's. To make it "
            f"anew: `mnist-lecture experiments {name} --again`."
        )
    return found | {"about": recipe.about}


def _task(name, seed, callbacks):
    """Return `name` and its run from `seed`; this is what other processes execute."""
    mnist = load_mnist(source="mnist", quick=False)
    return name, run(RECIPES[name], mnist, seed, callbacks)


@contextlib.contextmanager
def _where(cluster):
    """Let joblib use its own processes or, if there is an address, that Dask cluster."""
    if cluster is None:
        yield
        return
    try:
        from distributed import Client  # here: few need it, and it is an extra of the package

        client = Client(cluster)
    except ImportError as error:
        raise results.RecordError('--cluster needs Dask: pip install -e ".[cluster]"') from error
    except (OSError, ValueError) as error:
        raise results.RecordError(f"There is no Dask scheduler at {cluster}: {error}") from error
    with client, joblib.parallel_config(backend="dask"):
        if max(client.nthreads().values(), default=1) > 1:
            raise results.RecordError(
                "Trainings in one process would share their random numbers: give each worker of "
                "the cluster one thread (`dask worker ADDRESS --nthreads 1`)."
            )
        yield


def _typical_seconds(name):
    """Return the time that the training took when it was recorded, in seconds, or a minute."""
    try:
        return statistics.median(run["seconds"] for run in results.load(name)["runs"])
    except results.RecordError:
        return 60


def _summary(name, result):
    errors = (
        f"{part} {len(wrong) / results.IMAGES[part]:.2%}" for part, wrong in result["wrong"].items()
    )
    return f"{name}, seed {result['seed']}: errors in {', '.join(errors)} ({result['seconds']} s)"
