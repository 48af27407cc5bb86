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
