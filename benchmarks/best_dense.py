"""How far does a dense network get with all cures in about five minutes on two cores?

python benchmarks/best_dense.py           trains and prints the validation error of every epoch
python benchmarks/best_dense.py --test    opens the test set at the end: results/best_dense.json

Distorted images, dropout, a learning rate that falls to zero, and the weights of the best epoch on
the validation images. Simard, Steinkraus and Platt (2003) reached 99.3 % with 800 hidden neurons,
elastic distortions and far more time.
"""

import argparse
import time

from mnist_lecture import augmentation, progress, records
from mnist_lecture.data import load_mnist

import keras
import numpy as np
from keras.layers import Dense, Dropout

HIDDEN, DROPOUT, BATCH, EPOCHS, STRENGTH = (512, 512), 0.1, 200, 40, 1.5


def build(steps):
    net = keras.Sequential([keras.Input((784,))])
    for neurons in HIDDEN:
        net.add(Dense(neurons, activation="relu"))
        net.add(Dropout(DROPOUT))
    net.add(Dense(10, activation="softmax"))
    net.compile(
        loss="categorical_crossentropy",
        optimizer=keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(1e-3, steps)),
        metrics=["categorical_accuracy"],
        steps_per_execution=25,
    )
    return net


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--test", action="store_true", help="open the test set at the end")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    mnist = load_mnist(source="mnist", quick=False)
    keras.utils.set_random_seed(asked.seed)
    steps = len(mnist.train) // BATCH
    net = build(steps * EPOCHS)
    amounts = {name: STRENGTH * amount for name, amount in augmentation.USUAL.items()}
    start = time.perf_counter()
    history = net.fit(
        augmentation.stream(mnist.train.inputs, mnist.train.one_hot, BATCH, asked.seed, **amounts),
        steps_per_epoch=steps,
        shuffle=False,
        epochs=EPOCHS,
        validation_data=(mnist.validation.inputs, mnist.validation.one_hot),
        validation_batch_size=5000,
        verbose=0,
        callbacks=[
            progress.epochs(),
            keras.callbacks.EarlyStopping(
                "val_categorical_accuracy", patience=EPOCHS, restore_best_weights=True
            ),
        ],
    ).history
    seconds = time.perf_counter() - start
    errors = 1 - np.array(history["val_categorical_accuracy"])
    print("validation error by epoch:", " ".join(f"{error:.2%}" for error in errors))
    print(f"best: {errors.min():.2%}; {net.count_params():,} weights; fit took {seconds:.0f} s")
    if not asked.test:
        return
    said = net.predict(mnist.test.inputs, batch_size=5000, verbose=0).argmax(axis=1)
    test_error = float(np.mean(said != mnist.test.labels))
    print(f"test error: {test_error:.2%}")
    settings = {
        "network": f"784-{'-'.join(map(str, HIDDEN))}-10, relu, Dropout({DROPOUT}); Adam, cosine "
        f"from 0.001 to 0, batches of {BATCH}, {EPOCHS} epochs, best epoch kept",
        "distortion": amounts,
    }
    results = {
        "seed": asked.seed,
        "seconds": round(seconds),
        "validation_error": round(float(errors.min()), 6),
        "test_error": round(test_error, 6),
    }
    records.save("best_dense", settings, results)


if __name__ == "__main__":
    main()
