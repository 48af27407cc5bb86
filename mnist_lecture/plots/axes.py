"""What the drawing functions share: axes, ticks, frames, text in cells, colours."""

import numpy as np
from matplotlib import patches, ticker
from matplotlib.figure import Figure

BLUE, ORANGE, GRAY = "#0072B2", "#D55E00", "#BBBBBB"


def grid(rows=1, columns=1, size=None, **settings):
    """Return a figure and its axes for several panels, as `pyplot.subplots` does.

    `size` is (width, height) in inches; `settings` go to `Figure.subplots`.
    """
    figure = Figure(figsize=size, layout="constrained")
    return figure, figure.subplots(rows, columns, **settings)


def axes_for(ax, title=None, size=None):
    """Return `ax` or, if it is None, the axes of a new figure of this `size`, with the title."""
    ax = grid(size=size)[1] if ax is None else ax
    ax.set_title(title)
    return ax


def category_axis(ax, n, labels=None):
    """Let the x axis of `ax` name `n` categories, by their numbers or by `labels`."""
    ax.set_xticks(range(n), labels)
    ax.set_xlabel("category $j$")
    ax.grid(axis="x", visible=False)


def percent_axis(axis, decimals=None, log=False):
    """Write the ticks of `axis` in per cent; those of a logarithmic one at 1, 2, 5, 10, …"""
    if log:
        axis.set_major_locator(ticker.LogLocator(subs=(1, 2, 5)))
        axis.set_minor_formatter(ticker.NullFormatter())
        axis.set_major_formatter(lambda value, _: f"{100 * value:g}%")
    else:
        axis.set_major_formatter(ticker.PercentFormatter(1, decimals=decimals))


def frame(ax, x, y, width, height, color=GRAY, lw=2):
    """Draw a frame from its corner (x, y), whole even where it leaves the axes."""
    box = patches.Rectangle((x, y), width, height, fill=False, ec=color, lw=lw, clip_on=False)
    ax.add_patch(box)


def write(ax, row, column, text, color, size=None):
    """Write `text` into a cell of the matrix that `ax` shows, with a real minus sign."""
    ax.text(column, row, text.replace("-", "−"), ha="center", va="center", size=size, color=color)


def signed_scale(values):
    """Return settings of `imshow`: violet below 0, white at 0, orange above."""
    largest = np.abs(values).max(initial=0) or 1
    return {"cmap": "PuOr_r", "vmin": -largest, "vmax": largest}
