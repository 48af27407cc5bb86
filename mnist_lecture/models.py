"""The lecture's networks, uncompiled: each lesson chooses its own loss and optimizer."""

import keras
from keras import layers


def dense_softmax(hidden=(30,), activation="relu", noise=None, inputs=784, categories=10):
    """Return the slides' network: dense hidden layers, then softmax over the categories.

    `hidden` holds the number of neurons of each hidden layer; `hidden=()` gives softmax regression.
    `activation` is that of the hidden layers. `noise`, such as `lambda: Dropout(0.3)`, is called
    for each of them and returns a layer to follow it. The network maps float (batch, inputs) to
    probabilities, float32 (batch, categories). Raises `ValueError` if a layer has no neuron.
    """
    widths = (*hidden, inputs, categories)
    if not all(isinstance(width, int) and width > 0 for width in widths):
        raise ValueError(f"every layer needs a whole number of neurons, at least 1; got {widths}")
    net = keras.Sequential(name="dense_softmax")
    net.add(keras.Input((inputs,)))
    for width in hidden:
        net.add(layers.Dense(width, activation=activation))
        if noise:
            net.add(noise())
    net.add(layers.Dense(categories, activation="softmax"))
    return net


def small_convnet(dropout=0.3, categories=10):
    """Return a small modern network: four convolutions, the last two with batch normalisation.

    It maps float (batch, 28, 28, 1) to probabilities, float32 (batch, categories). Without padding,
    28 × 28 pixels shrink to 12 × 12 (by strides), 10 × 10, 8 × 8, 4 × 4 (pooling) and 2 × 2, and
    channels grow from 1 to 20, 32, 48, 96. `dropout` is the rate before the last layer. Batch
    normalisation (Ioffe and Szegedy, 2015) has its own bias, so the convolutions before it have
    none. In the large first maps it would take more time than it saves.
    """
    net = keras.Sequential(name="small_convnet")
    net.add(keras.Input((28, 28, 1)))
    net.add(layers.Conv2D(20, 5, strides=2, activation="relu"))
    net.add(layers.Conv2D(32, 3, activation="relu"))
    net.add(layers.Conv2D(48, 3, use_bias=False))
    net.add(layers.MaxPooling2D(2))  # here, so that the layers after it have only a quarter to do
    net.add(layers.BatchNormalization(momentum=0.9))
    net.add(layers.ReLU())
    net.add(layers.Conv2D(96, 3, use_bias=False))
    net.add(layers.BatchNormalization(momentum=0.9))
    net.add(layers.ReLU())
    net.add(layers.Flatten())
    net.add(layers.Dropout(dropout))
    net.add(layers.Dense(categories, activation="softmax"))
    return net
