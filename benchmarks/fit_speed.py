"""How long an epoch of the slides' network takes: by hand, in Keras, in PyTorch and in JAX.

    python benchmarks/fit_speed.py [ROUNDS]        default: 9

784-30-10, relu, softmax, gradient descent, batches of 100 of 45,000 images in random order, the
accuracy computed during training, on the processor. The variants take turns, ten epochs each, every
one in a process of its own with only its own library, since their threads would compete and some of
them clash in one process. The table shows the median and the shortest time of an epoch, and the
ratio of the medians to the unit: NumPy by hand, with one thread or with all of them, whichever is
faster in this run. "Ours" is how notebook 07 trains. PyTorch and JAX are included if they
are installed.
"""

import importlib.util
import multiprocessing
import os
import statistics
import sys
import time
from concurrent.futures import ProcessPoolExecutor

from mnist_lecture.data import load_mnist

import numpy as np

RATE, BATCH, EPOCHS = 0.5, 100, 10


def by_hand(x, y):
    """Return a function that trains for an epoch and returns its accuracy; NumPy alone."""
    rng = np.random.default_rng(1)
    W1 = rng.normal(0, 0.05, (784, 30)).astype(np.float32)
    W2 = rng.normal(0, 0.25, (30, 10)).astype(np.float32)
    b1, b2 = np.zeros(30, np.float32), np.zeros(10, np.float32)
    step = np.float32(RATE / BATCH)

    def epoch():
        nonlocal W1, W2, b1, b2
        right = 0
        order = rng.permutation(len(x))
        for start in range(0, len(x), BATCH):
            batch = order[start : start + BATCH]
            a0, target = x[batch], y[batch]
            a1 = np.maximum(a0 @ W1 + b1, 0)
            z = a1 @ W2 + b2
            e = np.exp(z - z.max(axis=1, keepdims=True))
            out = e / e.sum(axis=1, keepdims=True)
            right += np.sum(out.argmax(axis=1) == target.argmax(axis=1))
            dz = out - target
            dh = dz @ W2.T * (a1 > 0)
            W2 -= step * (a1.T @ dz)
            b2 -= step * dz.sum(axis=0)
            W1 -= step * (a0.T @ dh)
            b1 -= step * dh.sum(axis=0)
        return right / len(x)

    return epoch


def in_keras(x, y, ours=False, **settings):
    from mnist_lecture import batches, models

    import keras

    net = models.dense_softmax(hidden=(30,))
    net.compile(
        loss="categorical_crossentropy",
        optimizer=keras.optimizers.SGD(learning_rate=RATE),
        metrics=[models.categorical_accuracy if ours else "categorical_accuracy"],
        **settings,
    )

    def epochs():
        data = batches.shuffled(x, y, BATCH) if ours else {"x": x, "y": y, "batch_size": BATCH}
        return net.fit(**data, epochs=EPOCHS, verbose=0).history["categorical_accuracy"][-1]

    return epochs


def as_in_the_notebooks(x, y):
    from mnist_lecture import startup

    startup.one_core()
    return in_keras(x, y, ours=True, steps_per_execution=len(x) // 300)


def repeated(epoch):
    """Return a function that calls `epoch` as often as `fit` makes one."""

    def epochs():
        for _ in range(EPOCHS):
            accuracy = epoch()
        return accuracy

    return epochs


def in_torch(x, y):
    import torch

    x, y = torch.from_numpy(x.copy()), torch.from_numpy(y.argmax(axis=1))
    net = torch.nn.Sequential(torch.nn.Linear(784, 30), torch.nn.ReLU(), torch.nn.Linear(30, 10))
    optimizer = torch.optim.SGD(net.parameters(), lr=RATE)

    def epoch():
        right = 0
        for batch in torch.randperm(len(x)).split(BATCH):
            optimizer.zero_grad()
            z = net(x[batch])
            torch.nn.functional.cross_entropy(z, y[batch]).backward()
            optimizer.step()
            right += (z.argmax(dim=1) == y[batch]).sum()
        return float(right) / len(x)

    return epoch


def in_jax(x, y):
    import jax
    from jax import numpy as jnp

    rng = np.random.default_rng(1)
    layers = [rng.normal(0, 0.05, (784, 30)), np.zeros(30), rng.normal(0, 0.25, (30, 10))]
    weights = [jnp.float32(w) for w in (*layers, np.zeros(10))]

    def cost(weights, x, y):
        W1, b1, W2, b2 = weights
        z = jnp.maximum(x @ W1 + b1, 0) @ W2 + b2
        right = jnp.sum(z.argmax(axis=1) == y.argmax(axis=1))
        return -jnp.mean(jnp.sum(y * jax.nn.log_softmax(z), axis=1)), right

    @jax.jit
    def update(weights, x, y):
        (_, right), slope = jax.value_and_grad(cost, has_aux=True)(weights, x, y)
        return [w - RATE * s for w, s in zip(weights, slope, strict=True)], right

    def epoch():
        nonlocal weights
        right = 0
        order = rng.permutation(len(x))
        for start in range(0, len(x), BATCH):
            batch = order[start : start + BATCH]
            weights, more = update(weights, x[batch], y[batch])
            right += more
        return float(right) / len(x)

    return epoch


VARIANTS = {
    "NumPy by hand, one thread": lambda x, y: repeated(by_hand(x, y)),
    "NumPy by hand, all threads": lambda x, y: repeated(by_hand(x, y)),
    "Keras, default": in_keras,
    "Keras, 50 steps per execution": lambda x, y: in_keras(x, y, steps_per_execution=50),
    "ours": as_in_the_notebooks,
    "PyTorch": lambda x, y: repeated(in_torch(x, y)),
    "JAX": lambda x, y: repeated(in_jax(x, y)),
}
NEEDS = {"PyTorch": "torch", "JAX": "jax"}


def prepare(name):
    """Build the variant, in a process of its own, and let it run once: this compiles."""
    global epochs
    train = load_mnist(quick=False).train
    epochs = VARIANTS[name](train.inputs, train.one_hot)
    epochs()


def measure():
    """Return the seconds that an epoch takes and the accuracy that it reaches."""
    start = time.perf_counter()
    accuracy = epochs()
    return (time.perf_counter() - start) / EPOCHS, accuracy


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    spawn = multiprocessing.get_context("spawn")
    there = [name for name in VARIANTS if importlib.util.find_spec(NEEDS.get(name, "numpy"))]
    processes = {name: ProcessPoolExecutor(1, spawn) for name in there}
    for name, process in processes.items():
        # NumPy's library reads this when it is loaded, in the new process.
        threads = 1 if name.endswith("one thread") else os.cpu_count()
        os.environ["OPENBLAS_NUM_THREADS"] = str(threads)
        process.submit(prepare, name).result()
    measured = {name: [] for name in there}
    for _ in range(rounds):
        for name, process in processes.items():
            measured[name].append(process.submit(measure).result())
    seconds = {name: [s for s, _ in runs] for name, runs in measured.items()}
    unit = min(statistics.median(s) for name, s in seconds.items() if name.startswith("NumPy"))
    print("| an epoch of 45,000 images | median, s | shortest, s | ratio | accuracy |")
    print("|---|---|---|---|---|")
    for name, runs in seconds.items():
        median, accuracy = statistics.median(runs), measured[name][-1][1]
        print(f"| {name} | {median:.3f} | {min(runs):.3f} | {median / unit:.2f} | {accuracy:.0%} |")


if __name__ == "__main__":
    main()
