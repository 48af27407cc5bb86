"""Every figure of the lecture: each function takes arrays, draws into `ax`, returns the figure.

Without `ax` a figure of its own is made. It is not registered with pyplot, so a notebook shows it
once, as the last value of a cell or by `show`, and nothing needs to be closed.
"""

import io
import os
import tomllib
from functools import cache
from itertools import cycle
from pathlib import Path

import numpy as np
from IPython.display import display
from matplotlib import patches, style, ticker
from matplotlib.figure import Figure

BLUE, ORANGE = "#0072B2", "#D55E00"
FORMATS = ("pdf", "svg", "png")
STYLE = Path(__file__).with_name("lecture.mplstyle")
ALT = Path(__file__).with_name("figures.toml")


# ---------------------------------------------------------------------------- style and showing
def use_style(file=None):
    """Give all figures drawn from now on the lecture's look.

    The matplotlib style `file`, or else the one that MNIST_LECTURE_STYLE names, if any, is applied
    after the lecture's, so that the look changes without touching a notebook.
    """
    wanted = file or os.environ.get("MNIST_LECTURE_STYLE")
    # "default" first: a user's own matplotlibrc, or the style before, is not to shine through.
    style.use(["default", STYLE, *([wanted] if wanted else [])])


def show(figure, name, source="MNIST", alt=None):
    """Show `figure` in the notebook with its alternative text, for those who cannot see it.

    The text is `alt` or, for the figures of the lecture, the one that figures.toml has under
    `name`. If MNIST_LECTURE_FIGURES names a folder, the figure is also saved there. A `source` of
    digits other than MNIST is named in a corner, so that nobody mistakes the one for the other.

    Raises `KeyError` if there is no text.
    """
    alt = _text(name, alt)
    if source != "MNIST":
        figure.text(
            0.995, 0.005, f"{source}, not MNIST", ha="right", va="bottom", fontsize=9, color=ORANGE
        )
    display(
        {"image/png": png(figure, _about("png", name, alt)), "text/plain": alt},
        raw=True,
        metadata={"image/png": {"alt": alt}},
    )
    if folder := os.environ.get("MNIST_LECTURE_FIGURES"):
        save(figure, name, folder, alt=alt)


def save(figure, name, folder, formats=FORMATS, alt=None):
    """Write `figure` into `folder` as `name`.pdf and so on: the same bytes for the same figure.

    `formats` are some of `FORMATS`; `alt` is as for `show`.
    """
    Path(folder).mkdir(parents=True, exist_ok=True)
    for format in formats:
        about = _about(format, name, _text(name, alt))
        figure.savefig(Path(folder, f"{name}.{format}"), format=format, metadata=about)


def _text(name, alt):
    alt = alt or alternative_texts().get(name)
    if alt is None:
        raise KeyError(f"no alternative text for {name}: give alt, or add it to {ALT.name}")
    return alt


def _about(format, name, alt):
    """Return what a file says of itself: without dates and versions, so that its bytes stay."""
    return {
        "png": {"Software": None, "Title": name, "Description": alt},
        "svg": {"Date": None, "Creator": None, "Title": name, "Description": alt},
        "pdf": {
            "CreationDate": None,
            "Creator": None,
            "Producer": None,
            "Title": name,
            "Subject": alt,
        },
    }[format]


def png(figure, metadata=None):
    """Return `figure` as the bytes of a PNG, such as an image widget takes that a slider redraws.

    ipywidgets' `interact` would do without, but it captures output, and a notebook that was
    executed without a browser has been seen to hang in such a cell.
    """
    picture = io.BytesIO()
    figure.savefig(picture, format="png", metadata=metadata)
    return picture.getvalue()


@cache
def alternative_texts():
    """Return what each figure of the lecture shows, in words: a dict from name to text."""
    texts = tomllib.loads(ALT.read_text(encoding="utf-8"))
    return {name: " ".join(text.split()) for name, text in texts.items()}


# ---------------------------------------------------------------------------------- the pictures
def digits(images, captions=None, columns=10, title=None, ax=None):
    """Draw images as a mosaic, row by row, each with its caption above it.

    `images` is (N, 28, 28), (N, 28, 28, 1) or (N, 784), larger values darker; `captions` any N
    values. All images share one gray scale, from 0 to the largest value of all.
    """
    images = np.asarray(images)
    return pictures(images.reshape(len(images), 28, 28), captions, columns, title, ax=ax)


