"""Checks of notebook 04, a first network."""

import numpy as np


def exercise_1(count):
    """The number of adjustable parameters."""
    weights = 784 * 100 + 100 * 50 + 50 * 10
    if count == weights:
        return "these are the weights; every neuron has a bias as well"
    if count != weights + 100 + 50 + 10:
        return "a layer has a weight for each pair of input and neuron, and a bias for each neuron"


def exercise_2(count):
    """The number of updates in a training."""
    if count == 450:
        return "this is one epoch; there are 30"
    if count != 13_500:
        return "one update per batch: how many batches are there in an epoch?"


def exercise_3(answer):
    """The binomial standard deviation, and the number of images for a smaller one."""
    sigma, images = answer
    if np.isclose(sigma, 0.807, rtol=0.02):
        return "the first number is in percent; give it as a fraction of one"
    if not np.isclose(sigma, 0.00807, rtol=0.02):
        return "with p = 0.07 and N = 1,000, sigma = sqrt(p (1 - p) / N)"
    if not np.isclose(images, 65_100, rtol=0.02):
        return "solve sigma = sqrt(p (1 - p) / N) for N, with sigma = 0.001"


def exercise_4(function):
    """The fraction recognised in each category, from the confusion matrix."""
    confusion = np.diag(np.arange(1, 11)) + np.eye(10, k=1, dtype=int)
    expected = confusion.diagonal() / confusion.sum(axis=1)
    value = function(confusion)
    if np.shape(value) != (10,):
        return f"one number for each category is wanted, shape (10,), not {np.shape(value)}"
    if np.allclose(value, confusion.diagonal() / confusion.sum(axis=0)):
        return "that divides by what the network *says*; divide by the sum of the row"
    if not np.allclose(value, expected):
        return "divide the diagonal by the sum of each row"
