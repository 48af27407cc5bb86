"""Images: digits, kernels, fields, a network."""

import itertools

from mnist_lecture.plots.axes import (
    BLUE,
    GRAY,
    ORANGE,
    axes_for,
    category_axis,
    frame,
    signed_scale,
)

import numpy as np
from matplotlib import patches


def digits(images, captions=None, columns=10, title=None, ax=None):
    """Draw images of digits as `pictures` does: (N, 28, 28), (N, 28, 28, 1) or (N, 784)."""
    images = np.asarray(images)
    return pictures(images.reshape(len(images), 28, 28), captions, columns, title, ax=ax)


def enlarged(image, corner, axes, size=8, title=None):
    """Draw an image (28, 28), a patch of it enlarged, with its gray values, and all as one vector.

    `corner` is the place (down, right) of the patch of `size` × `size` pixels. `axes` are two: the
    lower one, for the vector, needs a tenth of the height; marks show where the patch has gone.
    """
    (above, below), (top, left), (height, width) = axes, corner, image.shape
    patch = image[top : top + size, left : left + size]
    place, step = 1.3 * width, width / size  # of the enlarged patch; of one of its pixels
    above.imshow(image, extent=(0, width, height, 0), vmin=0, vmax=1)
    above.imshow(patch, extent=(place, place + width, height, 0), vmin=0, vmax=1)
    for (y, x), value in np.ndenumerate(patch):
        color = "white" if value > 0.5 else "black"
        where = place + (x + 0.5) * step, (y + 0.5) * step
        above.text(*where, f"{value:.1f}", color=color, ha="center", va="center")
    frame(above, 0, 0, width, height)
    frame(above, left, top, size, size, ORANGE)
    frame(above, place, 0, width, height, ORANGE)
    for y, end in (top, 0), (top + size, height):
        above.plot([left + size, place], [y, end], "-", color=ORANGE, lw=1)
    above.set(xlim=(-0.5, place + width + 0.5), ylim=(height + 0.5, -0.5), title=title)
    above.set_axis_off()

    below.imshow(image.reshape(1, -1), aspect="auto", extent=(0, image.size, 1, 0))
    for start in range(top * width + left, (top + size) * width + left, width):
        below.plot([start, start + size], [-0.25, -0.25], "-", color=ORANGE, lw=5, clip_on=False)
    below.set(yticks=[], ylim=(1, 0))
    return above.figure


