"""Figures that answer to the hand, in a notebook and on its page: no kernel, no network.

    live.show("temperature", figure, z=z)

A live figure is a script of this folder. `show` puts it into the cell's output as a page within
the page, an <iframe> that holds everything: script, style and the values that the cell has
computed. Where scripts do not run, as in a notebook that is not trusted yet, the static `figure`
is seen instead: it lies behind the frame.

`style.css` and the scripts in `SHARED` are part of each figure; what follows them uses only the
object `live`: `live.js` (values, controls, pictures), `networks.js` (a trained network at work),
`images.js` (centring and distorting, as `augmentation` does it), `drawing.js` (digits by hand).
"""

import base64
import json
from html import escape
from pathlib import Path

from mnist_lecture import plots

import numpy as np
from IPython.display import display

HERE = Path(__file__).parent
SHARED = ("live.js", "networks.js", "images.js", "drawing.js")
NAMES = tuple(sorted(path.stem for path in HERE.glob("*.js") if path.name not in SHARED))
WIDTH, HEIGHT = 960, 520  # pixels, at first: the frame then takes the height of what it holds

# One box for both: the picture, and the frame over it, which covers the picture if it is shown.
BOX = """<div style="display: grid; max-width: {width}px">
<img style="grid-area: 1 / 1; max-width: 100%" alt="{alt}" src="data:image/png;base64,{picture}">
<iframe style="grid-area: 1 / 1; width: 100%; height: {height}px; border: 0; background: #fff"
title="{alt}" srcdoc="{document}"></iframe>
</div>"""

DOCUMENT = """<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
{style}</style>
<main id="figure"></main>
<p id="source" class="note"></p>
<script type="application/json" id="values">{values}</script>
<script>
{script}</script>
</html>
"""


def show(name, figure, source="MNIST", alt=None, **values):
    """Show the live figure `name`, and behind it the static `figure`, where scripts do not run.

    `values` are what the script `name`.js reads: numbers, texts, lists, arrays and trained Keras
    networks. `source` and `alt` are as for `plots.show`; by default the text is the one that
    alt_texts.toml has under "live-" and the name. Raises `KeyError` if there is no such figure or
    no text, and `ValueError` for a network with a layer that the page cannot compute.
    """
    alt = alt or plots.alternative_texts()[f"live-{name}"]
    picture = base64.b64encode(plots.png(figure)).decode()
    frame = document(name, alt, source=source, **values)
    box = BOX.format(
        width=WIDTH, height=HEIGHT, alt=escape(alt), picture=picture, document=escape(frame)
    )
    about = {"text/html": {"name": name, "alt": alt}}
    display({"text/html": box, "text/plain": alt}, raw=True, metadata=about)


def document(name, title, **values):
    """Return the live figure `name` as a page of its own, HTML that needs nothing else."""
    if name not in NAMES:
        raise KeyError(f"there is no live figure {name}; there are {', '.join(NAMES)}")
    script = "".join(_text(part) for part in (*SHARED, f"{name}.js"))
    packed = json.dumps({key: pack(value) for key, value in values.items()}, ensure_ascii=False)
    return DOCUMENT.format(
        title=escape(title),
        style=_text("style.css"),
        values=packed.replace("<", "\\u003c"),  # which could end the script
        script=script,
    )


def image(text):
    """Return the drawing that was copied as `text` from "draw a digit": float32 (28, 28), 0 to 1.

    Raises `ValueError` if it is not such a text.
    """
    try:
        pixels = np.frombuffer(base64.b64decode("".join(text.split()), validate=True), np.uint8)
        return pixels.reshape(28, 28).astype(np.float32) / 255
    except ValueError:
        raise ValueError(
            "this is no drawing: press “copy as text” under the canvas and paste all of it"
        ) from None


def pack(value):
    """Return `value` as JSON can hold it; `live.js` unpacks it.

    Arrays become the base64 of float32, or of uint8 and int32 as they are; networks become a list
    of their layers with weights in float16, which changes a probability by some 1e-4.
    """
    if hasattr(value, "layers"):
        return _network(value)
    if isinstance(value, np.ndarray | np.generic):
        value = np.asarray(value)
        if value.dtype.kind == "f" and value.dtype != np.float16:
            value = value.astype(np.float32)
        elif value.dtype.kind in "iub" and value.dtype != np.uint8:
            value = value.astype(np.int32)
        little = value.astype(value.dtype.newbyteorder("<"))
        text = base64.b64encode(little.tobytes()).decode()
        return {"array": text, "dtype": value.dtype.name, "shape": list(value.shape)}
    if isinstance(value, dict):
        return {str(key): pack(part) for key, part in value.items()}
    if isinstance(value, list | tuple | range):
        return [pack(part) for part in value]
    return value


def _network(net):
    """Return a Keras network as the list of layers that networks.js computes."""
    layers = [_layer(layer) for layer in net.layers if not type(layer).__name__.endswith("Dropout")]
    return {"layers": layers, "weights": net.count_params()}


def _layer(layer):
    kind = type(layer).__name__
    weights = [np.asarray(w, np.float32) for w in layer.get_weights()]
    settings = {"kind": kind}
    if kind in ("Dense", "Conv2D"):
        activation = layer.activation.__name__
        settings |= {"activation": activation, "kernel": pack(weights[0].astype(np.float16))}
        bias = weights[1] if layer.use_bias else np.zeros(weights[0].shape[-1], np.float32)
        settings["bias"] = pack(bias.astype(np.float16))
        if activation not in ("linear", "relu", "softmax"):
            raise ValueError(f"a page cannot compute the activation {activation}")
    if kind == "Conv2D":
        settings |= {"stride": layer.strides[0], "padding": layer.padding}
    elif kind == "MaxPooling2D":
        settings["size"] = layer.pool_size[0]
    elif kind == "BatchNormalization":
        gamma, beta, mean, variance = weights
        factor = gamma / np.sqrt(variance + layer.epsilon)
        settings |= {"factor": pack(factor), "offset": pack(beta - mean * factor)}
    elif kind not in ("Dense", "ReLU", "Flatten", "GlobalMaxPooling2D"):
        raise ValueError(f"a page cannot compute a layer of the kind {kind}")
    return settings


def _text(name):
    return (HERE / name).read_text(encoding="utf-8")
