"""Checks of notebook 12, is the difference real?"""

import numpy as np
from scipy import stats


def exercise_1(function):
    """McNemar's exact test."""
    cases = {
        (0, 5): 0.0625,
        (3, 3): 1.0,
        (40, 15): 0.001016,
        (1_050, 950): 0.02682,
        (9, 2): 0.06543,
    }
    for (only_a, only_b), right in cases.items():
        value = function(only_a, only_b)
        if np.isclose(value, right, rtol=5e-3):
            continue
        case = f"for {only_a} and {only_b}"
        if value > 1:
            return f"{case} you give {value:.3g}, but no probability is larger than 1"
        if np.isclose(2 * value, right, rtol=5e-3):
            return f"{case}: this counts one side only; lopsided to the other side counts too"
        return f"{case} it is {right:.3g}, not {value:.3g}"


def exercise_2(function):
    """The number of images needed to see a difference with some power."""
    cases = ((0.01, 0.001, 3, 0.9), (0.08, 0.002, 2, 0.9), (0.02, 0.001, 3, 0.5))
    for disagree, delta, z, power in cases:
        value = function(disagree, delta, z, power)
        more = stats.norm.ppf(power)
        right = disagree * ((z + more) / delta) ** 2
        if np.isclose(value, right, rtol=2e-3):
            continue
        if np.isclose(value, 2 * right, rtol=2e-3):
            return "on the same images the factor 2 falls away: only disagreements make noise"
        if np.isclose(value, disagree * (z / delta) ** 2, rtol=2e-3):
            return "so many images succeed half of the time only: `power` plays no part"
        if np.isclose(value, disagree * ((z - more) / delta) ** 2, rtol=2e-3):
            return "more power needs more images, not fewer: look at the sign of `norm.ppf`"
        if np.isclose(value, disagree * (z**2 + more**2) / delta**2, rtol=2e-3):
            return "z and the margin for the power add up before they are squared"
        case = f"for {disagree}, {delta}, z = {z} and a power of {power}"
        return f"{case} it is {right:,.0f}, not {value:,.6g}"


def exercise_3(answer):
    """A published difference in standard deviations."""
    if abs(answer - 1.0) < 0.05:
        return "both numbers are uncertain, not only one: their variances add"
    if not 0.65 < abs(answer) < 0.75:
        return "take the binomial σ of each, add their squares, and divide 0.07 % by the root"
