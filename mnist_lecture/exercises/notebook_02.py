"""Checks of notebook 02, softmax."""

import numpy as np


def exercise_1(difference):
    """The difference of inputs that makes one category a hundred times as probable as another."""
    if not np.isclose(difference, np.log(100), atol=0.006):
        return "the ratio of the two probabilities is exp(z_3 - z_8); solve for the difference"


def exercise_2(function):
    """The sigmoid function as a softmax of two inputs."""
    for x in np.linspace(-5, 5, 11), np.array([-1000.0, 0.0, 1000.0]):
        with np.errstate(all="ignore"):
            value = function(x)
            right = 1 / (1 + np.exp(-x))
        if np.shape(value) != x.shape:
            return f"x of shape {x.shape} gives {np.shape(value)}; keep one of the two columns"
        if np.allclose(value, 1 - right):
            return "this is the probability of the other category: it falls where it should rise"
        wrong = ~np.isclose(value, right)
        if np.any(wrong):
            x_wrong, value_wrong = x[wrong][0], np.asarray(value)[wrong][0]
            return (
                f"at x = {x_wrong:g} it gives {value_wrong:.3g}; let one of the two inputs be zero"
            )


def exercise_3(function):
    """The logarithm of softmax, also for large inputs."""
    z = np.array([0.5, -1.0, 2.0])
    right = z - np.log(np.sum(np.exp(z)))
    with np.errstate(all="ignore"):
        moderate, far = function(z), function(np.array([0.0, 2000.0]))
        common = function(z + 5000)
    if np.shape(moderate) != z.shape or not np.allclose(moderate, right):
        return "ln f_j = z_j - ln(sum over k of exp(z_k))"
    if not np.allclose(far, [-2000, 0]):
        return f"for z = (0, 2000) it gives {far}; subtract the largest input before you use exp"
    if not np.allclose(common, right):
        return "for inputs around 5000 it fails; subtract the largest input first"


def exercise_4(function):
    """The temperature that gives the largest probability a wanted value."""
    for z in np.random.default_rng(2).normal(scale=3, size=(3, 10)):
        for largest in 0.25, 0.5, 0.95:
            T = function(z, largest)
            if np.shape(T) != () or not T > 0:
                return "a temperature is one positive number"
            weights = np.exp((z - z.max()) / T)
            missing = largest - weights.max() / weights.sum()
            if abs(missing) > 1e-3 * largest:
                hint = "cooler" if missing > 0 else "warmer"
                return f"T = {T:.4g} does not give {largest} as the largest; {hint}, please"
