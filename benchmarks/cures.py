"""Compare the cures of overfitting on the lecture's 100-50 network: same seeds, same updates.

python benchmarks/cures.py                prints a table and writes results/cures.json

Every network is trained for 15 epochs of 450 batches of 100. "Early stopping" is the plain
training once more, with the weights of its best epoch on the validation images. The test set is
opened once for each finished network; nothing was chosen by it.
"""

from mnist_lecture import augmentation, progress, records
from mnist_lecture.data import load_mnist

import keras
import numpy as np
import tensorflow as tf
from keras.layers import Dense, Dropout, GaussianDropout

SEEDS = (1, 2, 3, 4, 5)
EPOCHS, BATCH = 15, 100
CURES = {
    "none": {},
    "early stopping": {"best_epoch": True},  # the weights of the best epoch of all
    "GaussianDropout(0.1)": {"noise": lambda: GaussianDropout(0.1)},
    "Dropout(0.3)": {"noise": lambda: Dropout(0.3)},
    "distorted images": {"distorted": True},
    "all three": {"noise": lambda: GaussianDropout(0.1), "distorted": True, "best_epoch": True},
}


def lecture_net(noise):
    net = keras.Sequential([keras.Input((784,))])
    for neurons in (100, 50):
        net.add(Dense(neurons, activation="relu"))
        if noise:
            net.add(noise())
    net.add(Dense(10, activation="softmax"))
    return net


class BestWeights(keras.callbacks.Callback):
    """Keep the weights of the best epoch, though training goes on: all make the same updates."""

    def on_train_begin(self, logs=None):
        self.best = -1

    def on_epoch_end(self, epoch, logs):
        if logs["val_categorical_accuracy"] > self.best:
            self.best, self.weights = logs["val_categorical_accuracy"], self.model.get_weights()


def error(net, digits):
    said = net.predict(digits.inputs, batch_size=5000, verbose=0).argmax(axis=1)
    return round(float(np.mean(said != digits.labels)), 6)


def run(mnist, seed, noise=None, distorted=False, best_epoch=False):
    """Return the errors that one training reached on the three sets, as fractions."""
    keras.utils.set_random_seed(seed)
    net = lecture_net(noise)
    net.compile(
        loss="categorical_crossentropy",
        optimizer=keras.optimizers.SGD(learning_rate=0.2),
        metrics=["categorical_accuracy"],
        steps_per_execution=50,
    )
    best = BestWeights()
    amounts = augmentation.USUAL if distorted else {}
    net.fit(
        augmentation.stream(mnist.train.inputs, mnist.train.one_hot, BATCH, seed, **amounts),
        steps_per_epoch=len(mnist.train) // BATCH,
        shuffle=False,
        epochs=EPOCHS,
        validation_data=(mnist.validation.inputs, mnist.validation.one_hot),
        validation_batch_size=5000,
        verbose=0,
        callbacks=[best],
    )
    if best_epoch:
        net.set_weights(best.weights)
    return {
        "seed": seed,
        "training_error": error(net, mnist.train),
        "validation_error": error(net, mnist.validation),
        "test_error": error(net, mnist.test),
    }


def main():
    tf.get_logger().setLevel("ERROR")  # it warns that every new network is compiled anew
    mnist = load_mnist(source="mnist", quick=False)
    runs = {}
    with progress.bar(total=len(CURES) * len(SEEDS), unit="run") as bar:
        for name, cure in CURES.items():
            for seed in SEEDS:
                runs.setdefault(name, []).append(run(mnist, seed, **cure))
                bar.update()
    print("cure                     training        validation      test, mean ± σ over seeds")
    for name, results in runs.items():
        line = f"{name:<22}"
        for kind in ("training", "validation", "test"):
            errors = [result[f"{kind}_error"] for result in results]
            line += f"{np.mean(errors):>8.2%} ± {np.std(errors, ddof=1):.2%}"
        print(line)
    settings = {
        "network": "784-100-50-10, relu; SGD(learning_rate=0.2), batches of 100, 15 epochs",
        "distortion": augmentation.USUAL,
    }
    records.save("cures", settings, {"runs": runs})


if __name__ == "__main__":
    main()
