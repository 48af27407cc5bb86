"""The lecture's networks, uncompiled: loss and optimizer belong into the lesson."""

import keras
from keras import layers


def dense_softmax(hidden=(30,), activation="relu", inputs=784, categories=10):
    """Return the slides' kind of network: dense layers, then softmax over the categories.

    `hidden` holds the number of neurons of each hidden layer; with `hidden=()` the network is
    softmax regression. `activation` is that of the hidden layers. The network maps float
    (batch, inputs) to probabilities, float32 (batch, categories), each row of which sums to 1.

    Raises `ValueError` if a layer has no neuron.
    """
    widths = (*hidden, inputs, categories)
    if not all(isinstance(width, int) and width > 0 for width in widths):
        raise ValueError(f"every layer needs a whole number of neurons, at least one: got {widths}")
    net = keras.Sequential(name="dense_softmax")
    net.add(keras.Input((inputs,)))
    for width in hidden:
        net.add(layers.Dense(width, activation=activation))
    net.add(layers.Dense(categories, activation="softmax"))
    return net


def conv_softmax(filters=20, kernel_size=11, pool=4, side=28, categories=10):
    """Return the slide's convolutional layer, made into a network: pooling, then dense softmax.

    The layer is the slide's `Conv2D(filters=20, kernel_size=[11, 11], activation="relu",
    padding="same")`; of each `pool` × `pool` square of its maps the largest value is kept. The
    network maps float (batch, side, side, 1) to probabilities, float32 (batch, categories).
    """
    net = keras.Sequential(name="conv_softmax")
    net.add(keras.Input((side, side, 1)))
    net.add(layers.Conv2D(filters, kernel_size, activation="relu", padding="same"))
    net.add(layers.MaxPooling2D(pool))
    net.add(layers.Flatten())
    net.add(layers.Dense(categories, activation="softmax"))
    return net
