"""Show and save figures in the lecture's style, each with its alternative text."""

import io
import os
import tomllib
from functools import cache
from pathlib import Path

from IPython.display import display
from matplotlib import style
from PIL import Image
from PIL.PngImagePlugin import PngInfo

FORMATS = ("pdf", "svg", "png")
COLOURS = 256  # of a picture in a notebook
STYLE = Path(__file__).with_name("lecture.mplstyle")
ALT = Path(__file__).with_name("alt_texts.toml")

# Left out of the metadata: dates and versions, since the same figure must give the same bytes.
_LEFT_OUT = {"pdf": "CreationDate Creator Producer", "svg": "Date Creator", "png": "Software"}


def use_style(file=None):
    """Draw all figures from now on in the lecture's style.

    The Matplotlib style `file`, by default the one that MNIST_LECTURE_STYLE names, is applied after
    it. Raises `OSError` or `ValueError` if Matplotlib cannot use the file.
    """
    own = file or os.environ.get("MNIST_LECTURE_STYLE")
    # "default" first: a user's matplotlibrc, or an earlier style, must not change the figures.
    style.use(["default", STYLE, *([own] if own else [])])


def show(figure, name, source="MNIST", alt=None):
    """Show `figure` in the notebook, with its alternative text.

    The text is `alt` or, by default, the one that alt_texts.toml has under `name`. `source` tells
    where the digits are from; if this is not MNIST, it is written into a corner of the figure. If
    MNIST_LECTURE_FIGURES names a folder, the figure is also saved there. Raises `KeyError` if there
    is no text.
    """
    alt = _text(name, alt)
    if source != "MNIST":
        look = {"ha": "right", "va": "bottom", "fontsize": 9, "color": "#D55E00"}
        figure.text(0.995, 0.005, f"{source}, not MNIST", **look)
    data = {"image/png": png(figure, _metadata("png", name, alt)), "text/plain": alt}
    display(data, raw=True, metadata={"image/png": {"alt": alt}})
    if folder := os.environ.get("MNIST_LECTURE_FIGURES"):
        save(figure, name, folder, alt=alt)


def save(figure, name, folder, formats=FORMATS, alt=None):
    """Write `figure` into `folder` as `name`.pdf and so on; the same figure gives the same bytes.

    `formats` are some of `FORMATS`; `alt` is as for `show`. Raises `KeyError` if there is no text.
    """
    alt = _text(name, alt)
    Path(folder).mkdir(parents=True, exist_ok=True)
    for format in formats:
        metadata = _metadata(format, name, alt)
        figure.savefig(Path(folder, f"{name}.{format}"), format=format, metadata=metadata)


def png(figure, metadata=None):
    """Return `figure` as the bytes of a PNG with 256 colours, for a notebook.

    No eye sees the difference, and notebooks are a third of the size.
    """
    drawn, picture = io.BytesIO(), io.BytesIO()
    figure.savefig(drawn, format="png", pil_kwargs={"compress_level": 0})  # only read again here
    texts = PngInfo()
    for key, value in (metadata or {}).items():
        if value is not None:
            texts.add_text(key, value)
    few = Image.open(drawn).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(picture, format="png", optimize=True, pnginfo=texts)
    return picture.getvalue()


@cache
def alternative_texts():
    """Return the alternative texts of the lecture's figures: a dict from name to text."""
    texts = tomllib.loads(ALT.read_text(encoding="utf-8"))
    return {name: " ".join(text.split()) for name, text in texts.items()}


def _text(name, alt):
    alt = alt or alternative_texts().get(name)
    if alt is None:
        raise KeyError(f"no alternative text for {name}: add it to plots/{ALT.name} (or give alt)")
    return alt


def _metadata(format, name, alt):
    description = "Subject" if format == "pdf" else "Description"
    return dict.fromkeys(_LEFT_OUT[format].split()) | {"Title": name, description: alt}
