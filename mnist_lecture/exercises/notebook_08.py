"""Checks of notebook 08, dropout."""

import numpy as np


def exercise_1(function):
    """Gaussian dropout."""
    rng, p, n = np.random.default_rng(81), 0.2, 200_000
    h = np.repeat([0.0, 1.0, 4.0], n).reshape(3, n)
    value = function(h, p, rng)
    if np.shape(value) != h.shape:
        return f"the shape must stay {h.shape}, not {np.shape(value)}: a factor for every value"
    if np.any(np.abs(value[0]) > 0.001):
        return "a value of 0 stays 0: the noise multiplies, it is not added"
    if not np.allclose(value.mean(axis=1), [0, 1, 4], atol=0.02):
        return "the mean must stay: the factors have mean 1"
    sigma = value[1].std()
    if sigma < 1e-3:
        return "every value needs a throw of its own: rng.normal(..., size=h.shape)"
    if np.isclose(sigma, p / (1 - p), rtol=0.02):
        return "p / (1 - p) is the variance; rng.normal wants the standard deviation"
    if not np.allclose(value.std(axis=1), [0, 0.5, 2], rtol=0.02, atol=0.001):
        return f"for p = 0.2 the factors should scatter by 0.5; they scatter by {sigma:.3g}"
    if len(np.unique(value[1])) < 1000:
        return "mean and variance are right, but this is no Gaussian"


def exercise_2(answer):
    """The number of subnetworks, and the probability that nothing is dropped."""
    count, chance = answer
    if np.isclose(float(count), 2.0**100) or np.isclose(float(count), 2.0**100 + 2.0**50):
        return "the masks of the two layers are combined freely: each neuron is on or off"
    if not np.isclose(float(count), 2.0**150, rtol=1e-3):
        return "each of the 150 hidden neurons is on or off"
    if np.isclose(chance, 0.1**150) or np.isclose(chance, 0.1):
        return "a neuron *survives* with probability 0.9"
    if not np.isclose(chance, 0.9**150, rtol=0.01, atol=0):
        return "all 150 must survive, each with probability 0.9, independently"


def exercise_3(function):
    """The weights for use after training with dropout that leaves the survivors unscaled."""
    rng, p = np.random.default_rng(83), 0.25
    shapes = ((6, 5), (5,), (5, 4), (4,), (4, 3), (3,))
    trained = [rng.normal(size=shape) for shape in shapes]
    value = list(function([w.copy() for w in trained], p))
    if [np.shape(w) for w in value] != list(shapes):
        return "return all six arrays, in the same order and of the same shapes"
    if not np.allclose(value[0], trained[0]):
        return "W1 receives the pixels, and no pixel was ever dropped"
    if any(not np.allclose(value[i], trained[i]) for i in (1, 3, 5)):
        return "the biases are not multiplied by a hidden neuron; nothing was missing there"
    if np.allclose(value[2], trained[2] / (1 - p)):
        return "in use *more* arrives than in training, so the weights must shrink"
    if any(not np.allclose(value[i], (1 - p) * trained[i]) for i in (2, 4)):
        return "what arrives at W2 and at W3 was smaller by 1 - p in training, on average"
