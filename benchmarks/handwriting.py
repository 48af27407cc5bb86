"""How fast and how hard are the generated digits? A table beside the real MNIST.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python benchmarks/handwriting.py

The lecture's dense network (784-30-10, SGD with learning rate 1, batches of 100, 30 epochs) and a
small convnet are trained on sets of the same sizes: 45,000 training, 5,000 validation and 10,000
test images. `--setting` chooses what to measure, `--seeds` how often.
"""

import argparse
import time

from mnist_lecture import handwriting
from mnist_lecture.data import load_mnist

import keras
import numpy as np
from keras import layers

SIZES = {"train": 45_000, "validation": 5_000, "test": 10_000}


def speed(images=10_000, repeats=9):
    """Return the median of generated images per second."""
    handwriting.generate(handwriting.CHUNK)  # builds the library of skeletons
    times = []
    for repeat in range(repeats):
        begun = time.perf_counter()
        handwriting.generate(images, seed=repeat)
        times.append(time.perf_counter() - begun)
    return images / np.median(times)


def generated(setting, seed=0):
    """Return {part: (images, labels)} of generated digits, consecutive parts of one stream."""
    parts, start = {}, 0
    for part, size in SIZES.items():
        parts[part] = handwriting.generate(size, seed, setting, start=start)
        start += size
    return parts


def real():
    """Return {part: (images, labels)} of the real MNIST."""
    mnist = load_mnist(source="mnist", quick=False)
    return {part: (getattr(mnist, part).images, getattr(mnist, part).labels) for part in SIZES}


def dense():
    """Return the lecture's first network, compiled as on its slide, and its epochs."""
    net = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Flatten(),
            layers.Dense(30, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    return net, keras.optimizers.SGD(learning_rate=1.0), 30


def convolutional():
    """Return a small convnet, its optimizer and epochs."""
    net = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(16, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ]
    )
    return net, keras.optimizers.Adam(), 4


def errors(recipe, parts, seed):
    """Train and return the errors in percent on the three parts."""
    keras.utils.set_random_seed(seed)
    net, optimizer, epochs = recipe()
    net.compile(
        loss="sparse_categorical_crossentropy",
        optimizer=optimizer,
        metrics=["accuracy"],
        steps_per_execution=50,
    )
    net.fit(*parts["train"], batch_size=100, epochs=epochs, verbose=0)
    return [100 * (1 - net.evaluate(*parts[part], batch_size=1000, verbose=0)[1]) for part in SIZES]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--setting", action="append", choices=handwriting.SETTINGS)
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    print(f"{speed():,.0f} images/s (median of 9)")
    sets = {"MNIST": real()}
    for setting in options.setting or ["classroom"]:
        sets[setting] = generated(setting)
    print("                  dense network: error in %     gap in points     convnet error in %")
    print("                 train  validation   test    (valid. - train)           test")
    for name, parts in sets.items():
        runs = [errors(dense, parts, seed) for seed in range(options.seeds)]
        train, validation, test = np.mean(runs, axis=0)
        convnet = errors(convolutional, parts, 0)[2]
        print(
            f"{name:14s}{train:8.2f}{validation:10.2f}{test:9.2f}"
            f"{validation - train:15.2f}{convnet:20.2f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
