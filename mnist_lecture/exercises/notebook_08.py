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
    rng = np.random.default_rng(83)
    shapes = ((6, 5), (5,), (5, 4), (4,), (4, 3), (3,))
    for p in (0.25, 0.6):
        trained = [rng.normal(size=shape) for shape in shapes]
        value = list(function([w.copy() for w in trained], p))
        if [np.shape(w) for w in value] != list(shapes):
            return "return all six arrays, in the same order and of the same shapes"
        # Compare what the networks do: as max(z, 0) passes on a positive factor, there are several
        # right answers.
        x = rng.normal(size=(200, 6))
        q, right = 1 - p, _outputs(trained, x, 1 - p)
        if not np.allclose(_outputs(value, x), right, atol=1e-6):
            return _hint_3(value, trained, x, q)


def _outputs(weights, x, factor=1):
    """Return the values before the softmax; `factor` multiplies what the hidden neurons send."""
    W1, b1, W2, b2, W3, b3 = weights
    h1 = factor * np.maximum(x @ W1 + b1, 0)
    h2 = factor * np.maximum(h1 @ W2 + b2, 0)
    return h2 @ W3 + b3


def _hint_3(value, trained, x, q):
    same, shrunk = (
        [np.allclose(v, factor * w) for v, w in zip(value, trained, strict=True)]
        for factor in (1, q)
    )
    if np.allclose(_outputs(value, x), _outputs(trained, x, 1 / q)):
        return "in use *more* arrives than in training, so the weights must shrink"
    if not same[0] and same[1]:
        return "W1 receives the pixels, and no pixel was ever dropped"
    biases_changed = not (same[3] and same[5])
    if all(same[:2]) and biases_changed and (same[2] or shrunk[2]) and (same[4] or shrunk[4]):
        return "b2 and b3 are not multiplied by a hidden neuron; nothing was missing there"
    return "what arrives at W2 and at W3 was smaller by 1 - p in training, on average"


def exercise_4(function):
    """An update by gradient descent with weight decay."""
    rng, rate, strength = np.random.default_rng(84), 0.2, 0.03
    W, gradient = rng.normal(size=(2, 5, 4))

    def update(factor, sign=-1):
        return factor * W + sign * rate * gradient

    value = function(W.copy(), gradient.copy(), rate, strength)
    if np.shape(value) != W.shape:
        return f"return the new weights, of the shape {W.shape}, not {np.shape(value)}"
    if np.allclose(value, update(1)):
        return "the penalty has a derivative, too"
    if np.allclose(value, update(1 - strength)):
        return "the learning rate multiplies the derivative of the penalty, too"
    if np.allclose(value, update(1 - 2 * rate * strength)):
        return "the derivative of W**2 / 2 is W, without a factor of 2"
    if np.allclose(value, update(1 - rate * strength / 2)):
        return "the derivative of W**2 is 2 W"
    if np.allclose(value, update(1 + rate * strength)):
        return "the penalty must make the weights smaller, not larger"
    if np.allclose(value, update(1 - rate * strength, +1)):
        return "the update goes against the gradient"
    if not np.allclose(value, update(1 - rate * strength)):
        return "subtract the rate times the derivative of the whole cost, with the penalty in it"
