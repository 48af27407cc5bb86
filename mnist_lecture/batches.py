"""Endless batches for `fit`, as data sets that cost little besides the training itself.

`fit` makes such a data set on its own, from arrays or from a generator. But it lets TensorFlow
tune, all the while, how many threads prepare how many batches ahead, and for networks as small as
the lecture's this takes nearly as long as the training (`benchmarks/fit_speed.py`).
"""

import tensorflow as tf

AHEAD = 8  # batches that are ready before they are asked for


def shuffled(inputs, targets, batch_size=100, seed=0):
    """Return batches of `inputs` (N, …) and their `targets` (N, …) without end, for `fit`.

    All images come once, in random order, before any comes again; a rest that fills no batch waits
    for the next order. So an epoch is `steps_per_epoch = N // batch_size`. The same `seed`, a whole
    number, gives the same batches. Use it with `shuffle=False`, since it is shuffled already.

    Raises `ValueError` if the images do not fill a single batch.
    """
    n = len(inputs)
    if not 0 < batch_size <= n:
        raise ValueError(f"{n} images cannot be dealt out in batches of {batch_size}")
    inputs, targets = tf.constant(inputs), tf.constant(targets)

    def order(epoch):
        drawn = tf.random.experimental.stateless_shuffle(tf.range(n), [seed, epoch])
        return tf.reshape(drawn[: n - n % batch_size], (-1, batch_size))

    orders = tf.data.Dataset.counter().map(order).prefetch(1).unbatch()
    return _untuned(orders.map(lambda batch: (tf.gather(inputs, batch), tf.gather(targets, batch))))


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
