"""Train the network of notebook 04 from five seeds on the real MNIST, and record what it reached.

python benchmarks/first_network.py        prints a table and writes results/first_network.json
"""

import time

from mnist_lecture import models, progress, records
from mnist_lecture.data import load_mnist

import keras
import numpy as np
import tensorflow as tf

SEEDS = (1, 2, 3, 4, 5)
NETWORK = "784-30-10, relu, softmax; SGD(learning_rate=1.0), batches of 100, 30 epochs"


def run(mnist, seed):
    """Return what one training reached: errors as fractions, the time of `fit` in seconds."""
    keras.utils.set_random_seed(seed)
    net = models.dense_softmax(hidden=(30,))
    net.compile(
        loss="categorical_crossentropy",
        optimizer=keras.optimizers.SGD(learning_rate=1.0),
        metrics=["categorical_accuracy"],
        steps_per_execution=50,
    )
    start = time.perf_counter()
    history = net.fit(
        mnist.train.inputs,
        mnist.train.one_hot,
        batch_size=100,
        epochs=30,
        validation_data=(mnist.validation.inputs, mnist.validation.one_hot),
        verbose=0,
        callbacks=[progress.epochs()],
    ).history
    seconds = time.perf_counter() - start
    predicted = net.predict(mnist.test.inputs, batch_size=1000, verbose=0).argmax(axis=1)
    reached = {
        "seed": seed,
        "test_error": float(np.mean(predicted != mnist.test.labels)),
        "validation_error": 1 - history["val_categorical_accuracy"][-1],
        "training_error": 1 - history["categorical_accuracy"][-1],
    }
    return {name: round(value, 6) for name, value in reached.items()}, seconds


def main():
    mnist = load_mnist(quick=False)
    print("seed  test error  validation  training  fit")
    runs = []
    tf.get_logger().setLevel("ERROR")  # it warns that every new network is compiled anew
    for seed in SEEDS:
        reached, seconds = run(mnist, seed)
        runs.append(reached)
        print(
            f"{seed:>4}  {reached['test_error']:>10.2%}  {reached['validation_error']:>10.2%}  "
            f"{reached['training_error']:>8.2%}  {seconds:.1f} s",
            flush=True,
        )
    records.save("first_network", {"network": NETWORK}, {"runs": runs})


if __name__ == "__main__":
    main()
