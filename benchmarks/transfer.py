"""From generated digits to real ones: train a small convnet on nothing but the pen's digits.

    python benchmarks/transfer.py                 one quick seed, scored on MNIST's training images
    python benchmarks/transfer.py --record        three seeds, scored once each on the test images

Every batch is fresh: no generated digit is seen twice. No real image is ever trained on. While
the skeletons and the pen were tuned, only the first 10,000 of MNIST's training images were looked
at (the "dev" column); the test images are opened by `--record` alone, once for each seed.
"""

import argparse
import time

from mnist_lecture import handwriting
from mnist_lecture.data import load_mnist

import keras
import numpy as np
from keras import layers

BATCH = 250


def build(widths=(24, 48, 96)):
    """Return an uncompiled convnet of 3 x 3 kernels with batch normalisation."""
    net = keras.Sequential([keras.Input((28, 28, 1))])
    for number, filters in enumerate(widths):
        net.add(layers.Conv2D(filters, 3, use_bias=False))
        if number < 2:
            # Pooling commutes with the rising ReLU and nearly with the normalisation: doing it
            # first leaves both of them a quarter of the work.
            net.add(layers.MaxPooling2D())
        net.add(layers.BatchNormalization(momentum=0.95))
        net.add(layers.ReLU())
    net.add(layers.Flatten())
    net.add(layers.Dropout(0.3))
    net.add(layers.Dense(96, activation="relu"))
    net.add(layers.Dense(10, activation="softmax"))
    return net


def train(seed, samples):
    """Train on `samples` fresh digits: the rate rises over a tenth of the steps, then falls."""
    keras.utils.set_random_seed(seed)
    steps = samples // BATCH
    rate = keras.optimizers.schedules.CosineDecay(
        1e-4, steps - steps // 10, warmup_target=3e-3, warmup_steps=steps // 10
    )
    net = build()
    net.compile(
        loss="categorical_crossentropy",
        optimizer=keras.optimizers.AdamW(rate, weight_decay=1e-3),
        metrics=["categorical_accuracy"],
        jit_compile=False,  # oneDNN's convolutions are faster than XLA's on a CPU
    )
    digits = handwriting.stream(BATCH, seed=seed, setting="transfer")
    net.fit(digits, steps_per_epoch=steps, epochs=1, shuffle=False, verbose=0)
    return net


def accuracy(net, images, labels):
    """Return the fraction of images that the net classifies correctly."""
    return np.mean(net.predict(images, batch_size=1000, verbose=0).argmax(axis=1) == labels)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--record", action="store_true", help="three seeds; open the test set")
    parser.add_argument("--samples", type=int, default=None, help="generated digits per seed")
    options = parser.parse_args()
    samples = options.samples or (240_000 if options.record else 100_000)
    mnist = load_mnist(source="mnist", quick=False)
    print(f"{build().count_params():,} weights, {samples:,} generated digits per seed")
    print("seed   dev %   test %   seconds", flush=True)
    scores = []
    for seed in range(3 if options.record else 1):
        begun = time.perf_counter()
        net = train(seed, samples)
        seconds = time.perf_counter() - begun
        dev = accuracy(net, mnist.train.images[:10_000], mnist.train.labels[:10_000])
        scores.append(accuracy(net, mnist.test.images, mnist.test.labels) if options.record else 0)
        shown = f"{100 * scores[-1]:6.2f}" if options.record else "     -"
        print(f"{seed:4d}  {100 * dev:6.2f}   {shown}   {seconds:7.0f}", flush=True)
    if options.record:
        print(f"test: {100 * np.mean(scores):.2f} +- {100 * np.std(scores, ddof=1):.2f} %")


if __name__ == "__main__":
    main()
