"""The trainings of the series by name: what each of them needs besides the data and a seed."""

import dataclasses
from collections.abc import Callable
from functools import partial

from mnist_lecture import augmentation, models

import keras
from keras.layers import (
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GaussianDropout,
    GlobalMaxPooling2D,
    MaxPooling2D,
)
from keras.optimizers import SGD, Adam, AdamW
from keras.optimizers.schedules import CosineDecay

# The settings of layers and optimizers in which the recipes differ.
DIFFERING = ("units", "filters", "kernel_size", "strides", "pool_size", "padding", "rate")
DIFFERING += ("activation", "use_bias", "learning_rate", "initial_learning_rate", "decay_steps")
DIFFERING += ("momentum", "weight_decay")

NO_SETTING = ("about", "kept")  # of a recipe: it does not change what is learned
RARE = ("smoothing", "all_images", "looks")  # settings that a record names only if they are used


@dataclasses.dataclass(frozen=True)
class Recipe:
    """All that a training needs besides the data and a seed.

    `net` builds the uncompiled network; `optimizer` is called with the total number of updates. An
    epoch is `steps` updates with batches of `batch_size` images, distorted by the amounts in
    `distortion` (as for `augmentation.stream`). Of the training images, `images` are used, drawn
    for each seed; a larger number adds to those of a smaller one. If `generated`, none of them are
    used, but generated digits, never the same twice. With `keep_best` the network finally gets the
    weights that were best on the validation images. `smoothing` is the probability that the targets
    spread over all categories (label smoothing: C. Szegedy et al., 2016). With `all_images` it
    trains on the validation and the reserve images, too, for which only a finished recipe is fit:
    then nothing but the test is left to judge it. With `looks` the record also tells what the
    network gets wrong if it looks nine times (`augmentation.nine_looks`). If it is `kept`, so is
    the network of seed 1, beside the record.
    """

    about: str
    net: Callable[[], keras.Model]
    optimizer: Callable[[int], keras.optimizers.Optimizer]
    epochs: int = 15
    steps: int = 450
    batch_size: int = 100
    distortion: dict = dataclasses.field(default_factory=dict)
    images: int = 45_000
    generated: bool = False
    keep_best: bool = False
    smoothing: float = 0
    all_images: bool = False
    looks: bool = False
    kept: bool = False

    @property
    def updates(self):
        """The number of updates in a whole training."""
        return self.epochs * self.steps

    def settings(self):
        """Return the settings that define the training, as JSON holds them."""
        values = {name: value for name, value in vars(self).items() if name not in NO_SETTING}
        values = {name: value for name, value in values.items() if value or name not in RARE}
        net = self.net()
        values["net"] = [_in_a_line(keras.layers.serialize(layer)) for layer in net.layers]
        values["weights"] = net.count_params()
        values["optimizer"] = _in_a_line(keras.optimizers.serialize(self.optimizer(self.updates)))
        return values


def _in_a_line(part):
    """Return a serialised layer or optimizer as one line, including a schedule in it."""
    words = []
    for name in DIFFERING:
        value = part["config"].get(name)
        value = _in_a_line(value) if isinstance(value, dict) else value
        if value not in (None, "linear", "valid"):
            words.append(f"{name}={round(value, 9) if isinstance(value, float) else value}")
    if part["config"].get("use_ema"):
        words.append(f"averaged={part['config']['ema_momentum']}")
    return f"{part['class_name']}({', '.join(words)})"


def _lecture(about, noise=None, **settings):
    """Return a recipe for the slides' larger network, as in notebooks 05 to 08."""
    net = partial(models.dense_softmax, (100, 50), noise=noise)
    return Recipe(about, net, lambda updates: SGD(0.2), **settings)


def _slides_convolution(anywhere=False):
    """Return the slide's convolutional layer with max pooling and dense softmax, uncompiled.

    If `anywhere`, it keeps the largest value of each whole map, not of 4 x 4 pixels.
    """
    net = keras.Sequential([keras.Input((28, 28, 1))])
    net.add(Conv2D(20, 11, activation="relu", padding="same"))
    if anywhere:
        net.add(GlobalMaxPooling2D())
    else:
        net.add(MaxPooling2D(4))
        net.add(Flatten())
    net.add(Dense(10, activation="softmax"))
    return net


def _two_small_convolutions():
    """Return the first two convolutions of the small convnet, pooling and softmax, uncompiled."""
    net = keras.Sequential([keras.Input((28, 28, 1))])
    net.add(Conv2D(20, 5, strides=2, activation="relu"))
    net.add(Conv2D(32, 3, activation="relu"))
    net.add(MaxPooling2D(2))
    net.add(Flatten())
    net.add(Dense(10, activation="softmax"))
    return net


