"""Batches for `fit`: every image in its turn, the same for the same seed."""

import itertools
import weakref
from itertools import islice

from mnist_lecture import batches, models

import keras
import numpy as np
import pytest

INPUTS = np.arange(25, dtype=np.float32)[:, np.newaxis]
TARGETS = 10 * INPUTS


def some(n, **settings):
    made = batches.shuffled(INPUTS, TARGETS, **settings)["x"].as_numpy_iterator()
    return [(x[:, 0], y[:, 0]) for x, y in islice(made, n)]


def test_every_image_comes_once_before_any_comes_again():
    dealt = some(4, batch_size=10, seed=3)
    for first in (0, 2):  # two batches of ten; five images wait for another order
        seen = np.concatenate([x for x, _ in dealt[first : first + 2]])
        assert len(np.unique(seen)) == 20
    assert all(np.array_equal(y, 10 * x) for x, y in dealt)
    assert not np.array_equal(dealt[0][0], dealt[2][0])
    assert not np.array_equal(dealt[0][0], np.arange(10))


def test_the_seed_decides():
    assert np.array_equal(some(5, batch_size=8, seed=1), some(5, batch_size=8, seed=1))
    assert not np.array_equal(some(1, batch_size=8, seed=1), some(1, batch_size=8, seed=2))


@pytest.mark.parametrize("size", [0, -1, 26])
def test_a_batch_that_cannot_be_filled_is_refused(size):
    with pytest.raises(ValueError, match=f"25 images cannot be split into batches of {size}"):
        batches.shuffled(INPUTS, TARGETS, size)


def test_images_without_targets_are_refused():
    with pytest.raises(ValueError, match="there are 25 images, but 24 targets"):
        batches.shuffled(INPUTS, TARGETS[1:], 10)


def test_more_batches_than_are_handed_over_at_once():
    inputs = np.arange(2.0 * batches.TOGETHER + 1)
    made = batches.shuffled(inputs, -inputs, batch_size=1, seed=1)["x"].as_numpy_iterator()
    dealt = np.array([(x, y) for x, y in islice(made, len(inputs))])
    assert sorted(dealt[:, 0, 0]) == list(inputs)
    assert np.array_equal(dealt[:, 1], -dealt[:, 0])


def test_gray_values_become_the_same_floats_batch_by_batch():
    gray = np.arange(0, 250, 10, dtype=np.uint8)[:, np.newaxis]
    floats = gray / np.float32(255)
    of_gray, of_floats = (
        batches.shuffled(inputs, TARGETS, batch_size=10)["x"].as_numpy_iterator()
        for inputs in (gray, floats)
    )
    for one, other in islice(zip(of_gray, of_floats, strict=True), 4):
        assert one[0].dtype == np.float32
        assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_a_stream_loses_no_batch():
    numbers = (np.full((2, 3), k, np.float32) for k in itertools.count())
    made = batches.from_stream(((x, -x) for x in numbers), steps=7)
    assert [x[0, 0] for x, _ in islice(made["x"].as_numpy_iterator(), 5)] == [0, 1, 2, 3, 4]
    assert made["steps_per_epoch"] == 7


def test_fit_takes_both_kinds_and_counts_the_steps():
    def stream():
        while True:
            yield np.ones((4, 784), np.float32), np.eye(10, dtype=np.float32)[:4]

    inputs, targets = np.zeros((12, 784), np.float32), np.eye(10, dtype=np.float32)[[1] * 12]
    net = models.dense_softmax((3,))
    net.compile(loss="categorical_crossentropy", optimizer=keras.optimizers.SGD(0.1))
    for feed, steps in (
        (batches.shuffled(inputs, targets, 4), 3),
        (batches.shuffled(inputs, targets, 4, steps=5), 5),
        (batches.from_stream(stream(), 4), 4),
    ):
        before = int(net.optimizer.iterations.numpy())
        net.fit(**feed, epochs=2, verbose=0, validation_data=(inputs, targets))
        assert int(net.optimizer.iterations.numpy()) == before + 2 * steps


def test_the_images_are_given_back_when_the_training_is_over():
    images = np.random.default_rng(1).random((50, 784), np.float32)
    used = weakref.ref(images)
    net = models.dense_softmax()
    net.compile(loss="categorical_crossentropy", optimizer="sgd")
    net.fit(**batches.shuffled(images, np.eye(10)[np.arange(50) % 10], 10), epochs=2, verbose=0)
    del images, net
    batches.shuffled(INPUTS, TARGETS, 10)  # the next training makes room
    assert used() is None
