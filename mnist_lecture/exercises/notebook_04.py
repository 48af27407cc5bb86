"""Checks of notebook 04, a first network."""

import numpy as np


def exercise_1(answer):
    """The number of adjustable parameters, and of updates in a training."""
    parameters, updates = answer
    weights = 784 * 100 + 100 * 50 + 50 * 10
    if parameters == weights:
        return "these are the weights; every neuron has a bias as well"
    if parameters != weights + 100 + 50 + 10:
        return "a layer has a weight for each pair of input and neuron, and a bias for each neuron"
    if updates == 450:
        return "these are the updates of one epoch; there are 15"
    if updates != 6_750:
        return "one update per batch: how many batches are there in an epoch?"


def exercise_2(function):
    """One update of softmax regression, by hand."""
    rng = np.random.default_rng(4)
    W, b, x = rng.normal(size=(6, 3)), rng.normal(size=3), rng.random((5, 6))
    y_out = rng.dirichlet(np.ones(3), size=5)
    y_target = np.eye(3)[[0, 1, 2, 1, 1]]
    of_W, of_b = x.T @ (y_out - y_target), np.sum(y_out - y_target, axis=0)
    new_W, new_b = function(W.copy(), b.copy(), x, y_out, y_target, 0.7)
    if np.shape(new_W) != W.shape or np.shape(new_b) != b.shape:
        return "return a pair: the new W and the new b, of the same shapes as the old ones"
    if np.allclose(new_W, W + 0.7 * of_W / 5):
        return "this goes uphill: the sign of the step is wrong"
    if np.allclose(new_W, W - 0.7 * of_W):
        return "this is the sum over the batch; the loss is the mean over it"
    if not np.allclose(new_W, W - 0.7 * of_W / 5):
        return "delta = (y_out - y_target) / n, and the derivative with respect to W is x.T @ delta"
    if not np.allclose(new_b, b - 0.7 * of_b / 5):
        return "W is right; the derivative with respect to b is the sum of delta over the samples"


def exercise_3(answer):
    """The binomial standard deviation, and the number of images for a smaller one."""
    sigma, images = answer
    if np.isclose(sigma, 0.807, rtol=0.02):
        return "the first number is in percent; give it as a fraction of one"
    if not np.isclose(sigma, 0.00807, rtol=0.02):
        return "with p = 0.07 and N = 1,000, sigma = sqrt(p (1 - p) / N)"
    if not np.isclose(images, 65_100, rtol=0.02):
        return "solve sigma = sqrt(p (1 - p) / N) for N, with sigma = 0.001"
