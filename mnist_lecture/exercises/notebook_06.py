"""Checks of notebook 06, early stopping."""

import numpy as np


def exercise_1(function):
    """The best epoch of a training."""
    accuracy, loss = [0.90, 0.94, 0.92, 0.94, 0.93], [0.35, 0.25, 0.20, 0.22, 0.30]
    value = function({"val_categorical_accuracy": accuracy, "val_loss": loss})
    if value == 3:
        return "that is counted from 0; the first epoch is number 1"
    if value == 2:
        return "two epochs share the highest accuracy; the one with the lower loss is wanted"
    if value != 4:
        return f"for the accuracies {accuracy} it gives {value}; the highest is shared by 2 and 4"
    if function({"val_categorical_accuracy": accuracy[::-1], "val_loss": loss[::-1]}) != 2:
        return "turn the curves round, and epoch 2 is the best; is the last of equals taken?"


def exercise_2(function):
    """Early stopping with patience."""
    for curve, patience, right, hint in (
        ([0.8, 0.9, 0.85, 0.84, 0.95], 2, (4, 2), "two epochs in vain after the best, and it ends"),
        ([0.8, 0.9, 0.85, 0.84, 0.95], 3, (5, 5), "an improvement in the last moment counts"),
        ([0.8, 0.9, 0.8, 0.9, 0.8], 3, (5, 2), "an equal value is no improvement"),
        ([0.5, 0.6, 0.7, 0.65], 2, (4, 3), "the epochs may run out first"),
        ([0.9, 0.8, 0.7], 1, (2, 1), "the very first epoch may be the best"),
        ([0.9, 0.8, 0.85, 0.95], 2, (3, 1), "better than the epoch before is not better than all"),
    ):
        value = function(curve, patience)
        if np.shape(value) != (2,):
            return "return a pair: epochs trained, epoch given back"
        if tuple(value) != right:
            return f"{curve} with patience {patience} gives {tuple(value)}, not {right}: {hint}"


def exercise_3(luck):
    """The mean excess of the best of twenty measured accuracies over the true one."""
    sigma = np.sqrt(0.93 * 0.07 / 1000)
    if np.isclose(luck, sigma, rtol=0.06):
        return "that is the scatter of one group; the winner is the best of twenty"
    if np.isclose(luck, sigma * np.sqrt(2 * np.log(20)), rtol=0.06):
        return "sigma * sqrt(2 ln K) is an upper bound; let the dice find the mean of the maximum"
    if np.isclose(luck, 0.9446, atol=0.001) or np.isclose(luck, 1.465, rtol=0.06):
        return "give the excess over 0.93, as a fraction of one"
    if not np.isclose(luck, 0.01465, rtol=0.06):
        return "draw 20 scores rng.binomial(1000, 0.93) / 1000, take the largest; repeat, average"
