"""The figures of the lecture: functions that draw them, and functions that show and save them.

A drawing function draws arrays into `ax`, sets the `title` and returns the figure. Without `ax` it
makes a figure of its own, which is not registered with pyplot: a notebook shows it once, as the
last value of a cell or by `show`, and nothing needs to be closed. Where there is `percent`, it says
whether the values are fractions, to be written in per cent.
"""

from mnist_lecture.plots.axes import BLUE, ORANGE, grid
from mnist_lecture.plots.categories import bars, confusion, one_hot, pairs, shares, spread
from mnist_lecture.plots.images import (
    connections,
    digits,
    enlarged,
    field,
    mistakes,
    network,
    pictures,
    scanning,
    verdict,
)
from mnist_lecture.plots.lines import (
    accuracy,
    calibration,
    compare,
    curves,
    direct_labels,
    gap,
    histograms,
    seeds,
)
from mnist_lecture.plots.showing import FORMATS, alternative_texts, png, save, show, use_style

__all__ = ["FORMATS", "alternative_texts", "png", "save", "show", "use_style"]
__all__ += ["BLUE", "ORANGE", "bars", "confusion", "grid", "one_hot", "pairs", "shares", "spread"]
__all__ += ["accuracy", "calibration", "compare", "curves", "direct_labels", "gap", "histograms"]
__all__ += ["seeds"]
__all__ += ["connections", "digits", "enlarged", "field", "mistakes", "network", "pictures"]
__all__ += ["scanning", "verdict"]
