"""Checks of notebook 01, digits and categories."""

import numpy as np


def exercise_1(digits):
    """The digits that one-hot vectors stand for."""
    if list(digits) != [7, 0, 4]:
        return "the place of the 1, counted from zero, is the digit; give a list of three numbers"


def exercise_2(function):
    """The fraction of correct answers."""
    targets = np.eye(10)[[3, 1, 4, 1]]
    outputs = 0.05 + 0.3 * np.eye(10)[[3, 1, 4, 7]]
    if np.shape(value := function(outputs, targets)) != ():
        return "the accuracy is one number; take the mean over the samples"
    if not np.isclose(value, 0.75):
        return f"for three right answers out of four it gives {value:.3g}; compare the argmax"


def exercise_3(function):
    """The nearest mean as one layer."""
    rng = np.random.default_rng(1)
    means, x = rng.random((10, 784)), rng.random((200, 784))
    weights, biases = function(means)
    if np.shape(weights) != (784, 10) or np.shape(biases) != (10,):
        return f"shapes (784, 10) and (10,) are wanted, not {np.shape(weights)}, {np.shape(biases)}"
    nearest = ((x[:, np.newaxis] - means) ** 2).sum(axis=2).argmin(axis=1)
    if np.any((x @ weights + biases).argmax(axis=1) != nearest):
        return "the *smallest* squared distance must become the *largest* output: mind sign and ½"
