"""How much `steps_per_execution` saves: the fit of notebook 04, with and without it, side by side.

    python benchmarks/fit_speed.py [EPOCHS]        default: 30

The variants take turns, three times over; the table tells the median time of `fit`, the ratio to
Keras's default, and whether the numbers are the same to the last bit.
"""

import statistics
import sys
import time

from mnist_lecture import models
from mnist_lecture.data import load_mnist

import keras

VARIANTS = {"default": {}} | {f"{n} steps": {"steps_per_execution": n} for n in (50, 450)}
ROUNDS = 3


def fit(mnist, epochs, settings):
    """Return the seconds that `fit` took, and its history."""
    keras.utils.set_random_seed(1)
    net = models.dense_softmax(hidden=(30,))
    net.compile(
        loss="categorical_crossentropy",
        optimizer=keras.optimizers.SGD(learning_rate=1.0),
        metrics=["categorical_accuracy"],
        **settings,
    )
    start = time.perf_counter()
    history = net.fit(
        mnist.train.inputs,
        mnist.train.one_hot,
        batch_size=100,
        epochs=epochs,
        validation_data=(mnist.validation.inputs, mnist.validation.one_hot),
        verbose=0,
    )
    return time.perf_counter() - start, history.history


def main():
    epochs = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    mnist = load_mnist(quick=False)
    seconds = {name: [] for name in VARIANTS}
    histories = {}
    for _ in range(ROUNDS):
        for name, settings in VARIANTS.items():
            taken, histories[name] = fit(mnist, epochs, settings)
            seconds[name].append(taken)
    default = statistics.median(seconds["default"])
    print(f"{epochs} epochs       median   faster by   same numbers")
    for name, taken in seconds.items():
        median = statistics.median(taken)
        same = histories[name] == histories["default"]
        print(f"{name:<12} {median:>8.1f} s   {default / median:>8.2f}x   {same}")


if __name__ == "__main__":
    main()
