"""The exercises of the notebooks: each answer is checked kindly, and an open one breaks nothing.

A notebook leaves three dots where the answer goes and calls `check("02.1", answer)`. The checks
stand here, once, so that a notebook and its worked solution use the same one. A check is a
function of the answer that returns None if it is right, and otherwise a hint.
"""

import numpy as np

CHECKS = {}


def check(number, answer):
    """Print whether `answer` to exercise `number` (such as "02.1") is right, or else a hint.

    Returns True if it is right, False if not, None if it is still open: the three dots, or a
    function that returns them. Raises `KeyError` if there is no such exercise, nothing else.
    """
    if number not in CHECKS:
        raise KeyError(f"there is no exercise {number}; there are {', '.join(sorted(CHECKS))}")
    try:
        hint = CHECKS[number](answer)
    except _Open:
        print(f"Exercise {number} is waiting for your answer.")
        return None
    except Exception as error:  # a student's answer may be anything; "Run all" must get past it
        hint = f"it stopped with {type(error).__name__}: {error}"
    print(f"Exercise {number}: " + (f"not yet. Hint: {hint}" if hint else "right!"))
    return not hint


class _Open(Exception):
    """The three dots are still there."""


def exercise(number):
    """Register the decorated check under `number`; dots in the answer, or returned, mean open."""

    def register(test):
        def guarded(answer):
            _refuse_dots(answer)
            return test(_watched(answer) if callable(answer) else answer)

        CHECKS[number] = guarded
        return test

    return register


def _watched(function):
    def call(*arguments):
        value = function(*arguments)
        _refuse_dots(value)
        return value

    return call


def _refuse_dots(value):
    parts = value if isinstance(value, (tuple, list)) else [value]
    if any(part is ... for part in parts):
        raise _Open


# ------------------------------------------------------------------ 01 digits and categories
@exercise("01.1")
def _decoded(digits):
    if list(digits) != [7, 0, 4]:
        return "the place of the 1, counted from zero, is the digit; give a list of three numbers"


@exercise("01.2")
def _fraction_correct(function):
    targets = np.eye(10)[[3, 1, 4, 1]]
    outputs = 0.05 + 0.3 * np.eye(10)[[3, 1, 4, 7]]
    if np.shape(value := function(outputs, targets)) != ():
        return "the accuracy is one number; take the mean over the samples"
    if not np.isclose(value, 0.75):
        return f"for three right answers out of four it gives {value:.3g}; compare the argmax"


@exercise("01.3")
def _nearest_mean_as_one_layer(function):
    rng = np.random.default_rng(1)
    means, x = rng.random((10, 784)), rng.random((200, 784))
    weights, biases = function(means)
    if np.shape(weights) != (784, 10) or np.shape(biases) != (10,):
        return f"shapes (784, 10) and (10,) are wanted, not {np.shape(weights)}, {np.shape(biases)}"
    nearest = ((x[:, np.newaxis] - means) ** 2).sum(axis=2).argmin(axis=1)
    if np.any((x @ weights + biases).argmax(axis=1) != nearest):
        return "the *smallest* squared distance must become the *largest* output: mind sign and ½"


# ------------------------------------------------------------------------------------ 02 softmax
@exercise("02.1")
def _hundred_to_one(difference):
    if not np.isclose(difference, np.log(100), atol=0.006):
        return "the ratio of the two probabilities is exp(z_3 - z_8); solve for the difference"


@exercise("02.2")
def _sigmoid_from_softmax(function):
    for x in np.linspace(-5, 5, 11), np.array([-1000.0, 0.0, 1000.0]):
        with np.errstate(all="ignore"):
            value = function(x)
            right = 1 / (1 + np.exp(-x))
        if np.shape(value) != x.shape:
            return f"x of shape {x.shape} gives {np.shape(value)}; keep one of the two columns"
        if np.allclose(value, 1 - right):
            return "this is the probability of the other category: it falls where it should rise"
        if not np.allclose(value, right):
            return f"at x = {x[0]:g} it gives {value[0]:.3g}; let one of the two inputs be zero"


@exercise("02.3")
def _log_softmax(function):
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


@exercise("02.4")
def _temperature_for(function):
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


# ------------------------------------------------------------------------ 03 cross-entropy
@exercise("03.1")
def _cost_of_ignorance(cost):
    if np.isclose(cost, -np.log(10), atol=1e-3):
        return "mind the minus sign: cross-entropy is never negative"
    if np.isclose(cost, 10 * np.log(10), atol=1e-2):
        return "the target is one-hot: only one of the ten terms survives"
    if not np.isclose(cost, np.log(10), atol=6e-4):
        return "the right answer, whichever it is, has probability 0.1; take -ln of it"


@exercise("03.2")
def _cross_entropy_from_z(function):
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


@exercise("03.3")
def _ceiling(delta):
    if np.isclose(delta, 7, atol=0.01):
        return "that is the power of ten; softmax is made with powers of e"
    if not np.isclose(delta, np.log(1e7), atol=0.01):
        return "solve p = 1 / (1 + exp(Delta)) = 1e-7 for Delta"


@exercise("03.4")
def _batch_gradient(function):
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


# ------------------------------------------------------------------------ 04 a first network
@exercise("04.1")
def _adjustable_numbers(count):
    weights = 784 * 100 + 100 * 50 + 50 * 10
    if count == weights:
        return "these are the weights; every neuron has a bias as well"
    if count != weights + 100 + 50 + 10:
        return "a layer has a weight for each pair of input and neuron, and a bias for each neuron"


@exercise("04.2")
def _updates(count):
    if count == 450:
        return "this is one epoch; there are 30"
    if count != 13_500:
        return "one update per batch: how many batches are there in an epoch?"


@exercise("04.3")
def _binomial(answer):
    sigma, images = answer
    if np.isclose(sigma, 0.807, rtol=0.02):
        return "the first number is in percent; give it as a fraction of one"
    if not np.isclose(sigma, 0.00807, rtol=0.02):
        return "with p = 0.07 and N = 1,000, sigma = sqrt(p (1 - p) / N)"
    if not np.isclose(images, 65_100, rtol=0.02):
        return "solve sigma = sqrt(p (1 - p) / N) for N, with sigma = 0.001"


@exercise("04.4")
def _recognised(function):
    confusion = np.diag(np.arange(1, 11)) + np.eye(10, k=1, dtype=int)
    expected = confusion.diagonal() / confusion.sum(axis=1)
    value = function(confusion)
    if np.shape(value) != (10,):
        return f"one number for each category is wanted, shape (10,), not {np.shape(value)}"
    if np.allclose(value, confusion.diagonal() / confusion.sum(axis=0)):
        return "that divides by what the network *says*; divide by the sum of the row"
    if not np.allclose(value, expected):
        return "divide the diagonal by the sum of each row"
