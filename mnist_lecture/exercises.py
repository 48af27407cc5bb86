"""The exercises of the notebooks: each answer is checked kindly, and an open one breaks nothing.

A notebook leaves three dots where the answer goes and calls `check("02.1", answer)`. The checks
stand here, once, so that a notebook and its worked solution use the same one. A check is a
function of the answer that returns None if it is right, and otherwise a hint.
"""

import numpy as np

CHECKS = {}


def check(number, answer):
    """Print whether `answer` to exercise `number` (such as "02.1") is right, or else a hint.

    Returns True if it is right, False if not, None if it is still open: the three dots, or a
    function that returns them. Raises `KeyError` if there is no such exercise, nothing else.
    """
    if number not in CHECKS:
        raise KeyError(f"there is no exercise {number}; there are {', '.join(sorted(CHECKS))}")
    try:
        hint = CHECKS[number](answer)
    except _Open:
        print(f"Exercise {number} is waiting for your answer.")
        return None
    except Exception as error:  # a student's answer may be anything; "Run all" must get past it
        hint = f"it stopped with {type(error).__name__}: {error}"
    print(f"Exercise {number}: " + (f"not yet. Hint: {hint}" if hint else "right!"))
    return not hint


class _Open(Exception):
    """The three dots are still there."""


def exercise(number):
    """Register the decorated check under `number`; dots in the answer, or returned, mean open."""

    def register(test):
        def guarded(answer):
            _refuse_dots(answer)
            return test(_watched(answer) if callable(answer) else answer)

        CHECKS[number] = guarded
        return test

    return register


def _watched(function):
    def call(*arguments):
        value = function(*arguments)
        _refuse_dots(value)
        return value

    return call


def _refuse_dots(value):
    parts = value if isinstance(value, (tuple, list)) else [value]
    if any(part is ... for part in parts):
        raise _Open


# ------------------------------------------------------------------ 01 digits and categories
@exercise("01.1")
def _decoded(digits):
    if list(digits) != [7, 0, 4]:
        return "the place of the 1, counted from zero, is the digit; give a list of three numbers"


@exercise("01.2")
def _fraction_correct(function):
    targets = np.eye(10)[[3, 1, 4, 1]]
    outputs = 0.05 + 0.3 * np.eye(10)[[3, 1, 4, 7]]
    if np.shape(value := function(outputs, targets)) != ():
        return "the accuracy is one number; take the mean over the samples"
    if not np.isclose(value, 0.75):
        return f"for three right answers out of four it gives {value:.3g}; compare the argmax"


@exercise("01.3")
def _nearest_mean_as_one_layer(function):
    rng = np.random.default_rng(1)
    means, x = rng.random((10, 784)), rng.random((200, 784))
    weights, biases = function(means)
    if np.shape(weights) != (784, 10) or np.shape(biases) != (10,):
        return f"shapes (784, 10) and (10,) are wanted, not {np.shape(weights)}, {np.shape(biases)}"
    nearest = ((x[:, np.newaxis] - means) ** 2).sum(axis=2).argmin(axis=1)
    if np.any((x @ weights + biases).argmax(axis=1) != nearest):
        return "the *smallest* squared distance must become the *largest* output: mind sign and ½"


# ------------------------------------------------------------------------------------ 02 softmax
@exercise("02.1")
def _hundred_to_one(difference):
    if not np.isclose(difference, np.log(100), atol=0.006):
        return "the ratio of the two probabilities is exp(z_3 - z_8); solve for the difference"


@exercise("02.2")
def _sigmoid_from_softmax(function):
    for x in np.linspace(-5, 5, 11), np.array([-1000.0, 0.0, 1000.0]):
        with np.errstate(all="ignore"):
            value = function(x)
            right = 1 / (1 + np.exp(-x))
        if np.shape(value) != x.shape:
            return f"x of shape {x.shape} gives {np.shape(value)}; keep one of the two columns"
        if np.allclose(value, 1 - right):
            return "this is the probability of the other category: it falls where it should rise"
        if not np.allclose(value, right):
            return f"at x = {x[0]:g} it gives {value[0]:.3g}; let one of the two inputs be zero"


