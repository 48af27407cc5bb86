"""Checks of notebook 03, cross-entropy."""

import numpy as np


def exercise_1(cost):
    """The cross-entropy of a network that has learned nothing."""
    if np.isclose(cost, -np.log(10), atol=1e-3):
        return "mind the minus sign: cross-entropy is never negative"
    if np.isclose(cost, 10 * np.log(10), atol=1e-2):
        return "the target is one-hot: only one of the ten terms survives"
    if not np.isclose(cost, np.log(10), atol=6e-4):
        return "the right answer, whichever it is, has probability 0.1; take -ln of it"


def exercise_2(function):
    """Cross-entropy computed from the inputs of softmax."""
    z = np.array([0.3, -1.0, 2.0, 0.0])
    for right in range(4):
        expected = np.log(np.sum(np.exp(z))) - z[right]
        value = function(np.eye(4)[right], z)
        if np.shape(value) != ():
            return f"one number is wanted, not an array of shape {np.shape(value)}"
        if not np.isclose(value, expected):
            return "sum -y_target * ln f over the categories, with ln f = z - ln(sum of exp(z))"
    for shift in (1000.0, -1000.0):
        with np.errstate(all="ignore"):
            value = function(np.eye(2)[0], np.array([shift, shift + 1000.0]))
        if not np.isclose(value, 1000.0):
            return "right for moderate z; subtract the largest z first, so that exp stays finite"


def exercise_3(answer):
    """Where one wrong label brings training to rest, and how hard it pulls there."""
    delta, ratio = answer
    if np.isclose(delta, -np.log(99), atol=0.005):
        return "Delta is z_3 - z_8, and most of the labels say 3: it is positive"
    if np.isclose(delta, np.log(100), atol=0.005):
        return "one label of the hundred is wrong; how many are right?"
    if not np.isclose(delta, np.log(99), atol=0.005):
        return (
            "a right label pulls with 1 - p, the wrong one with p: solve 99 (1 - p) = p for Delta"
        )
    if np.isclose(ratio, 1 / 99, atol=1e-3):
        return "this is how hard a right label pulls, compared with the wrong one"
    if not np.isclose(ratio, 99, rtol=0.005):
        return "the one wrong label balances all the right ones: divide p by 1 - p"


def exercise_4(function):
    """The gradient of the mean cross-entropy of a batch."""
    rng = np.random.default_rng(34)
    inputs, y_out = rng.random((5, 3)), rng.dirichlet(np.ones(4), size=5)
    y_target = np.eye(4)[rng.integers(0, 4, size=5)]
    expected = inputs.T @ (y_out - y_target) / 5
    value = function(inputs, y_out, y_target)
    if np.shape(value) != (3, 4):
        return f"the shape is {np.shape(value)}, not (I, K); multiply inputs.T by the mistakes"
    if np.allclose(value, 5 * expected):
        return "that is the gradient of the sum; the mean is smaller by N"
    if np.allclose(value, -expected):
        return "that is the force; the gradient has the opposite sign"
    if not np.allclose(value, expected):
        return "average x_i (f_k - y_k) over the images"
