"""Feed `fit` without delay: batches, and the settings that go with them, as keywords.

    net.fit(**batches.shuffled(inputs, targets, 100, seed), epochs=30)

Keras can make batches by itself. But then TensorFlow tunes, all the while, how many threads prepare
how many of them ahead, and for networks as small as the lecture's this takes nearly as long as the
training (`benchmarks/fit_speed.py`). The functions here return what `fit` needs instead: `x`,
batches without end, not tuned; `steps_per_epoch`, because they have no end; `shuffle=False`, as
they are shuffled already; and `validation_batch_size`, which only matters for the time.
"""

import gc
import itertools
import weakref

from mnist_lecture import data

import numpy as np
import tensorflow as tf

AHEAD = 8  # batches that are ready before they are asked for
VALIDATION = 250  # images in a batch
HANDED_OVER = 10  # batches that Python passes on at once; more take memory, fewer take time

TOGETHER = 50
"""Updates for which Python calls TensorFlow once, since each call takes a moment: some notebooks
compile with `steps_per_execution=batches.TOGETHER`, others with a third of an epoch. The numbers
stay the same if it divides the batches of an epoch: otherwise Keras makes more updates in each
epoch than were asked for."""


def shuffled(inputs, targets, batch_size=100, seed=0, steps=None):
    """Return keywords for `fit`: batches of `inputs` (N, …) and `targets` (N, …), in random order.

    Gray values, uint8, become floats in [0, 1] batch by batch: they take a quarter of the memory.

    Each image comes once, then all again in another order; what does not fill a batch is left out
    of it. The same `seed`, a whole number, gives the same batches. An epoch is `steps` batches, by
    default N // batch_size. Raises `ValueError` for too few images or another number of targets.
    """
    n = len(inputs)
    if not 0 < batch_size <= n:
        raise ValueError(f"{n} images cannot be split into batches of {batch_size}")
    if len(targets) != n:
        raise ValueError(f"there are {n} images, but {len(targets)} targets")

    def several_at_once():
        for epoch in itertools.count():
            order = tf.random.experimental.stateless_shuffle(tf.range(n), [seed, epoch]).numpy()
            order = order[: n - n % batch_size].reshape(-1, batch_size)
            for start in range(0, len(order), HANDED_OVER):
                chosen = order[start : start + HANDED_OVER]
                yield data.floats(inputs[chosen]), targets[chosen]

    shapes = ((None, batch_size, *array.shape[1:]) for array in (inputs, targets))
    few = data.floats(inputs[:1]), targets[:1]
    several = _data_set(several_at_once, shapes, few)
    return _keywords(several.prefetch(1).unbatch(), steps or n // batch_size)


def from_stream(stream, steps):
    """Return keywords for `fit`: the batches of an endless `stream`, made while the network learns.

    `stream` yields pairs of arrays, always of the same shapes; an epoch is `steps` of them.
    """
    first = next(stream)
    stream = itertools.chain([first], stream)
    return _keywords(_data_set(lambda: stream, map(np.shape, first), first), steps)


def _data_set(generator, shapes, like):
    gc.collect()  # a training that is over leaves its network and its images in reference cycles
    kinds = (array.dtype for array in like)
    signature = tuple(map(tf.TensorSpec, shapes, kinds))
    # TensorFlow keeps the function that it is given for good. So it is given one that does not hold
    # the images; the data set does, and goes when the training is over.
    known = weakref.ref(generator)
    batches = tf.data.Dataset.from_generator(lambda: known()(), output_signature=signature)
    batches.made_by = generator
    return batches


def _keywords(batches, steps):
    untuned = tf.data.Options()
    untuned.autotune.enabled = False
    return {
        "x": batches.prefetch(AHEAD).with_options(untuned),
        "steps_per_epoch": steps,
        "shuffle": False,
        "validation_batch_size": VALIDATION,
    }
