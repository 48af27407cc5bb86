"""Vectors and matrices with an entry per category, as bars, dots and tables."""

from mnist_lecture.plots.axes import BLUE, ORANGE, axes_for, category_axis, percent_axis, write

import numpy as np


def bars(
    values, labels=None, ylabel=None, title=None, color=BLUE, ylim=None, numbers=".2g", ax=None
):
    """Draw a vector (N,) as bars, named by its index or by N `labels`.

    `numbers` is the format of the numbers written on them, as for `format`; None leaves them out.
    """
    values = np.asarray(values)
    ax = axes_for(ax, title)
    drawn = ax.bar(range(len(values)), values, color=color, width=0.75)
    if numbers is not None:
        written = [format(v, numbers).replace("-", "−") for v in values]
        ax.bar_label(drawn, written, padding=2, fontsize=10)
    category_axis(ax, len(values), labels)
    ax.axhline(0, color="#555555", lw=0.8)
    ax.margins(y=0.15)
    ax.set(ylabel=ylabel, ylim=ylim)
    return ax.figure


def shares(parts, title=None, ax=None):
    """Draw the share of each category in several sets: `parts` maps their names to shares (10,)."""
    ax = axes_for(ax, title)
    width = 0.8 / len(parts)
    for n, (name, values) in enumerate(parts.items()):
        offset = (n - (len(parts) - 1) / 2) * width
        ax.bar(np.arange(len(values)) + offset, values, 0.9 * width, label=name)
    category_axis(ax, 10)
    ax.set(xlabel="category", ylabel="share of the images")
    percent_axis(ax.yaxis, decimals=0)
    ax.legend(ncols=len(parts), loc="upper center", bbox_to_anchor=(0.5, 1.0))
    ax.set_ylim(0, 1.3 * max(map(np.max, parts.values())))
    return ax.figure


def spread(answers, without, title=None, ax=None):
    """Draw the probabilities that a network with noise predicts for one image, asked M times.

    `answers` (M, 10) are those with noise, as dots; `without` (10,) those without, as dashes.
    """
    ax = axes_for(ax, title)
    places = np.arange(len(without)) + np.linspace(-0.3, 0.3, len(answers))[:, None]
    ax.plot(places, answers, "o", ms=4.5, color=BLUE, mew=0, alpha=0.45)
    ax.plot(range(len(without)), without, "_", ms=30, mew=3, color=ORANGE, ls="none")
    category_axis(ax, len(without))
    ax.set(ylabel="probability", ylim=(-0.05, 1.05))
    return ax.figure


def one_hot(rows, captions, title=None, ax=None):
    """Draw one-hot vectors (N, 10) as the rows of a table, each with its caption on the left."""
    ax = axes_for(ax, title, (8, 0.5 * len(rows) + 1.2))
    ax.imshow(rows, cmap="Blues", vmin=0, vmax=1.4, aspect="auto")
    for (n, j), value in np.ndenumerate(rows):
        write(ax, n, j, f"{value:g}", "white" if value > 0.5 else "gray")
    category_axis(ax, len(rows[0]))
    ax.set_yticks(range(len(rows)), captions)
    return _table(ax)


def confusion(matrix, title=None, ax=None):
    """Draw counts (10, 10) of the images of label i (row) for which j (column) was predicted."""
    # The diagonal stays white: its counts are so large that they would hide the mistakes.
    wrong = matrix - np.diag(np.diag(matrix))
    ax = axes_for(ax, title, (7.2, 6.6))
    # Seven tenths of the largest count are darkest already: else all but a few stay pale.
    drawn = ax.imshow(wrong, cmap="Oranges", vmin=0, vmax=max(0.7 * wrong.max(), 1))
    for (i, j), count in np.ndenumerate(matrix):
        dark = drawn.norm(wrong[i, j]) > 0.65
        write(ax, i, j, f"{count:,}", "#999999" if i == j else "white" if dark else "black", 11)
    ticks = range(len(matrix))
    ax.set(xticks=ticks, yticks=ticks, xlabel="predicted", ylabel="label")
    return _table(ax)


def pairs(scores, labels, limit=3, title=None, half=False, ax=None):
    """Draw by how many σ (N, N) the label of each row is better than that of each column.

    Scores of ± `limit` and beyond are orange (better) or violet (worse); the rest may be luck.
    `half` leaves out what is on and above the diagonal, so that each pair is drawn once.
    """
    scores, rows, columns = np.asarray(scores), list(labels), list(labels)
    hidden = np.eye(len(scores), dtype=bool)
    if half:
        hidden = np.triu(np.ones_like(hidden))[1:, :-1]
        scores, rows, columns = scores[1:, :-1], rows[1:], columns[:-1]
    ax = axes_for(ax, title, (10, 7.4))
    coloured = np.where(np.abs(scores) < limit, 0, np.clip(scores, -12, 12))
    coloured = np.ma.array(coloured, mask=hidden & half)
    ax.imshow(coloured, cmap="PuOr_r", vmin=-18, vmax=18, aspect="auto")
    for (i, j), value in np.ndenumerate(scores):
        if not hidden[i, j]:
            text = f"{value:.0f}" if abs(value) >= 9.95 else f"{value:.1f}"
            color = "black" if abs(value) >= limit else "#777777" if half else "#888888"
            write(ax, i, j, text, color, 13 if half else 11)
    ax.set_xticks(range(len(columns)), columns, rotation=40, ha="right", rotation_mode="anchor")
    ax.set_yticks(range(len(rows)), rows)
    return _table(ax)


def _table(ax):
    ax.tick_params(length=0)
    ax.grid(False)
    ax.spines[:].set_visible(False)
    return ax.figure
