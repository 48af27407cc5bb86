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
            if answer is ...:
                raise _Open
            return test(_watched(answer) if callable(answer) else answer)

        CHECKS[number] = guarded
        return test

    return register


def _watched(function):
    def call(*arguments):
        value = function(*arguments)
        if value is ... or (isinstance(value, tuple) and any(part is ... for part in value)):
            raise _Open
        return value

    return call


# ------------------------------------------------------------------ 01 digits and categories
@exercise("01.1")
def _decoded(digits):
    if list(digits) != [7, 0, 4]:
        return "the place of the 1, counted from zero, is the digit; give a list of three numbers"


@exercise("01.2")
def _fraction_correct(function):
    targets = np.eye(10)[[3, 1, 4, 1]]
    outputs = 0.1 + 0.5 * np.eye(10)[[3, 1, 4, 7]]
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