@exercise("02.3")
def _log_softmax(function):
    z = np.array([0.5, -1.0, 2.0])
    right = z - np.log(np.sum(np.exp(z)))
    with np.errstate(all="ignore"):
        moderate, far = function(z), function(np.array([0.0, 2000.0]))
        common = function(z + 5000)
    if np.shape(moderate) != z.shape or not np.allclose(moderate, right):
        return "ln f_j = z_j - ln(sum over k of exp(z_k))"
    if not np.allclose(far, [-2000, 0]):
        return f"for z = (0, 2000) it gives {far}; subtract the largest input before you use exp"
    if not np.allclose(common, right):
        return "for inputs around 5000 it fails; subtract the largest input first"


@exercise("02.4")
def _temperature_for(function):
    for z in np.random.default_rng(2).normal(scale=3, size=(3, 10)):
        for largest in 0.25, 0.5, 0.95:
            T = function(z, largest)
            if np.shape(T) != () or not T > 0:
                return "a temperature is one positive number"
            weights = np.exp((z - z.max()) / T)
            missing = largest - weights.max() / weights.sum()
            if abs(missing) > 1e-3 * largest:
                hint = "cooler" if missing > 0 else "warmer"
                return f"T = {T:.4g} does not give {largest} as the largest; {hint}, please"


# ------------------------------------------------------------------------ 03 cross-entropy
@exercise("03.1")
def _cost_of_ignorance(cost):
    if np.isclose(cost, -np.log(10), atol=1e-3):
        return "mind the minus sign: cross-entropy is never negative"
    if np.isclose(cost, 10 * np.log(10), atol=1e-2):
        return "the target is one-hot: only one of the ten terms survives"
    if not np.isclose(cost, np.log(10), atol=6e-4):
        return "the right answer, whichever it is, has probability 0.1; take -ln of it"


@exercise("03.2")
def _cross_entropy_from_z(function):
    z = np.array([0.3, -1.0, 2.0, 0.0])
    for right in range(4):
        expected = np.log(np.sum(np.exp(z))) - z[right]
        value = function(np.eye(4)[right], z)
        if np.shape(value) != ():
            return f"one number is wanted, not an array of shape {np.shape(value)}"
        if not np.isclose(value, expected):
            return "sum -y_target * ln f over the categories, with ln f = z - ln(sum of exp(z))"
    for shift in (1000.0, -1000.0):
        with np.errstate(all="ignore"):
            value = function(np.eye(2)[0], np.array([shift, shift + 1000.0]))
        if not np.isclose(value, 1000.0):
            return "right for moderate z; subtract the largest z first, so that exp stays finite"


@exercise("03.3")
def _ceiling(delta):
    if np.isclose(delta, 7, atol=0.01):
        return "that is the power of ten; softmax is made with powers of e"
    if not np.isclose(delta, np.log(1e7), atol=0.01):
        return "solve p = 1 / (1 + exp(Delta)) = 1e-7 for Delta"


@exercise("03.4")
def _batch_gradient(function):
    rng = np.random.default_rng(34)
    inputs, y_out = rng.random((5, 3)), rng.dirichlet(np.ones(4), size=5)
    y_target = np.eye(4)[rng.integers(0, 4, size=5)]
    expected = inputs.T @ (y_out - y_target) / 5
    value = function(inputs, y_out, y_target)
    if np.shape(value) != (3, 4):
        return f"the shape is {np.shape(value)}, not (I, K); multiply inputs.T by the mistakes"
    if np.allclose(value, 5 * expected):
        return "that is the gradient of the sum; the mean is smaller by N"
    if np.allclose(value, -expected):
        return "that is the force; the gradient has the opposite sign"
    if not np.allclose(value, expected):
        return "average x_i (f_k - y_k) over the images"


# ------------------------------------------------------------------------ 04 a first network
@exercise("04.1")
def _adjustable_numbers(count):
    weights = 784 * 100 + 100 * 50 + 50 * 10
    if count == weights:
        return "these are the weights; every neuron has a bias as well"
    if count != weights + 100 + 50 + 10:
        return "a layer has a weight for each pair of input and neuron, and a bias for each neuron"


@exercise("04.2")
def _updates(count):
    if count == 450:
        return "this is one epoch; there are 30"
    if count != 13_500:
        return "one update per batch: how many batches are there in an epoch?"


@exercise("04.3")
def _binomial(answer):
    sigma, images = answer
    if np.isclose(sigma, 0.807, rtol=0.02):
        return "the first number is in percent; give it as a fraction of one"
    if not np.isclose(sigma, 0.00807, rtol=0.02):
        return "with p = 0.07 and N = 1,000, sigma = sqrt(p (1 - p) / N)"
    if not np.isclose(images, 65_100, rtol=0.02):
        return "solve sigma = sqrt(p (1 - p) / N) for N, with sigma = 0.001"


