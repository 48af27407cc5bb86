"""Train by the recipes of the series, repeated over seeds, and record it in results/.

A finished network reads the validation, the test and the reserve images, each once. Its errors on
the last two decide nothing: every choice in a recipe was made on the validation images (for
`wide_convnet`, which in the end trains on all images but the test, on the reserve, too).
"""

import contextlib
import math
import statistics
import time

from mnist_lecture import augmentation, batches, handwriting, progress, results
from mnist_lecture.data import Digits, load_mnist
from mnist_lecture.workshop import cluster as clusters
from mnist_lecture.workshop import records
from mnist_lecture.workshop.recipes import RECIPES

import joblib
import keras
import numpy as np
import tensorflow as tf


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
    where = clusters.use(cluster) if cluster else contextlib.nullcontext()
    with where, progress.bar(total=total, bar_format=look) as bar:

        def task(name, seed):
            each = seconds[name] / RECIPES[name].epochs
            moves = keras.callbacks.LambdaCallback(on_epoch_end=lambda *_: bar.update(each))
            if cluster:
                return joblib.delayed(clusters.apart)(_task, name, seed)
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


def _task(name, seed, callbacks=()):
    """Return `name` and its run from `seed`; this is what other processes execute."""
    mnist = load_mnist(source="mnist", quick=False)
    return name, run(RECIPES[name], mnist, seed, callbacks)


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