def pictures(images, captions=None, columns=4, title=None, signed=False, ax=None):
    """Draw pictures (N, height, width) as a mosaic, row by row, below N `captions`, if any.

    All share one scale: from 0, white, to the largest value of all, black; or, if they are
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
    tall = size * mosaic.shape[0] / mosaic.shape[1] + (0.5 if title else 0)
    ax = axes_for(ax, title, (size, tall))
    for n, image in enumerate(images):
        y, x = n // columns * step_y + head, n % columns * step_x
        mosaic[y : y + height, x : x + width] = image
        frame(ax, x - 0.5, y - 0.5, width, height, lw=0.8)
        if captions is not None:
            middle, above = x + (width - 1) / 2, y - 0.5 - head / 8
            ax.text(middle, above, str(captions[n]), ha="center", va="bottom", fontsize=12)
    gray = {"cmap": "gray_r", "vmin": 0, "vmax": images.max(initial=0) or 1}
    ax.imshow(mosaic, **(signed_scale(images) if signed else gray))
    ax.set_axis_off()
    return ax.figure


def mistakes(images, predicted, labels, columns=6, title=None, ax=None):
    """Draw N misclassified digits, captioned as on the slide: “8”  (3 !) is a 3 predicted as 8."""
    captions = [f"“{p}”  ({t} !)" for p, t in zip(predicted, labels, strict=True)]
    return digits(images, captions, columns, title, ax)


def scanning(image, kernel, result, places, title=None, ax=None):
    """Draw how a kernel scans an image, row by row: a column for each of the `places` (y, x).

    Above is the image (H, W), the window framed; in the middle, beside the kernel (h, w), the
    window times the kernel and the sum; below the `result` (H − h + 1, W − w + 1), gray after the
    place, where the scan has not yet been. Kernel, products and result are signed: violet below 0,
    orange above.
    """
    (height, width), (h, w), rows = image.shape, kernel.shape, len(result)
    products = np.array([kernel * image[y : y + h, x : x + w] for y, x in places])
    order = np.arange(result.size).reshape(result.shape)
    side, pitch = 0.5 * height, 1.2 * width  # of a product; from column to column
    tops = 0, 1.15 * height, 1.5 * height + side
    right, bottom = (len(places) - 1) * pitch + width, tops[2] + rows
    across = right + 0.95 * width
    ax = axes_for(ax, title, (11, 11 * bottom / across + 0.5))

    def draw(middle, top, values, scale, shape, window):
        (height, width), (y, x, h, w) = shape, window
        left = middle - width / 2
        ax.add_patch(patches.Rectangle((left, top), width, height, fc="#E4E4E4", zorder=-1))
        ax.imshow(values, extent=(left, left + width, top + height, top), **scale)
        frame(ax, left, top, width, height)
        frame(ax, left + x, top + y, w, h, ORANGE, lw=2.6)

    gray, product_window = {"vmin": 0, "vmax": image.max()}, (0, 0, side, side)
    beside = -0.55 * width
    draw(beside, tops[1], kernel, signed_scale(kernel), (side, side), product_window)
    ax.text(beside, tops[1] + side + 1, "kernel", ha="center", va="top")
    for n, ((y, x), product) in enumerate(zip(places, products, strict=True)):
        middle = n * pitch + width / 2
        seen = np.where(order <= order[y, x], result, np.nan)
        draw(middle, tops[0], image, gray, image.shape, (y, x, h, w))
        draw(middle, tops[1], product, signed_scale(products), (side, side), product_window)
        draw(middle, tops[2], seen, signed_scale(result), result.shape, (y, x, 1, 1))
        total = f"sum {product.sum():.2f}".replace("-", "−")
        ax.text(middle, tops[1] + side + 1, total, ha="center", va="top")
    names = ("image", "window\n× kernel", "new image")
    for name, top, size in zip(names, tops, (height, side, rows), strict=True):
        ax.text(-1, top + size / 2, name, rotation=90, ha="right", va="center", linespacing=1.1)
    ax.set(xlim=(-0.95 * width, right + 0.5), ylim=(bottom + 0.5, -0.5))
    ax.set_axis_off()
    return ax.figure


def field(displacement, image, title=None, ax=None):
    """Draw a displacement field (2, 28, 28), down and right, in pixels, over an `image` (28, 28).

    Each pixel reads its gray value that far away. So the ink goes the other way: an arrow, true to
    scale, leads to every second pixel from where it reads.
    """
    ax = axes_for(ax, title, (5, 5.4 if title else 5))
    ax.imshow(0.35 * np.asarray(image), vmin=0, vmax=1)
    y, x = np.mgrid[1:28:2, 1:28:2]
    down, right = np.asarray(displacement)[:, 1::2, 1::2]
    look = {"angles": "xy", "scale_units": "xy", "scale": 1, "color": BLUE, "width": 0.006}
    ax.quiver(x, y, -right, -down, pivot="tip", **look)
    ax.set_axis_off()
    return ax.figure


def verdict(image, probabilities, label, axes):
    """Draw a digit, (28, 28) or (784,), and below it its ten predicted probabilities.

    `axes` are two, for the image and for the bars. Above the image is its `label`, a number, or any
    other text; above the bars is the predicted category, whose bar is hatched.
    """
    above, below = axes
    digits([image], columns=1, ax=above)
    above.set_title(label if isinstance(label, str) else _article(label), loc="center")
    drawn = below.bar(range(len(probabilities)), probabilities, color=BLUE, width=0.8)
    best = np.argmax(probabilities)
    drawn[best].set(facecolor=ORANGE, edgecolor="white", hatch="//")
    category_axis(below, len(probabilities))
    below.set_title(f"predicted “{best}”", loc="center", color=ORANGE, fontsize=13)
    return above.figure


def _article(digit):
    return f"an {digit}" if digit == 8 else f"a {digit}"


def network(layers, names=None, outputs=None, dropped=(), title=None, ax=None):
    """Draw a dense network: a column of neurons for each layer, and a line for each weight.

    `layers` holds the number of neurons of each layer, the inputs first; of more than ten, only
    eight are drawn, with dots between them. `names` are written below the layers, `outputs` beside
    the neurons of the last one. `dropped` holds pairs (layer, neuron drawn), counted from 0, which
    are crossed out and lose their lines.
    """
    ax = axes_for(ax, title, (8, 5))
    places = [_column(n) for n in layers]
    for layer, (before, after) in enumerate(itertools.pairwise(places)):
        for (k, y), (m, z) in itertools.product(enumerate(before), enumerate(after)):
            if (layer, k) not in dropped and (layer + 1, m) not in dropped:
                ax.plot([layer, layer + 1], [y, z], "-", color="#AAAAAA", lw=0.6, zorder=1)
    for layer, (column, n) in enumerate(zip(places, layers, strict=True)):
        for k, y in enumerate(column):
            gone = (layer, k) in dropped
            color = ax.get_facecolor() if gone else ORANGE if layer == len(layers) - 1 else BLUE
            ax.plot(layer, y, "o", ms=15, color=color, mec=GRAY if gone else color, zorder=2)
            if gone:
                ax.plot(layer, y, "x", ms=13, color=ORANGE, mew=2.5, zorder=3)
        if len(column) < n:
            dots = {"ha": "center", "va": "center", "fontsize": 18, "rotation": 90}
            ax.text(
                layer,
                0,
                "…",
                **dots,
                bbox={"fc": ax.get_facecolor(), "ec": "none", "pad": 1},
                zorder=2,
            )
        if names is not None:
            ax.text(layer, -5.6, names[layer], ha="center", va="top")
    for y, text in zip(places[-1], () if outputs is None else outputs, strict=False):
        ax.text(len(layers) - 0.86, y, text, ha="left", va="center")
    ax.set(xlim=(-0.4, len(layers) - 0.3), ylim=(-7.4, 5.2))
    ax.set_axis_off()
    return ax.figure


def connections(weights, title=None, ax=None):
    """Draw a layer of neurons and its weights (outputs, inputs), one for each line and each cell.

    Above are the output neurons, then the inputs, and a line for each weight that is not zero.
    Below each input is its column of the matrix; its rows are the outputs. Equal weights have the
    same colour; if no two are equal, each has a gray of its own.
    """
    weights = np.asarray(weights)
    outputs, inputs = weights.shape
    values, uses = np.unique(weights[weights != 0], return_counts=True)
    shared = uses.max(initial=0) > 1
    looks = [f"C{k}" if shared else str(0.35 + 0.5 * k / len(values)) for k in range(len(values))]
    color = dict(zip(values, looks, strict=True))
    ax = axes_for(ax, title, (6, 7.5))
    top, shift = -0.45 * inputs, (inputs - outputs) / 2  # of the output neurons
    for (i, j), weight in np.ndenumerate(weights):
        ax.add_patch(patches.Rectangle((j - 0.5, i + 0.7), 1, 1, ec=GRAY, lw=0.6, fc="white"))
        if weight:
            look = {"color": color[weight], "lw": 2.6 if shared else 1}
            ax.plot([j, i + shift], [0, top], "-", solid_capstyle="round", zorder=1, **look)
            ax.patches[-1].set_facecolor(color[weight])
    ax.plot(np.arange(outputs) + shift, np.full(outputs, top), "o", color="black", ms=15)
    ax.plot(np.arange(inputs), np.zeros(inputs), "o", color="black", ms=15)
    ax.set(xlim=(-1, inputs), ylim=(outputs + 0.9, top - 0.7), aspect="equal")
    ax.set_axis_off()
    return ax.figure


def _column(n):
    """Return the heights at which the neurons of a layer of `n` are drawn, from the top."""
    if n <= 10:
        return np.linspace(1, -1, n) * min(n / 2, 4.8) if n > 1 else np.zeros(1)
    above = np.linspace(4.8, 1.2, 4)
    return np.concatenate([above, -above[::-1]])
