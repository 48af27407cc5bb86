"""Endless batches for `fit`, as data sets that cost little besides the training itself.

`fit` makes such a data set on its own, from arrays or from a generator. But it lets TensorFlow
tune, all the while, how many threads prepare how many batches ahead, and for networks as small as
the lecture's this takes nearly as long as the training (`benchmarks/fit_speed.py`).
"""

import itertools

import tensorflow as tf

AHEAD = 8  # batches that are ready before they are asked for
TOGETHER = 50  # batches that Python hands over at once, because each time costs something


def shuffled(inputs, targets, batch_size=100, seed=0):
    """Return batches of the arrays `inputs` (N, …) and `targets` (N, …) without end, for `fit`.

    All images come once, in random order, before any comes again; a rest that fills no batch waits
    for the next order. So an epoch is `steps_per_epoch = N // batch_size`. The same `seed`, a whole
    number, gives the same batches. Use it with `shuffle=False`, since it is shuffled already.

    Raises `ValueError` if the images do not fill a single batch or are not as many as the targets.
    """
    n = len(inputs)
    if not 0 < batch_size <= n:
        raise ValueError(f"{n} images cannot be dealt out in batches of {batch_size}")
    if len(targets) != n:
        raise ValueError(f"{n} images cannot be dealt out with {len(targets)} targets")

    def stream():
        for epoch in itertools.count():
            order = tf.random.experimental.stateless_shuffle(tf.range(n), [seed, epoch]).numpy()
            order = order[: n - n % batch_size].reshape(-1, batch_size)
            for start in range(0, len(order), TOGETHER):
                several = order[start : start + TOGETHER]
                yield inputs[several], targets[several]

    signature = tuple(
        tf.TensorSpec((None, batch_size, *array.shape[1:]), array.dtype)
        for array in (inputs, targets)
    )
    data = tf.data.Dataset.from_generator(stream, output_signature=signature)
    return _untuned(data.prefetch(1).unbatch())


def made_by(stream, *shapes):
    """Return the batches of `stream()`, an endless generator of pairs of arrays, for `fit`.

    `shapes` are those of the two arrays, both of float32. They are made while the network learns.
    """
    signature = tuple(tf.TensorSpec(shape) for shape in shapes)
    return _untuned(tf.data.Dataset.from_generator(stream, output_signature=signature))


def _untuned(data):
    options = tf.data.Options()
    options.autotune.enabled = False
    return data.prefetch(AHEAD).with_options(options)
