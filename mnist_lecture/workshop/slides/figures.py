"""The figures of the deck: drawn from the kept values, as SVG, which is sharp on every screen.

Where a figure cannot be drawn, for want of MNIST or of a kept value, the picture that is stored in
its notebook takes its place.
"""

import base64
import io
import re
import tempfile
from pathlib import Path
from typing import NamedTuple

from mnist_lecture import progress
from mnist_lecture.workshop import redraw

from matplotlib import colors
from PIL import Image

HERE = Path(__file__).parent
SIZE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
COLOUR = re.compile(r"#[0-9a-f]{6}\b")
BLACK = re.compile(r"<!--[^>]*-->\s*<g transform")  # a text: black is what an SVG need not say
READABLE = 1.9  # contrast of a line or a letter with the slide; less, and the figure gets a card


class Picture(NamedTuple):
    """A figure for a slide: its `uri`, its width over its height, and whether it is on a card.

    A card is white: the figure was drawn for light slides.
    """

    uri: str
    ratio: float
    card: bool


def draw(names, series, style=None, dark=False):
    """Return the figures `names` as a dict of `Picture`, and a list of remarks for the terminal.

    `style` is a Matplotlib style file; without it the deck has a look of its own, light or dark.
    A figure in which something would be too dark for a dark slide is drawn light, on a card.

    Raises what `redraw.draw_all` raises, and any `FigureError` that it returns.
    """
    light = HERE / "light.mplstyle"
    chosen = style or (HERE / "dark.mplstyle" if dark else light)
    with tempfile.TemporaryDirectory() as folder:
        failed = _draw(names, folder, chosen)
        drawn = {n: _picture(n, folder) for n in names if n not in failed}
        if dark and (hidden := [n for n in drawn if _too_dark(n, folder, chosen)]):
            _draw(hidden, folder, light)
            drawn |= {n: _picture(n, folder, card=True) for n in hidden}
    return drawn | {n: stored(n, series, dark) for n in failed}, _remarks(failed)


def _draw(names, folder, style):
    """Draw the figures; return why some could not be drawn, by name."""
    drawing = redraw.draw_all(names, folder, ["svg"], style, jobs=2)
    drawn = progress.bar(drawing, total=len(names), desc="figures", unit="figure")
    failed = {name: error for name, error in drawn if error}
    for error in failed.values():
        if isinstance(error, redraw.FigureError):
            raise error
    return failed


def _picture(name, folder, card=False):
    svg = Path(folder, f"{name}.svg").read_bytes()
    width, height = map(float, SIZE.search(svg.decode()).groups())
    return Picture(_uri("svg+xml", svg), width / height, card)


def stored(name, series, card=False):
    """Return the picture of a figure that is stored in its notebook."""
    png = base64.b64decode(series.picture(name))
    width, height = Image.open(io.BytesIO(png)).size
    return Picture(_uri("png", png), width / height, card)


def _uri(kind, content):
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def _too_dark(name, folder, style):
    """Return whether lines or letters of a figure cannot be seen on the background of the style.

    The colours that the style itself names are not asked about: its grid is meant to be faint.
    """
    named = {f"#{colour}" for colour in re.findall(r"\b[0-9a-f]{6}\b", _text(style).lower())}
    svg = Path(folder, f"{name}.svg").read_text(encoding="utf-8").lower()
    used = set(COLOUR.findall(svg)) | ({"#000000"} if BLACK.search(svg) else set())
    back = re.search(r"figure\.facecolor:\s*#?([0-9a-f]{6})", _text(style).lower())
    background = f"#{back[1]}" if back else "#ffffff"
    return any(_contrast(colour, background) < READABLE for colour in used - named)


def _contrast(one, other):
    """Return the contrast of two colours as WCAG defines it, from 1 to 21."""
    darker, lighter = sorted(map(_luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour):
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colors.to_rgb(colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _text(path):
    return Path(path).read_text(encoding="utf-8")


def _remarks(failed):
    """Return a line for each reason why figures could not be drawn."""
    reasons = {}
    for name, error in sorted(failed.items()):
        reasons.setdefault(type(error).__name__, []).append((name, error))
    return [
        f"Not drawn anew but as stored: {', '.join(n for n, _ in some)} ({some[0][1]})"
        for some in reasons.values()
    ]