def _ladder():
    """Yield the rungs from the slide's convolution to the small convnet, one habit at a time.

    Each keeps the habits of those before it, and all make the same number of updates. The dense
    network has as many weights as the slide's convolution, and `anywhere` leads off the ladder: to
    a network that does not care where a digit stands.
    """
    plain = partial(models.small_convnet, normalised=False, dropout=0)
    normal = partial(models.small_convnet, dropout=0)
    distorted = {"distortion": _strong(1.3)}
    as_many = partial(models.dense_softmax, (15,))
    yield "dense", "a dense network with as many weights", as_many, _adam, {}
    yield "slide", "the slide's convolution", _slides_convolution, _adam, {}
    anywhere = partial(_slides_convolution, anywhere=True)
    yield "anywhere", "the largest value of each whole map", anywhere, _adam, {"kept": True}
    yield "kernels", "small kernels, two layers", _two_small_convolutions, _adam, {}
    yield "depth", "four layers", plain, _adam, {}
    yield "normalised", "batch normalisation", normal, _adam, {}
    yield "rate", "a learning rate that falls", normal, _adam_falling, {}
    yield "decay", "weight decay", normal, _adamw, {"kept": True}
    yield "distorted", "distorted images", normal, _adamw, {"kept": True, **distorted}
    yield "dropout", "dropout", models.small_convnet, _adamw, distorted
    yield "averaged", "averaged weights", models.small_convnet, _adamw_averaged, distorted


def _adam(updates):
    return Adam()


def _adam_falling(updates):
    return Adam(CosineDecay(3e-3, updates))


def _adamw_averaged(updates):
    return AdamW(CosineDecay(3e-3, updates), weight_decay=0.1, use_ema=True, ema_momentum=0.998)


def _convnet(about, **settings):
    """Return a recipe for notebook 11's small convolutional network."""
    return Recipe(about, models.small_convnet, _adamw, **settings)


def _adamw(updates):
    return AdamW(CosineDecay(3e-3, updates), weight_decay=0.1)


def _wide(about, **settings):
    """Return a recipe for the best network of the series, by validation and reserve images."""
    return Recipe(
        about,
        partial(models.small_convnet, (16, 32, 64, 128), padding="same"),
        _adamw_averaged,
        epochs=24,
        distortion=_strong(1.5),
        smoothing=0.05,
        looks=True,
        **settings,
    )


def _strong(factor):
    return {name: round(factor * amount, 9) for name, amount in augmentation.USUAL.items()}


RECIPES = {
    "slide": Recipe(
        "30 hidden neurons, as on the slides",
        models.dense_softmax,
        lambda updates: SGD(1.0),
        epochs=30,
        kept=True,
    ),
    "larger": _lecture("100 and 50 hidden neurons"),
    "early_stopping": _lecture("100 and 50, best epoch kept", keep_best=True),
    "gaussian_dropout": _lecture("100 and 50, GaussianDropout(0.1)", lambda: GaussianDropout(0.1)),
    "dropout": _lecture("100 and 50, Dropout(0.3)", lambda: Dropout(0.3)),
    "augmentation": _lecture("100 and 50, distorted images", distortion=augmentation.USUAL),
    "all_cures": _lecture(
        "100 and 50, all three: GaussianDropout(0.1), distorted images, early stopping",
        lambda: GaussianDropout(0.1),
        distortion=augmentation.USUAL,
        keep_best=True,
    ),
    "best_dense": Recipe(
        "512 and 512, all cures, learning rate falling to zero",
        partial(models.dense_softmax, (512, 512), noise=lambda: Dropout(0.1)),
        lambda updates: Adam(CosineDecay(1e-3, updates)),
        epochs=40,
        steps=225,
        batch_size=200,
        distortion=_strong(1.5),
        keep_best=True,
    ),
    "slide_convolution": Recipe(
        "the slide's convolution, pooling, softmax",
        _slides_convolution,
        lambda updates: Adam(),
        epochs=3,
        kept=True,
    ),
    "small_convnet": _convnet(
        "four small convolutions, all cures", epochs=16, distortion=_strong(1.3), kept=True
    ),
    "generated": _convnet(
        "four small convolutions, generated digits only", epochs=4, generated=True
    ),
}

RECIPES["wide_convnet"] = _wide(
    "a wider convnet, trained for longer on all 60,000 images", all_images=True, kept=True
)

for _rung, _about, _net, _optimizer, _more in _ladder():
    RECIPES[f"ladder_{_rung}"] = Recipe(_about, _net, _optimizer, epochs=8, **_more)

# How the error falls with the number of training images: undistorted, and for each of the two
# networks always as many updates.
SIZES = (500, 2_250, 10_000, 45_000)
for _size in SIZES:
    RECIPES[f"dense_{_size}"] = _lecture(f"100-50, {_size:,} images", epochs=10, images=_size)
    RECIPES[f"convnet_{_size}"] = _convnet(
        f"small convnet, {_size:,} images", epochs=10, steps=100, images=_size
    )