@exercise("04.4")
def _recognised(function):
    confusion = np.diag(np.arange(1, 11)) + np.eye(10, k=1, dtype=int)
    expected = confusion.diagonal() / confusion.sum(axis=1)
    value = function(confusion)
    if np.shape(value) != (10,):
        return f"one number for each category is wanted, shape (10,), not {np.shape(value)}"
    if np.allclose(value, confusion.diagonal() / confusion.sum(axis=0)):
        return "that divides by what the network *says*; divide by the sum of the row"
    if not np.allclose(value, expected):
        return "divide the diagonal by the sum of each row"


# --------------------------------------------------------------------------------- 05 overfitting
@exercise("05.1")
def _which_set(answer):
    expected = ["validation", "training", "test", "validation", "validation"]
    answer = [str(word).strip().lower() for word in answer]
    if len(answer) != 5 or not set(answer) <= set(expected):
        return 'give a list of five words, each "training", "validation" or "test"'
    if "test" in (answer[0], answer[3], answer[4]):
        return "whoever chooses by the test set has no honest number left for the paper"
    for job, given, right in zip("abcde", answer, expected, strict=True):
        if given != right:
            return f"think again about ({job}): is it about weights, about a choice, or a report?"


@exercise("05.2")
def _sigmas(function):
    for a, n_a, b, n_b in ((0.96, 5000, 0.945, 5000), (0.9, 100, 0.8, 4000), (0.5, 50, 0.6, 80)):
        value = function(a, n_a, b, n_b)
        if np.shape(value) != ():
            return f"one number is wanted, not an array of shape {np.shape(value)}"
        variances = np.array([a * (1 - a) / n_a, b * (1 - b) / n_b])
        right = (a - b) / np.sqrt(variances.sum())
        if np.isclose(value, (a - b) / np.sqrt(variances).sum()):
            return "add the variances, not the standard deviations: the two are independent"
        if np.isclose(value, (a - b) / variances.sum()):
            return "that divides by the variance; take its square root"
        if np.isclose(value, -right):
            return "the sign: how far lies a *above* b?"
        if not np.isclose(value, right):
            return f"for a = {a}, b = {b} it gives {value:.3g}; divide a - b by its sigma"


@exercise("05.3")
def _split_without_leak(function):
    rng = np.random.default_rng(53)
    original = rng.permutation(np.repeat(1000 + rng.permutation(200), 5))
    training, validation = (np.asarray(part) for part in function(original, rng))
    if training.dtype.kind not in "iu" or validation.dtype.kind not in "iu":
        return "give the indices of the images; np.flatnonzero turns True and False into these"
    if sorted([*training, *validation]) != list(range(1000)):
        return "every image, counted from 0, must be in one of the two parts, and in one only"
    leaked = np.intersect1d(original[training], original[validation])
    if len(leaked):
        return f"{len(leaked)} originals of 200 are in both parts; draw originals, not images"
    if len(np.unique(original[validation])) != 20:
        return f"{len(np.unique(original[validation]))} originals of 200 validate; a tenth is 20"
    if np.array_equal(np.unique(original[validation]), np.arange(1000, 1020)):
        return "these are the first of the originals; draw them at random"


# ------------------------------------------------------------------------ 06 early stopping
@exercise("06.1")
def _best_epoch(function):
    accuracy, loss = [0.90, 0.94, 0.92, 0.94, 0.93], [0.35, 0.25, 0.20, 0.22, 0.30]
    value = function({"val_categorical_accuracy": accuracy, "val_loss": loss})
    if value == 3:
        return "that is counted from 0; the first epoch is number 1"
    if value == 2:
        return "two epochs share the highest accuracy; the one with the lower loss is wanted"
    if value != 4:
        return f"for the accuracies {accuracy} it gives {value}; the highest is shared by 2 and 4"
    if function({"val_categorical_accuracy": accuracy[::-1], "val_loss": loss[::-1]}) != 2:
        return "turn the curves round, and epoch 2 is the best; is the last of equals taken?"


