"""Distort images of digits, or draw them: our way beside Keras's layers and scipy, in one run.

    python benchmarks/augmentation.py

prints images per second, medians of rounds that alternate, and the ratio to the last of each task.
Keras's layers run in a `tf.data` pipeline, as they would under `fit`, on all cores. The others are
NumPy code, which `fit` calls from one thread while the network learns on the other cores.
"""

import time

from mnist_lecture import augmentation, handwriting

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from scipy.ndimage import gaussian_filter, map_coordinates

BATCH, ROUNDS, SECONDS = 100, 7, 0.7
IMAGES = np.random.default_rng(1).random((BATCH, 28, 28, 1), np.float32)
AFFINE = {**augmentation.USUAL, "elastic": 0}


def ours(amounts):
    return lambda: augmentation.distort(IMAGES, 1, **amounts)


def drawn():
    """Return a function that draws new digits instead of distorting any."""
    stream = handwriting.stream(BATCH)
    return lambda: next(stream)


def with_scipy(elastic):
    """Return a function that distorts image by image, as Simard et al. describe it."""
    rng = np.random.default_rng(1)
    pixels = np.mgrid[:28, :28].reshape(2, 784) - 13.5

    def one(image):
        angle, shear, sy, sx = rng.uniform(-0.17, 0.17, 4)
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        forwards = turn @ [[1, 0], [-shear, 1]] @ np.diag(np.exp([sy, sx]))
        places = np.linalg.inv(forwards) @ (pixels - rng.uniform(-1.5, 1.5, (2, 1))) + 13.5
        if elastic:
            noise = rng.uniform(-1, 1, (2, 28, 28))
            places += 34 * gaussian_filter(noise, (0, 4, 4)).reshape(2, 784)
        return map_coordinates(image[..., 0], places, order=1)

    return lambda: [one(image) for image in IMAGES]


def with_keras(*pieces):
    """Return a function that takes a batch from a pipeline which applies the layers to each."""

    def apply(images):
        for piece in pieces:
            images = piece(images, training=True)
        return images

    batches = tf.data.Dataset.from_tensors(IMAGES).repeat()
    batches = batches.map(apply, num_parallel_calls=tf.data.AUTOTUNE).prefetch(tf.data.AUTOTUNE)
    iterator = iter(batches)
    return lambda: next(iterator)


def per_second(function):
    """Return how many images per second `function` makes, BATCH with each call."""
    calls, start = 0, time.perf_counter()
    while (spent := time.perf_counter() - start) < SECONDS:
        function()
        calls += 1
    return calls * BATCH / spent


def main():
    tf.get_logger().setLevel("ERROR")
    keras.utils.set_random_seed(1)
    contestants = {
        "shift, rotate, scale, shear": {
            "ours, one thread": ours(AFFINE),
            "scipy, one thread": with_scipy(elastic=False),
            "four Keras layers, all cores": with_keras(
                layers.RandomTranslation(0.05, 0.05, "constant", fill_value=0),
                layers.RandomRotation(0.03, "constant", fill_value=0),
                layers.RandomZoom(0.12, 0.12, "constant", fill_value=0),
                layers.RandomShear(0.17, fill_mode="constant", fill_value=0),
            ),
        },
        "the same, and elastic": {
            "the pen's new digits instead": drawn(),
            "ours, one thread": ours(augmentation.USUAL),
            "scipy, one thread": with_scipy(elastic=True),
        },
        "elastic": {
            "ours, one thread": ours({"elastic": 1}),
            "a Keras layer, all cores": with_keras(
                layers.RandomElasticTransform(1.0, scale=1.0, fill_mode="constant", fill_value=0)
            ),
        },
    }
    speeds = {}
    for _ in range(ROUNDS):
        for task, functions in contestants.items():
            for name, function in functions.items():
                speeds.setdefault((task, name), []).append(per_second(function))
    print("| images | made by | images per second | ratio |\n|---|---|---|---|")
    for task, functions in contestants.items():
        medians = {name: np.median(speeds[task, name]) for name in functions}
        for name, median in medians.items():
            ratio = median / [*medians.values()][-1]
            print(f"| {task} | {name} | {median:,.0f} | {ratio:.1f} |")


if __name__ == "__main__":
    main()
