"""Vectors, functions and measurements."""

from itertools import cycle

from mnist_lecture.plots.axes import BLUE, ORANGE, axes_for, percent_axis

import numpy as np
from matplotlib import artist, colormaps, ticker

SEQUENTIAL = colormaps["viridis"]  # of an ordered quantity, dark first; its light end is left out
LINE = 0.07  # the height of a label, as a fraction of that of the axes


def curves(x, ys, xlabel, ylabel, title=None, percent=False, ax=None):
    """Draw several functions over the same `x` (N,): `ys` maps each label to its values (N,).

    If `x` are whole numbers, so are its ticks.
    """
    ax = axes_for(ax)
    lines = {label: (x, y) for label, y in ys.items()}
    compare(lines, {}, xlabel, ylabel, title, percent=percent, ax=ax)
    if np.asarray(x).dtype.kind in "iu":
        ax.xaxis.set_major_locator(ticker.MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    return ax.figure


def compare(theory, measured, xlabel, ylabel, title=None, log="", percent=False, ax=None):
    """Draw theory as lines and measurements as points, in the same colour if they share a label.

    `theory` and `measured` map labels to pairs (x, y), each (N,) or a single number; either may be
    empty. A measurement may be (x, y, σ), and then has error bars. `log` names the logarithmic
    axes: "", "x", "y" or "xy".
    """
    ax = axes_for(ax, title)
    colors, others = {}, cycle((("black", "o"), (ORANGE, "s"), (BLUE, "^")))
    for label, (x, y) in theory.items():
        colors[label] = ax.plot(x, y, label=label)[0].get_color()
    for label, (x, y, *sigma) in measured.items():
        color, marker = (colors[label], "o") if label in colors else next(others)
        look = {} if label in colors else {"label": label}
        look |= {"color": color, "marker": marker, "ms": 7.5, "mec": "white", "mew": 0.8}
        ax.plot(x, y, ls="none", clip_on=False, zorder=3, **look)
        if sigma:
            ax.errorbar(x, y, *sigma, fmt="none", ecolor=color, lw=1.5)
    ax.set(xlabel=xlabel, ylabel=ylabel, **{f"{axis}scale": "log" for axis in log})
    if percent:
        percent_axis(ax.yaxis, log="y" in log)
    if len(theory) + len(measured) > 1:
        ax.legend()
    return ax.figure


def direct_labels(ax, sequential=False, x=None):
    """Label each line of `ax` at its right end, in its colour, instead of in a legend.

    The limits of the axes must be set before.
    Labels that would overlap are moved apart. `sequential`, for lines of an ordered quantity, first
    gives the lines solid strokes and colours from dark to light, in their order. `x` is the place
    of the labels, by default the end of each line.
    """
    lines = [line for line in ax.lines if not line.get_label().startswith("_")]
    if sequential:
        for line, color in zip(lines, SEQUENTIAL(np.linspace(0, 0.8, len(lines))), strict=True):
            line.set(color=color, linestyle="-")
    ends = [
        (line, line.get_xdata()[-1] if x is None else x, line.get_ydata()[-1]) for line in lines
    ]
    ax.get_ylim()  # matplotlib scales the axes only when it is asked
    to_axes = ax.transData + ax.transAxes.inverted()
    heights = np.array([to_axes.transform((place, y))[1] for _, place, y in ends])
    order = np.argsort(heights)
    moved = heights[order]
    for _ in range(100):  # push neighbours apart until all have the room of a line of text
        gaps = np.clip(LINE - np.diff(moved), 0, None) / 2
        if gaps.max(initial=0) < 1e-3:
            break
        moved[:-1] -= gaps
        moved[1:] += gaps
        moved = np.clip(moved, LINE / 2, 1 - LINE / 2)  # and within the axes
    for n, height in zip(order, moved, strict=True):
        line, place, _ = ends[n]
        ax.annotate(
            line.get_label(),
            (place, height),
            (6, 0),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            va="center",
            color=line.get_color(),
            annotation_clip=False,
        )
    if legend := ax.get_legend():
        legend.remove()
    return ax.figure


def accuracy(history, title=None, ax=None):
    """Draw accuracy during training from the dict `history.history` that `fit` returns.

    Its keys are `categorical_accuracy` and, optionally, `val_categorical_accuracy`: sequences of
    one value per epoch, in [0, 1]. The training value is an average over the epoch, while the
    network still changes, so it is drawn half an epoch earlier.
    """
    training = np.asarray(history["categorical_accuracy"])
    epoch = np.arange(1, len(training) + 1)
    lines = {"training": (epoch - 0.5, training)}
    if "val_categorical_accuracy" in history:
        lines["validation"] = epoch, history["val_categorical_accuracy"]
    ax = axes_for(ax)
    compare(lines, {}, "epoch", "accuracy", title, percent=True, ax=ax)
    ax.legend(loc="lower right")
    ax.xaxis.set_major_locator(ticker.MaxNLocator(integer=True))
    ax.set_xlim(0, len(training) + 0.5)
    return ax.figure


def gap(x, training, validation, xlabel, ylabel, title=None, log="", percent=True, ax=None):
    """Draw a measure on training and on validation images over `x`, all (N,), and shade the gap.

    With `log="x"` or "xy", these axes are logarithmic and the points, which should be few, are
    marked. On a logarithmic y axis the line of an error that becomes zero leaves the axes.
    """
    ax = axes_for(ax)
    lines = {"training": (x, training), "validation": (x, validation)}
    compare(lines, {}, xlabel, ylabel, title, log, ax=ax)
    ax.fill_between(x, training, validation, color="#999999", alpha=0.2, lw=0, label="gap")
    if "x" in log:
        artist.setp(ax.lines, marker="o")
        ax.xaxis.set_major_formatter(ticker.StrMethodFormatter("{x:,.0f}"))
    if percent:
        percent_axis(ax.yaxis, 0, log="y" in log)
    ax.legend()
    return ax.figure


def histograms(values, xlabel, title=None, ax=None):
    """Draw how often values occur, as shares in fifty bins: `values` maps labels to arrays (N,)."""
    ax = axes_for(ax, title)
    edges = np.linspace(min(map(np.min, values.values())), max(map(np.max, values.values())), 51)
    for label, x in values.items():
        weights = np.full(len(x), 1 / len(x))
        ax.hist(x, edges, weights=weights, histtype="step", lw=2.2, label=label)
    percent_axis(ax.yaxis, decimals=0)
    ax.set(xlabel=xlabel, ylabel="share", ylim=(0, 1.2 * ax.get_ylim()[1]))
    ax.legend(loc="upper center", ncols=len(values))
    return ax.figure


def calibration(groups, axes, title=None):
    """Draw how often answers are right against their probability, and how many answers there are.

    `groups` maps labels to (probability, share of right answers, σ, share of all answers), each
    (groups,). `axes` are two: for the diagram, and for bars of the shares of all answers below it,
    which have a logarithmic axis.
    """
    above, below = axes
    measured = {label: values[:3] for label, values in groups.items()}
    line = {"as promised": ([0, 1], [0, 1])}
    compare(line, measured, None, "share of right answers", title, percent=True, ax=above)
    above.legend(loc="lower right")
    width = 0.07 / len(groups)
    for n, (points, values) in enumerate(zip(above.lines[1:], groups.values(), strict=True)):
        places = np.asarray(values[0]) + (n - (len(groups) - 1) / 2) * width
        below.bar(places, values[3], width, color=points.get_color())
    below.set(xlabel="probability of the predicted category", ylabel="of all", yscale="log")
    percent_axis(below.xaxis, decimals=0)
    below.set_ylim(5e-4, 2)
    below.set_yticks([0.001, 0.01, 0.1, 1], ["0.1%", "1%", "10%", "100%"])
    below.minorticks_off()
    return above.figure


def seeds(results, xlabel, title=None, percent=True, sigma=None, log=False, joined=False, ax=None):
    """Draw the results of single runs as points on a line: `results` maps a label to its values.

    A mark is at the mean of several values. If `sigma` maps the labels to σ, there is instead a bar
    below the points, from the mean − σ to the mean + σ. `log` makes the axis logarithmic. `joined`,
    for values that belong together from row to row, joins the first ones by a line, the second
    ones, and so on; the axis then need not begin at zero.
    """
    ax = axes_for(ax, title, (8, 1.3 + (0.8 if len(results) < 8 else 0.45) * len(results)))
    for row, (label, values) in enumerate(results.items()):
        mean, places = np.mean(values), np.full(len(values), row)
        if sigma:
            ax.plot(values, places, "o", color=BLUE, ms=6.5, alpha=0.7)
            ax.errorbar(mean, row + 0.32, xerr=sigma[label], color=ORANGE, lw=2.4)
            continue
        color = BLUE if joined else [BLUE, ORANGE][row % 2]
        ax.plot(values, places, "o", color=color, ms=11, alpha=0.8)
        if len(values) > 1:
            ax.plot(mean, row, "|", color="black", ms=26, mew=2)
    if joined:
        rows = np.arange(len(results))
        ax.plot(np.array(list(results.values())), rows, "-", color="#999999", lw=1.2, zorder=1)
    ax.set_yticks(range(len(results)), results)
    ax.set(xlabel=xlabel, ylim=(len(results) - 0.4, -0.6))
    if log:
        ax.set_xscale("log")
    elif not joined:
        ax.set_xlim(0, 1.08 * max(map(np.max, results.values())))
    if percent:
        percent_axis(ax.xaxis, None if log else 1 if joined else 0, log)
        if not log and not joined and ax.get_xlim()[1] < 0.05:
            ax.xaxis.set_major_locator(ticker.MultipleLocator(0.01))  # "2%" must not come twice
    ax.grid(axis="y", visible=False)
    return ax.figure