@exercise("06.2")
def _early_stopping(function):
    for curve, patience, right, hint in (
        ([0.8, 0.9, 0.85, 0.84, 0.95], 2, (4, 2), "two epochs in vain after the best, and it ends"),
        ([0.8, 0.9, 0.85, 0.84, 0.95], 3, (5, 5), "an improvement in the last moment counts"),
        ([0.8, 0.9, 0.8, 0.9, 0.8], 3, (5, 2), "an equal value is no improvement"),
        ([0.5, 0.6, 0.7, 0.65], 2, (4, 3), "the epochs may run out first"),
        ([0.9, 0.8, 0.7], 1, (2, 1), "the very first epoch may be the best"),
        ([0.9, 0.8, 0.85, 0.95], 2, (3, 1), "better than the epoch before is not better than all"),
    ):
        value = function(curve, patience)
        if np.shape(value) != (2,):
            return "return a pair: epochs trained, epoch given back"
        if tuple(value) != right:
            return f"{curve} with patience {patience} gives {tuple(value)}, not {right}: {hint}"


@exercise("06.3")
def _luck_of_the_winner(luck):
    sigma = np.sqrt(0.93 * 0.07 / 1000)
    if np.isclose(luck, sigma, rtol=0.06):
        return "that is the scatter of one group; the winner is the best of twenty"
    if np.isclose(luck, sigma * np.sqrt(2 * np.log(20)), rtol=0.06):
        return "sigma * sqrt(2 ln K) is an upper bound; let the dice find the mean of the maximum"
    if np.isclose(luck, 0.9446, atol=0.001) or np.isclose(luck, 1.465, rtol=0.06):
        return "give the excess over 0.93, as a fraction of one"
    if not np.isclose(luck, 0.01465, rtol=0.06):
        return "draw 20 scores rng.binomial(1000, 0.93) / 1000, take the largest; repeat, average"


# ---------------------------------------------------------------------------- 07 more data
@exercise("07.1")
def _mirrored(digits):
    digits = {int(digit) for digit in digits}
    if wrong := digits - {0, 1, 8}:
        return f"write a {min(wrong)} and hold it before a mirror"
    if not digits >= {0, 8}:
        return "there is another one: look for a digit that is its own mirror image"


@exercise("07.2")
def _thicker(function):
    images = np.zeros((3, 28, 28))
    images[0, 14, 14] = 1
    images[1] = np.random.default_rng(72).random((28, 28))
    images[2, 0, 27] = 0.5
    value = function(images.copy())
    if np.shape(value) != images.shape:
        return f"the shape must stay {images.shape}, not {np.shape(value)}"
    if (ink := np.count_nonzero(value[0])) != 5:
        return f"a single black pixel becomes a cross of 5 pixels; here it became {ink}"
    if value[0].max() > 1 or not np.allclose(value[0, 14, 13:16], 1):
        return "take the largest gray value, not the sum"
    if np.count_nonzero(value[2]) != 3:
        return "in a corner only two neighbours are left; nothing comes in from the other side"
    around = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    crosses = [around[:, 1 + dy : 29 + dy, 1 + dx : 29 + dx] for dy, dx in _CROSS]
    if not np.allclose(value, np.max(crosses, axis=0)):
        return "every pixel becomes the largest of five gray values: its own and its neighbours'"


_CROSS = ((0, 0), (0, 1), (0, -1), (1, 0), (-1, 0))


@exercise("07.3")
def _shift_before(function):
    for rotation, shift in ((90, (1, 0)), (30, (2, -1)), (-75, (0.5, 3))):
        angle = np.radians(rotation)
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        value = function(rotation, shift)
        if np.shape(value) != (2,):
            return f"a shift is two numbers, (down, right); this has the shape {np.shape(value)}"
        if np.allclose(value, turn @ shift):
            return "the other way round: R (q + s') = R q + s; solve for s'"
        if not np.allclose(value, turn.T @ shift):
            return "R (q + s') = R q + s; solve for s'. Mind that np.cos wants radians"


# ------------------------------------------------------------------------------ 08 dropout
@exercise("08.1")
def _gaussian_dropout(function):
    rng, p, n = np.random.default_rng(81), 0.2, 200_000
    h = np.repeat([0.0, 1.0, 4.0], n).reshape(3, n)
    value = function(h, p, rng)
    if np.shape(value) != h.shape:
        return f"the shape must stay {h.shape}, not {np.shape(value)}: a factor for every value"
    if np.any(np.abs(value[0]) > 0.001):
        return "a value of 0 stays 0: the noise multiplies, it is not added"
    if not np.allclose(value.mean(axis=1), [0, 1, 4], atol=0.02):
        return "the mean must stay: the factors have mean 1"
    sigma = value[1].std()
    if sigma < 1e-3:
        return "every value needs a throw of its own: rng.normal(..., size=h.shape)"
    if np.isclose(sigma, p / (1 - p), rtol=0.02):
        return "p / (1 - p) is the variance; rng.normal wants the standard deviation"
    if not np.allclose(value.std(axis=1), [0, 0.5, 2], rtol=0.02, atol=0.001):
        return f"for p = 0.2 the factors should scatter by 0.5; they scatter by {sigma:.3g}"
    if len(np.unique(value[1])) < 1000:
        return "mean and variance are right, but this is no Gaussian"


