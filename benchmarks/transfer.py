"""From generated digits to real ones: train a small convnet on nothing but the pen's digits.

    python benchmarks/transfer.py                 one seed, scored on MNIST's training images
    python benchmarks/transfer.py --record        three seeds, scored once each on the test images

Every batch is fresh: no generated digit is seen twice. No real image is ever trained on. The ways
to write, the pen and this network were tuned on the first 30,000 of MNIST's training images (the
"tuned" column); the other 30,000 were not looked at one by one and show how much the tuning has
favoured those ("others"); the test images are opened by `--record` alone, once for each seed. Each
image is read once, and nine times with small changes (`augmentation.nine_looks`), whose answers are
averaged.
"""

import argparse
import time

from mnist_lecture import augmentation, batches, handwriting, models
from mnist_lecture.data import load_mnist

import keras
import numpy as np
from keras import layers

BATCH, TUNED = 250, 30_000


def build(widths=(32, 64, 128)):
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
        optimizer=keras.optimizers.AdamW(rate, weight_decay=1e-3, use_ema=True, ema_momentum=0.998),
        steps_per_execution=20,
        jit_compile=False,  # oneDNN's convolutions are faster than XLA's on a CPU
    )
    digits = handwriting.stream(BATCH, seed=seed, setting="transfer")
    net.fit(**batches.from_stream(digits, steps), epochs=1, verbose=0)
    return net


def errors(net, images, labels):
    """Return the share of images that the net gets wrong in one look, and in nine, in percent."""
    answers = [models.outputs(net, look) for look in augmentation.nine_looks(images)]
    return [100 * np.mean(a.argmax(axis=1) != labels) for a in (answers[0], sum(answers))]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--record", action="store_true", help="three seeds; open the test set")
    parser.add_argument("--samples", type=int, default=720_000, help="generated digits per seed")
    options = parser.parse_args()
    mnist = load_mnist(source="mnist", quick=False)
    parts = mnist.train, mnist.validation, mnist.reserve
    images = np.concatenate([part.images for part in parts])
    labels = np.concatenate([part.labels for part in parts])
    of = {
        "tuned": (images[:TUNED], labels[:TUNED]),
        "others": (images[TUNED:], labels[TUNED:]),
    }
    if options.record:
        of["test"] = mnist.test.images, mnist.test.labels
    print(f"{build().count_params():,} weights, {options.samples:,} generated digits per seed")
    print("errors in %, one look / nine looks")
    print("seed  seconds" + "".join(f"{name:>15}" for name in of), flush=True)
    measured = []
    for seed in range(3 if options.record else 1):
        begun = time.perf_counter()
        net = train(seed, options.samples)
        seconds = time.perf_counter() - begun
        measured.append([errors(net, *part) for part in of.values()])
        shown = "".join(f"{one:>8.2f} / {nine:.2f}" for one, nine in measured[-1])
        print(f"{seed:4d}  {seconds:7.0f}{shown}", flush=True)
    if options.record:
        for look, right in zip(("one", "nine"), 100 - np.array(measured)[:, -1].T, strict=True):
            print(f"test, {look:>4}: {right.mean():.2f} ± {right.std(ddof=1):.2f} % right")


if __name__ == "__main__":
    main()