def pictures(images, captions=None, columns=4, title=None, signed=False, ax=None):
    """Draw pictures of any size (N, height, width) as a mosaic, each with its caption above it.

    All share one scale: from 0, white, to the largest value of all, black; or, where they are
    `signed` (kernels, waves, contours), violet below 0, white at 0 and orange above.
    """
    images = np.asarray(images)
    height, width = images.shape[1:]
    rows = -(-len(images) // columns)
    gap = max(round(min(height, width) / 7), 1)
    size = min(9.5, (0.8 + width / 70) * columns)  # in inches
    step_x = width + gap
    line = round(0.45 * columns * step_x / size)  # pixels for a caption
    head = min(line, round(3 / 7 * height)) if captions is not None else 0
    step_y = height + gap + head
    mosaic = np.full((rows * step_y - gap, columns * step_x - gap), np.nan)
    ax = _axes(ax, (size, size * mosaic.shape[0] / mosaic.shape[1] + (0.5 if title else 0)))
    for n, image in enumerate(images):
        y, x = n // columns * step_y + head, n % columns * step_x
        mosaic[y : y + height, x : x + width] = image
        ax.add_patch(
            patches.Rectangle(
                (x - 0.5, y - 0.5), width, height, fill=False, ec="#BBBBBB", lw=0.8, clip_on=False
            )
        )
        if captions is not None:
            middle, above = x + (width - 1) / 2, y - 0.5 - head / 8
            ax.text(middle, above, str(captions[n]), ha="center", va="bottom", fontsize=12)
    if signed:
        ax.imshow(mosaic, **_signed(images))
    else:
        ax.imshow(mosaic, cmap="gray_r", vmin=0, vmax=images.max(initial=0) or 1)
    return _bare(ax, title)


def scanning(image, kernel, result, places, title=None, ax=None):
    """Draw how a kernel is scanned over an image, row by row: a column for each of the `places`.

    Above is the image (H, W), the window framed; in the middle the window times the kernel (h, w)
    and the sum; below the `result` (H − h + 1, W − w + 1), gray where the scan has not yet been
    when it is at this pixel (y, x). The lower two are signed: violet below 0, orange above.
    """
    (height, width), (h, w), (rows, columns) = image.shape, kernel.shape, result.shape
    products = np.array([kernel * image[y : y + h, x : x + w] for y, x in places])
    known = np.arange(result.size).reshape(result.shape)
    side, pitch = 0.45 * height, 1.2 * width  # of a product; from column to column
    tops = 0, 1.15 * height, 1.45 * height + side
    right, bottom = (len(places) - 1) * pitch + width, tops[2] + rows
    ax = _axes(ax, (2.6 * len(places), 2.6 * len(places) * bottom / right + 0.5))
    scales = {
        "image": {"vmin": 0, "vmax": image.max()},
        "window × kernel": _signed(products),
        "new image": _signed(result),
    }

    def draw(row, values, left, window):
        height, width = (side, side) if row == 1 else values.shape
        box = (left, tops[row], width, height)
        extent = (left, left + width, tops[row] + height, tops[row])
        ax.add_patch(patches.Rectangle(box[:2], *box[2:], fc="#E4E4E4", zorder=-1))
        ax.imshow(values, extent=extent, **list(scales.values())[row])
        for (x, y, *size), color in ((box, "#BBBBBB"), (window, ORANGE)):
            ax.add_patch(
                patches.Rectangle((x, y), *size, fill=False, ec=color, lw=2, clip_on=False)
            )

    for n, ((y, x), product) in enumerate(zip(places, products, strict=True)):
        left, middle = n * pitch, n * pitch + width / 2
        draw(0, image, left, (left + x, y, w, h))
        draw(1, product, middle - side / 2, (middle - side / 2, tops[1], side, side))
        below = tops[1] + side + 1
        ax.text(middle, below, f"sum {product.sum():.2f}".replace("-", "−"), ha="center", va="top")
        seen = np.where(known <= known[y, x], result, np.nan)
        draw(2, seen, middle - columns / 2, (middle - columns / 2 + x, tops[2] + y, 1, 1))
    for name, top, size in zip(scales, tops, (height, side, rows), strict=True):
        ax.text(-1, top + size / 2, name, rotation=90, ha="right", va="center")
    ax.set(xlim=(-0.1 * width, right + 0.5), ylim=(bottom + 0.5, -0.5))
    return _bare(ax, title)


def pixels(image, title=None, ax=None):
    """Draw one image (28, 28) large, with the gray value of every pixel, in [0, 1], written in."""
    image = np.asarray(image).reshape(28, 28)
    ax = _axes(ax, (9, 9.4 if title else 9))
    ax.imshow(image, cmap="gray_r", vmin=0, vmax=1)
    for (y, x), value in np.ndenumerate(image):
        text = "0" if value == 0 else "1" if value == 1 else f"{value:.1f}".lstrip("0")
        color = "white" if value > 0.5 else "#BBBBBB" if value == 0 else "black"
        ax.text(x, y, text, ha="center", va="center", fontsize=7.5, color=color)
    return _bare(ax, title)


def one_hot(rows, captions, title=None, ax=None):
    """Draw one-hot vectors (N, 10) as rows of a table, each with its caption on the left."""
    rows = np.asarray(rows)
    ax = _axes(ax, (8, 0.5 * len(rows) + 1.2))
    ax.imshow(rows, cmap="Blues", vmin=0, vmax=1.4, aspect="auto")
    for (n, j), value in np.ndenumerate(rows):
        ax.text(
            j, n, f"{value:g}", ha="center", va="center", color="white" if value > 0.5 else "gray"
        )
    ax.set_xticks(range(rows.shape[1]))
    ax.set_yticks(range(len(rows)), captions)
    ax.set_xlabel("category $j$")
    return _table(ax, title)


def field(displacement, image, title=None, ax=None):
    """Draw where the pixels of an image look: arrows (2, 28, 28), down and right, in pixels.

    The `image` (28, 28) lies pale below them; every second pixel has its arrow, true to scale.
    """
    ax = _axes(ax, (5, 5.4 if title else 5))
    ax.imshow(0.35 * np.asarray(image), vmin=0, vmax=1)
    y, x = np.mgrid[1:28:2, 1:28:2]
    down, right = np.asarray(displacement)[:, 1::2, 1::2]
    ax.quiver(x, y, right, down, angles="xy", scale_units="xy", scale=1, color=BLUE, width=0.006)
    return _bare(ax, title)


def mistakes(images, predicted, labels, columns=6, title=None, ax=None):
    """Draw wrongly classified images (N, 784 or 28, 28), captioned as on the slide: “8” (3 !)."""
    captions = [f"“{p}”  ({t} !)" for p, t in zip(predicted, labels, strict=True)]
    return digits(images, captions, columns, title, ax)


def confusion(matrix, title=None, ax=None):
    """Draw how often category i (row) was taken for j (column), from counts (10, 10).

    The right answers on the diagonal are left white: the mistakes are the news.
    """
    matrix = np.asarray(matrix)
    wrong = matrix - np.diag(np.diag(matrix))
    ax = _axes(ax, (7.2, 6.6))
    ax.imshow(wrong, cmap="Oranges", vmin=0)
    for (i, j), count in np.ndenumerate(matrix):
        strong = i != j and count > 0.6 * wrong.max()
        color = "#999999" if i == j else "white" if strong else "black"
        ax.text(j, i, f"{count:,}", ha="center", va="center", fontsize=10, color=color)
    ax.set_xticks(range(len(matrix)))
    ax.set_yticks(range(len(matrix)))
    ax.set_xlabel("the network says")
    ax.set_ylabel("right answer")
    return _table(ax, title)


# --------------------------------------------------------------------------- vectors and curves
def bars(
    values, labels=None, ylabel=None, title=None, color=BLUE, ylim=None, numbers=".2g", ax=None
):
    """Draw a vector (N,) as bars over its index, the numbers written on them.

    `numbers` is their format, as for `format`; None leaves them out.
    """
    values = np.asarray(values)
    ax = _axes(ax)
    drawn = ax.bar(range(len(values)), values, color=color, width=0.75)
    if numbers is not None:
        ax.bar_label(drawn, [format(v, numbers) for v in values], padding=2, fontsize=10)
    ax.set_xticks(range(len(values)), labels)
    ax.set_xlabel("category $j$")
    ax.set_ylabel(ylabel)
    ax.axhline(0, color="#555555", lw=0.8)
    ax.margins(y=0.15)
    ax.set_ylim(ylim)
    ax.grid(axis="x", visible=False)
    return _titled(ax, title)


def verdict(image, probabilities, label, axes):
    """Draw a digit, (28, 28) or (784,), and below it the ten probabilities that a network gives.

    `axes` are two, for the image and for the bars; the largest probability is hatched, and the
    title tells what the network says; above the image stands the right answer, `label`, or, if it
    is a text, what the image is.
    """
    probabilities = np.asarray(probabilities)
    best = int(probabilities.argmax())
    digits([image], columns=1, ax=axes[0])
    axes[0].set_title(label if isinstance(label, str) else f"a {label}", loc="center")
    drawn = axes[1].bar(range(len(probabilities)), probabilities, color=BLUE, width=0.8)
    drawn[best].set(facecolor=ORANGE, edgecolor="white", hatch="//")
    axes[1].set_xticks(range(len(probabilities)))
    axes[1].set_xlabel("category $j$")
    axes[1].grid(axis="x", visible=False)
    axes[1].set_title(f"says “{best}”", loc="center", color=ORANGE, fontsize=13)
    return axes[0].figure


def shares(parts, title=None, ax=None):
    """Draw the share of each category in several sets: `parts` maps their names to shares (10,)."""
    ax = _axes(ax)
    width = 0.8 / len(parts)
    for n, (name, values) in enumerate(parts.items()):
        offset = (n - (len(parts) - 1) / 2) * width
        ax.bar(np.arange(len(values)) + offset, values, 0.9 * width, label=name)
    ax.set_xticks(range(10))
    ax.set_xlabel("category")
    ax.set_ylabel("share of the images")
    _percent(ax.yaxis, decimals=0)
    ax.legend(ncols=len(parts), loc="upper center", bbox_to_anchor=(0.5, 1.0))
    ax.set_ylim(0, 1.3 * max(np.max(values) for values in parts.values()))
    ax.grid(axis="x", visible=False)
    return _titled(ax, title)


def curves(x, ys, xlabel, ylabel, title=None, percent=False, ax=None):
    """Draw several functions over the same `x` (N,): `ys` maps each label to its values (N,).

    `percent` says that the values are fractions. Over whole numbers, ticks are whole numbers.
    """
    ax = _axes(ax)
    for label, y in ys.items():
        ax.plot(x, y, label=label)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    if np.asarray(x).dtype.kind in "iu":
        ax.xaxis.set_major_locator(ticker.MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    if percent:
        _percent(ax.yaxis)
    ax.set_title(title)
    if len(ys) > 1:
        ax.legend()
    return ax.figure


def compare(theory, measured, xlabel, ylabel, title=None, log="", percent=False, ax=None):
    """Draw theory as lines and measurements as points, in the same colour if they share a label.

    `theory` and `measured` map labels to pairs (x, y), each (N,) or a single number; either may
    be empty. A measurement may be (x, y, σ), and then has error bars. `log` names the logarithmic
    axes: "", "x", "y" or "xy"; `percent` says that y is a fraction.
    """
    ax = _axes(ax)
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
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.set_xscale("log" if "x" in log else "linear")
    ax.set_yscale("log" if "y" in log else "linear")
    if percent:
        _percent(ax.yaxis, log="y" in log)
    ax.set_title(title)
    if len(theory) + len(measured) > 1:
        ax.legend()
    return ax.figure


def accuracy(history, title=None, ax=None):
    """Draw accuracy during training from the dict `history.history` that `fit` returns.

    Its keys are `categorical_accuracy` and, if there is one, `val_categorical_accuracy`: a
    sequence each, one value per epoch, in [0, 1]. The training value is an average taken *during*
    the epoch, while the network still changes, so it is drawn half an epoch earlier.
    """
    training = np.asarray(history["categorical_accuracy"])
    ax = _axes(ax)
    epoch = np.arange(1, len(training) + 1)
    ax.plot(epoch - 0.5, training, label="training")
    if "val_categorical_accuracy" in history:
        ax.plot(epoch, history["val_categorical_accuracy"], label="validation")
    ax.legend(loc="lower right")
    ax.set_xlabel("epoch")
    ax.set_ylabel("accuracy")
    _percent(ax.yaxis)
    ax.xaxis.set_major_locator(ticker.MaxNLocator(integer=True))
    ax.set_xlim(0, len(training) + 0.5)
    return _titled(ax, title)


def gap(x, training, validation, xlabel, ylabel, title=None, log="", percent=True, ax=None):
    """Draw a measure on training and on validation images over `x`, all (N,), and shade the gap.

    `log` is "x" for a logarithmic axis, for few points, which are marked; `percent` says whether
    the measure is a fraction.
    """
    ax = _axes(ax)
    marker = "o" if "x" in log else ""
    ax.plot(x, training, marker=marker, label="training")
    ax.plot(x, validation, marker=marker, label="validation")
    ax.fill_between(x, training, validation, color="#999999", alpha=0.2, lw=0, label="gap")
    ax.set(xlabel=xlabel, ylabel=ylabel)
    if "x" in log:
        ax.set_xscale("log")
        ax.xaxis.set_major_formatter(ticker.StrMethodFormatter("{x:,.0f}"))
    if percent:
        _percent(ax.yaxis, decimals=0)
    ax.legend()
    return _titled(ax, title)


def confidence(probabilities, right, title=None, ax=None):
    """Draw how sure a network is, apart for right and wrong answers.

    `probabilities` (N,) are those of the category that it says; `right` (N,) is True where it is
    the right one. Each of the two histograms adds up to 100 %.
    """
    ax = _axes(ax)
    edges = np.linspace(0, 1, 21)
    for chosen, label in ((right, "right answers"), (~right, "wrong answers")):
        values = probabilities[chosen]
        weights = np.full(len(values), 1 / max(len(values), 1))
        ax.hist(values, edges, weights=weights, histtype="step", lw=2.4, label=label)
    ax.set_xlabel("probability that the network gives to its answer")
    ax.set_ylabel("share of these answers")
    _percent(ax.yaxis, decimals=0)
    ax.legend(loc="upper left")
    return _titled(ax, title)


def histograms(values, xlabel, title=None, ax=None):
    """Draw how often values occur, as shares in fifty bins: `values` maps labels to arrays (N,)."""
    ax = _axes(ax)
    edges = np.linspace(
        min(np.min(v) for v in values.values()), max(np.max(v) for v in values.values()), 51
    )
    for (label, v), line in zip(values.items(), ("-", "--", "-.", ":"), strict=False):
        weights = np.full(len(v), 1 / len(v))
        ax.hist(v, edges, weights=weights, histtype="step", lw=2.2, ls=line, label=label)
    ax.set(xlabel=xlabel, ylabel="share")
    _percent(ax.yaxis, decimals=0)
    ax.set_ylim(0, 1.2 * ax.get_ylim()[1])
    ax.legend(loc="upper center", ncols=len(values))
    return _titled(ax, title)


def spread(answers, without, title=None, ax=None):
    """Draw the probabilities that a network gives to one image when it is asked again and again.

    `answers` are those with noise, (M, 10), a dot each; `without` (10,) is the one without noise.
    """
    answers = np.asarray(answers)
    ax = _axes(ax)
    jitter = np.linspace(-0.3, 0.3, len(answers))
    for j in range(answers.shape[1]):
        ax.plot(j + jitter, answers[:, j], "o", ms=4.5, color=BLUE, mew=0, alpha=0.45)
    ax.plot(range(len(without)), without, "_", ms=30, mew=3, color=ORANGE, ls="none")
    ax.set_xticks(range(len(without)))
    ax.set_xlabel("category $j$")
    ax.set_ylabel("probability")
    ax.set_ylim(-0.05, 1.05)
    ax.grid(axis="x", visible=False)
    return _titled(ax, title)


def seeds(results, xlabel, title=None, percent=True, sigma=None, log=False, ax=None):
    """Draw the results of single runs as points on a line: `results` maps a label to values.

    The mark is at the mean of a label that has more than one value; or, if `sigma` maps the labels
    to it, below the points is a bar from the mean − σ to the mean + σ. `percent` says whether the
    values are fractions, `log` whether their axis is logarithmic.
    """
    ax = _axes(ax, (8, 1.3 + (0.8 if len(results) < 8 else 0.45) * len(results)))
    for row, (label, values) in enumerate(results.items()):
        mean, places = np.mean(values), np.full(len(values), row)
        if sigma:
            ax.plot(values, places, "o", color=BLUE, ms=6.5, alpha=0.7)
            ax.errorbar(mean, row + 0.32, xerr=sigma[label], color=ORANGE, lw=2.4)
            continue
        ax.plot(values, places, "o", color=[BLUE, ORANGE][row % 2], ms=11, alpha=0.8)
        if len(values) > 1:
            ax.plot(mean, row, "|", color="black", ms=26, mew=2)
    ax.set_yticks(range(len(results)), results)
    ax.set_ylim(len(results) - 0.4, -0.6)
    ax.set_xlabel(xlabel)
    if log:
        ax.set_xscale("log")
    else:
        ax.set_xlim(0, 1.08 * max(np.max(values) for values in results.values()))
    if percent:
        _percent(ax.xaxis, None if log else 0, log)
        if not log and ax.get_xlim()[1] < 0.05:
            ax.xaxis.set_major_locator(ticker.MultipleLocator(0.01))  # "2%" must not come twice
    ax.grid(axis="y", visible=False)
    return _titled(ax, title)


def pairs(scores, labels, limit=3, title=None, ax=None):
    """Draw by how many σ the label of each row is better than that of each column: (N, N).

    Scores beyond ± `limit` are coloured, orange for better and violet for worse; the others, which
    may be luck, are left white.
    """
    scores = np.asarray(scores)
    ax = _axes(ax, (10, 7.4))
    shown = np.where(np.abs(scores) < limit, 0, np.clip(scores, -12, 12))
    ax.imshow(shown, cmap="PuOr_r", vmin=-18, vmax=18, aspect="auto")
    for (i, j), value in np.ndenumerate(scores):
        if i != j:
            text = f"{value:.0f}" if abs(value) >= 9.95 else f"{value:.1f}"
            color = "black" if abs(value) >= limit else "#888888"
            ax.text(
                j, i, text.replace("-", "−"), ha="center", va="center", fontsize=11, color=color
            )
    ax.set_xticks(range(len(labels)), labels, rotation=40, ha="right", rotation_mode="anchor")
    ax.set_yticks(range(len(labels)), labels)
    return _table(ax, title)


# ------------------------------------------------------------------------------------------ details
def grid(rows=1, columns=1, size=None, **settings):
    """Return a figure and its axes for a figure of several panels, as `pyplot.subplots` does.

    `size` is (width, height) in inches; `settings` go to `Figure.subplots`.
    """
    figure = Figure(figsize=size, layout="constrained")
    return figure, figure.subplots(rows, columns, **settings)


def _axes(ax, size=None):
    return grid(size=size)[1] if ax is None else ax


def _percent(axis, decimals=None, log=False):
    """Write the ticks of `axis` in per cent; those of a logarithmic one at 1, 2, 5, 10, …"""
    if log:
        axis.set_major_locator(ticker.LogLocator(subs=(1, 2, 5)))
        axis.set_minor_formatter(ticker.NullFormatter())
        axis.set_major_formatter(lambda value, _: f"{100 * value:g}%")
    else:
        axis.set_major_formatter(ticker.PercentFormatter(1, decimals=decimals))


def _bare(ax, title):
    ax.set_axis_off()
    return _titled(ax, title)


def _signed(values):
    largest = np.abs(values).max(initial=0) or 1
    return {"cmap": "PuOr_r", "vmin": -largest, "vmax": largest}


def _table(ax, title):
    ax.tick_params(length=0)
    ax.grid(False)
    ax.spines[:].set_visible(False)
    return _titled(ax, title)


def _titled(ax, title):
    ax.set_title(title)
    return ax.figure
