"""Checks of notebook 05, overfitting."""

import numpy as np


def exercise_1(answer):
    """The data set for each of five jobs."""
    expected = ["validation", "training", "test", "validation", "validation"]
    answer = [str(word).strip().lower() for word in answer]
    if len(answer) != 5 or not set(answer) <= set(expected):
        return 'give a list of five words, each "training", "validation" or "test"'
    if "test" in (answer[0], answer[3], answer[4]):
        return "whoever chooses by the test set has no honest number left for the paper"
    for job, given, right in zip("abcde", answer, expected, strict=True):
        if given != right:
            return f"think again about ({job}): is it about weights, about a choice, or a report?"


def exercise_2(function):
    """The difference of two accuracies in standard deviations."""
    for a, n_a, b, n_b in ((0.96, 5000, 0.945, 5000), (0.9, 100, 0.8, 4000), (0.5, 50, 0.6, 80)):
        value = function(a, n_a, b, n_b)
        if np.shape(value) != ():
            return f"one number is wanted, not an array of shape {np.shape(value)}"
        variances = np.array([a * (1 - a) / n_a, b * (1 - b) / n_b])
        right = (a - b) / np.sqrt(variances.sum())
        if np.isclose(value, (a - b) / np.sqrt(variances).sum()):
            return "add the variances, not the standard deviations: the two are independent"
        if np.isclose(value, (a - b) / variances.sum()):
            return "that divides by the variance; take its square root"
        if np.isclose(value, -right):
            return "the sign: how far lies a *above* b?"
        if not np.isclose(value, right):
            return f"for a = {a}, b = {b} it gives {value:.3g}; divide a - b by its sigma"


def exercise_3(function):
    """A split that keeps all copies of an original in one part."""
    rng = np.random.default_rng(53)
    original = rng.permutation(np.repeat(1000 + rng.permutation(200), 5))
    training, validation = (np.asarray(part) for part in function(original, rng))
    if training.dtype.kind not in "iu" or validation.dtype.kind not in "iu":
        return "give the indices of the images; np.flatnonzero turns True and False into these"
    if sorted([*training, *validation]) != list(range(1000)):
        return "every image, counted from 0, must be in one of the two parts, and in one only"
    leaked = np.intersect1d(original[training], original[validation])
    if len(leaked):
        return f"{len(leaked)} originals of 200 are in both parts; draw originals, not images"
    if len(np.unique(original[validation])) != 20:
        return f"{len(np.unique(original[validation]))} originals of 200 validate; a tenth is 20"
    again = np.asarray(function(original, np.random.default_rng(54))[1])
    if np.array_equal(np.unique(original[validation]), np.unique(original[again])):
        return "with another generator the same originals validate; draw them at random"


def exercise_4(function):
    """The rows that turn least squares into a ridge."""
    rng = np.random.default_rng(54)
    for n, m, ridge in ((6, 4, 0.7), (3, 5, 9.0)):
        x, y = rng.normal(size=(n, m)), rng.normal(size=(n, 2))
        longer_x, longer_y = (np.asarray(part) for part in function(x.copy(), y.copy(), ridge))
        if longer_x.ndim != 2 or longer_x.shape[1] != m or longer_y.shape[1:] != (2,):
            return "return a pair, x and y; the new rows have as many columns as the old ones"
        if len(longer_x) != len(longer_y):
            return f"x has {len(longer_x)} rows, y has {len(longer_y)}: one target for each row"
        weights = np.linalg.pinv(longer_x) @ longer_y
        if np.allclose(weights, _ridge(x, y, ridge)):
            continue
        if np.allclose(weights, np.linalg.pinv(x) @ y):
            return "these are the weights without a ridge"
        if np.allclose(weights, _ridge(x, y, ridge**2)):
            return "the sum has the square of each row, so the new rows need the root of lambda"
        return "each new row should add lambda W_i² to the sum: what is its x, what its target?"


def _ridge(x, y, ridge):
    return np.linalg.solve(x.T @ x + ridge * np.eye(x.shape[1]), x.T @ y)
