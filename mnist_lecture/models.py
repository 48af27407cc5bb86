"""The lecture's networks, uncompiled: each lesson chooses its own loss and optimizer."""

from mnist_lecture.data import floats

import keras
import numpy as np
from keras import layers

PORTION = 250  # images that a network looks at together


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


def small_convnet(
    channels=(20, 32, 48, 96), padding="valid", normalised=True, dropout=0.3, categories=10
):
    """Return a small modern network: four convolutions, the last two with batch normalisation.

    It maps float (batch, 28, 28, 1) to probabilities, float32 (batch, categories). `channels` are
    those behind the four convolutions. The first strides over the image two pixels at a time, with
    or without `padding` of its borders; the others have none: from 28 × 28 pixels the maps shrink
    to 12 × 12, 10 × 10, 8 × 8, 4 × 4 (pooling) and 2 × 2, or with padding to 14, 12, 10, 5 and 3.
    `dropout` is the rate before the last layer. Batch normalisation (Ioffe and Szegedy, 2015) has
    its own bias, so convolutions before it have none; in the large first maps it would take more
    time than it saves. Without `normalised` there is none.
    """
    net = keras.Sequential(name="small_convnet")
    net.add(keras.Input((28, 28, 1)))
    net.add(layers.Conv2D(channels[0], 5, strides=2, padding=padding, activation="relu"))
    net.add(layers.Conv2D(channels[1], 3, activation="relu"))
    for place in (2, 3):
        net.add(layers.Conv2D(channels[place], 3, use_bias=not normalised))
        if place == 2:
            net.add(layers.MaxPooling2D(2))  # before the rest, which then has a quarter to do
        if normalised:
            net.add(layers.BatchNormalization(momentum=0.9))
        net.add(layers.ReLU())
    net.add(layers.Flatten())
    if dropout:
        net.add(layers.Dropout(dropout))
    net.add(layers.Dense(categories, activation="softmax"))
    return net


def categorical_accuracy(y_target, y_out):
    """Return for each image whether the category of its target has the largest probability.

    Both are (batch, categories), the targets one-hot. As a metric of `compile` this counts what
    Keras's "categorical_accuracy" counts, in less time, since no category need be looked for.
    """
    return keras.ops.sum(y_target * y_out, axis=-1) >= keras.ops.max(y_out, axis=-1)


def outputs(net, images):
    """Return what `net` makes of the images, float32 (N, …), one portion after another.

    `images` are (N, …), flat or not: they are brought into the shape that the network takes, and
    gray values, uint8, into [0, 1]. All at once, the values of all its neurons for all of the
    images would be in memory together.
    """
    inputs = np.reshape(images, (-1, *net.input_shape[1:]))
    portions = range(0, len(inputs), PORTION)
    return np.concatenate([net(floats(inputs[start : start + PORTION])) for start in portions])
