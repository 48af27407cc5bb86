"""The lecture's networks, uncompiled: loss and optimizer belong into the lesson."""

import keras
from keras import layers


def dense_softmax(hidden=(30,), activation="relu", noise=None, inputs=784, categories=10):
    """Return the slides' kind of network: dense layers, then softmax over the categories.

    `hidden` holds the number of neurons of each hidden layer; with `hidden=()` the network is
    softmax regression. `activation` is that of the hidden layers. `noise` is called once for each
    of them and returns a layer that is put behind it, such as `lambda: Dropout(0.3)`. The network
    maps float (batch, inputs) to probabilities, float32 (batch, categories), each row of which
    sums to 1.

    Raises `ValueError` if a layer has no neuron.
    """
    widths = (*hidden, inputs, categories)
    if not all(isinstance(width, int) and width > 0 for width in widths):
        raise ValueError(f"every layer needs a whole number of neurons, at least one: got {widths}")
    net = keras.Sequential(name="dense_softmax")
    net.add(keras.Input((inputs,)))
    for width in hidden:
        net.add(layers.Dense(width, activation=activation))
        if noise:
            net.add(noise())
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


def small_convnet(dropout=0.3, categories=10):
    """Return a modern small network: four convolutions, the later with batch normalisation.

    The kernels are not moved beyond the border ("valid"), so 28 × 28 pixels shrink to 12 × 12 (by
    steps of two), 10 × 10, 8 × 8, by pooling to 4 × 4, then to 2 × 2, while the channels grow from
    1 to 20, 32, 48 and 96. `dropout` is the rate before the last layer. The network maps float
    (batch, 28, 28, 1) to probabilities, float32 (batch, categories).

    Batch normalisation is that of Ioffe and Szegedy (2015). It brings a bias of its own, so the
    convolutions before it have none. In the large first maps it would take more time than it saves.
    """
    net = keras.Sequential(name="small_convnet")
    net.add(keras.Input((28, 28, 1)))
    net.add(layers.Conv2D(20, 5, strides=2, activation="relu"))
    net.add(layers.Conv2D(32, 3, activation="relu"))
    net.add(layers.Conv2D(48, 3, use_bias=False))
    net.add(layers.MaxPooling2D(2))  # now, so that what follows has a quarter to do
    net.add(layers.BatchNormalization(momentum=0.9))
    net.add(layers.ReLU())
    net.add(layers.Conv2D(96, 3, use_bias=False))
    net.add(layers.BatchNormalization(momentum=0.9))
    net.add(layers.ReLU())
    net.add(layers.Flatten())
    net.add(layers.Dropout(dropout))
    net.add(layers.Dense(categories, activation="softmax"))
    return net