@exercise("08.2")
def _subnetworks(answer):
    count, chance = answer
    if np.isclose(float(count), 2.0**100) or np.isclose(float(count), 2.0**100 + 2.0**50):
        return "the masks of the two layers are combined freely: each neuron is on or off"
    if not np.isclose(float(count), 2.0**150, rtol=1e-3):
        return "each of the 150 hidden neurons is on or off"
    if np.isclose(chance, 0.1**150) or np.isclose(chance, 0.1):
        return "a neuron *survives* with probability 0.9"
    if not np.isclose(chance, 0.9**150, rtol=0.01, atol=0):
        return "all 150 must survive, each with probability 0.9, independently"


@exercise("08.3")
def _weights_for_use(function):
    rng, p = np.random.default_rng(83), 0.25
    shapes = ((6, 5), (5,), (5, 4), (4,), (4, 3), (3,))
    trained = [rng.normal(size=shape) for shape in shapes]
    value = list(function([w.copy() for w in trained], p))
    if [np.shape(w) for w in value] != list(shapes):
        return "return all six arrays, in the same order and of the same shapes"
    if not np.allclose(value[0], trained[0]):
        return "W1 receives the pixels, and no pixel was ever dropped"
    if any(not np.allclose(value[i], trained[i]) for i in (1, 3, 5)):
        return "the biases are not multiplied by a hidden neuron; nothing was missing there"
    if np.allclose(value[2], trained[2] / (1 - p)):
        return "in use *more* arrives than in training, so the weights must shrink"
    if any(not np.allclose(value[i], (1 - p) * trained[i]) for i in (2, 4)):
        return "what arrives at W2 and at W3 was smaller by 1 - p in training, on average"


# ------------------------------------------------------------------------------ 09 convolution
def _scan(F, K):
    windows = np.lib.stride_tricks.sliding_window_view(F, K.shape)
    return np.einsum("yxij,ij->yx", windows, K)


@exercise("09.1")
def _kernel_that_moves(kernel):
    kernel = np.array(kernel, dtype=float)
    if kernel.shape != (3, 3):
        return f"the kernel has the shape (3, 3), not {kernel.shape}"
    image = np.random.default_rng(91).random((6, 7))
    value = _scan(np.pad(image, 1), kernel)
    moved = {
        "left": np.pad(image, ((0, 0), (0, 1)))[:, 1:],
        "down": np.pad(image, ((1, 0), (0, 0)))[:-1],
        "up": np.pad(image, ((0, 1), (0, 0)))[1:],
    }
    if np.allclose(value, image):
        return "this leaves every pixel where it is"
    if np.allclose(value, moved["left"]):
        return "this moves to the left: Keras scans the kernel as it stands, it does not flip it"
    for direction in ("down", "up"):
        if np.allclose(value, moved[direction]):
            return f"this moves {direction}: rows come first"
    if not np.allclose(value, np.pad(image, ((0, 0), (1, 0)))[:, :-1]):
        return "each new pixel is a copy of one old one: a single 1 among the nine. Which?"


@exercise("09.2")
def _layer_upon_layer(answer):
    wide, patch = answer
    if wide == 28:
        return "`valid` lets the window lie on whole pixels of the image only, so it shrinks"
    if wide != 22:
        return "a window of M pixels fits into N at N - M + 1 places; do it twice"
    if patch in (15, 8):
        return "windows of neighbouring pixels overlap: the second kernel adds one pixel each side"
    if patch != 7:
        return (
            "one pixel looks at 3 × 3 pixels of the layer between; how far do their windows reach?"
        )


@exercise("09.3")
def _two_in_one(function):
    rng = np.random.default_rng(93)
    for sizes in (((3, 3), (3, 3)), ((3, 5), (5, 3)), ((1, 1), (5, 5))):
        K1, K2 = (rng.normal(size=size) for size in sizes)
        F = rng.normal(size=(20, 21))
        right = tuple(a + b - 1 for a, b in zip(*sizes, strict=True))
        value = function(K1.copy(), K2.copy())
        if np.shape(value) != right:
            return (
                f"kernels {sizes[0]} and {sizes[1]} reach as far as one of {right}, "
                f"not {np.shape(value)}"
            )
        twice = _scan(_scan(F, K1), K2)
        if not np.allclose(_scan(F, np.asarray(value)), twice):
            if np.allclose(_scan(F, np.asarray(value)[::-1, ::-1]), twice):
                return "this is the right kernel, turned by 180 degrees"
            return "the shape is right, the weights are not: K2 sends out copies of K1"


# --------------------------------------------------------------- 10 convolutional networks
@exercise("10.1")
def _weights_of_a_convolution(function):
    for size, channels, filters in ((11, 1, 20), (3, 32, 64), (1, 5, 2)):
        value, right = function(size, channels, filters), (size * size * channels + 1) * filters
        if value == right:
            continue
        case = f"for {size} × {size} pixels, {channels} channels and {filters} filters"
        if value == (size * size + 1) * filters:
            return f"{case}: each filter has a kernel for every channel that comes in"
        if value == size * size * channels * filters:
            return f"{case}: the biases are missing, one for each filter"
        return f"{case} it is {right:,}, not {value}"


@exercise("10.2")
def _receptive_field(function):
    cases = {
        ((5, 1),): 5,
        ((3, 1), (3, 1)): 5,
        ((3, 1), (2, 2), (3, 1)): 8,
        ((5, 2), (3, 2), (3, 1)): 17,
    }
    for layers, right in cases.items():
        value = function(list(layers))
        if value != right:
            hint = ""
            if value == 1 + sum(k - 1 for k, _ in layers):
                hint = "; behind a stride, a step is larger than one pixel"
            return f"for {list(layers)} it is {right}, not {value}{hint}"


@exercise("10.3")
def _forget_where(function):
    rng = np.random.default_rng(103)
    maps = rng.random((3, 7, 6, 4)) ** 4
    value = np.asarray(function(maps.copy()))
    if value.shape != (3, 4):
        return f"the shape should be (3, 4), a number for each image and channel, not {value.shape}"
    moved = np.asarray(function(np.roll(maps, (2, 3), axis=(1, 2))))
    if not np.allclose(value, moved):
        return "when the maps are shifted the numbers change; they still know where"
    without = maps.copy()
    without[:, :, :, 1] = 0
    change = np.abs(np.asarray(function(without)) - value)
    if np.any(change[:, [0, 2, 3]] > 1e-9):
        return "each channel should be asked apart from the others"
    if not np.all(change[:, 1] > 1e-3):
        return "whether a feature is there or not makes no difference to your numbers"


# ------------------------------------------------------------- 11 is the difference real?
@exercise("11.1")
def _fair_coin(function):
    cases = {
        (0, 5): 0.0625,
        (3, 3): 1.0,
        (40, 15): 0.001016,
        (1_050, 950): 0.02682,
        (9, 2): 0.06543,
    }
    for (only_a, only_b), right in cases.items():
        value = function(only_a, only_b)
        if np.isclose(value, right, rtol=5e-3):
            continue
        case = f"for {only_a} and {only_b}"
        if value > 1:
            return f"{case} you give {value:.3g}, but no probability is larger than 1"
        if np.isclose(2 * value, right, rtol=5e-3):
            return f"{case}: this counts one side only; lopsided to the other side counts too"
        return f"{case} it is {right:.3g}, not {value:.3g}"


@exercise("11.2")
def _images_needed(function):
    for disagree, delta, z in ((0.01, 0.001, 3), (0.08, 0.002, 2)):
        value, right = function(disagree, delta, z), disagree * (z / delta) ** 2
        if np.isclose(value, right, rtol=1e-6):
            continue
        if np.isclose(value, 2 * right, rtol=0.1):
            return "on the same images the factor 2 falls away: only disagreements make noise"
        return f"for {disagree}, {delta} and z = {z} it is {right:,.0f}, not {value:,.6g}"


@exercise("11.3")
def _news(answer):
    if abs(answer - 1.0) < 0.05:
        return "both numbers are uncertain, not only one: their variances add"
    if not 0.65 < abs(answer) < 0.75:
        return "take the binomial σ of each, add their squares, and divide 0.07 % by the root"
