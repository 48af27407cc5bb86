"""Figures: each function draws one, and `show` and `save` write it completely and reproducibly."""

from mnist_lecture import plots
from mnist_lecture.plots import showing

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib import colors
from matplotlib.figure import Figure

RNG = np.random.default_rng(1)
IMAGES = RNG.random((12, 784), np.float32)
HISTORY = {"categorical_accuracy": [0.8, 0.9], "val_categorical_accuracy": [0.82, 0.88]}
EXAMPLES = {
    "digits": lambda **ax: plots.digits(IMAGES, range(12), columns=5, title="t", **ax),
    "pictures": lambda **ax: plots.pictures(
        IMAGES.reshape(-1, 14, 56)[:3], "abc", title="t", signed=True, **ax
    ),
    "scanning": lambda **ax: plots.scanning(
        RNG.random((9, 12)), RNG.random((3, 3)), RNG.random((7, 10)), [(0, 2), (4, 5)], **ax
    ),
    "one_hot": lambda **ax: plots.one_hot(np.eye(10)[:3], "abc", **ax),
    "field": lambda **ax: plots.field(RNG.random((2, 28, 28)), RNG.random((28, 28)), **ax),
    "mistakes": lambda **ax: plots.mistakes(IMAGES[:2], [8, 7], [3, 4], **ax),
    "network": lambda **ax: plots.network(
        [784, 5, 3], names=["in", "hidden", "out"], outputs="abc", dropped=[(1, 2)], **ax
    ),
    "connections": lambda **ax: plots.connections(np.eye(3, 4), title="t", **ax),
    "confusion": lambda **ax: plots.confusion(RNG.integers(0, 99, (10, 10)), **ax),
    "bars": lambda **ax: plots.bars(RNG.random(10), **ax),
    "shares": lambda **ax: plots.shares({"a": RNG.random(10), "b": RNG.random(10)}, **ax),
    "curves": lambda **ax: plots.curves([1, 2], {"a": [1, 2], "b": [2, 1]}, "x", "y", **ax),
    "compare": lambda **ax: plots.compare(
        {"a": ([1, 2], [1, 2])}, {"a": ([1, 2], [1, 2]), "b": ([1, 2], [2, 1])}, "x", "y", **ax
    ),
    "accuracy": lambda **ax: plots.accuracy(HISTORY, **ax),
    "gap": lambda **ax: plots.gap([1, 2], [0.1, 0.2], [0.3, 0.4], "x", "y", log="x", **ax),
    "histograms": lambda **ax: plots.histograms(
        {"a": RNG.random(50), "b": RNG.random(9)}, "x", **ax
    ),
    "spread": lambda **ax: plots.spread(RNG.random((20, 10)), RNG.random(10), **ax),
    "pairs": lambda **ax: plots.pairs([[0, 4.0], [-4.0, 0]], ["one", "other"], **ax),
    "seeds": lambda **ax: plots.seeds({"a": [0.05, 0.07], "b": [0.06]}, "error", **ax),
}


@pytest.fixture(autouse=True)
def style():
    with plt.rc_context():
        plots.use_style()
        yield


@pytest.mark.parametrize("name", EXAMPLES)
def test_draws_a_figure_of_its_own_or_into_the_given_axes(name):
    assert isinstance(EXAMPLES[name](), Figure)
    figure, (left, _) = plots.grid(1, 2)
    assert EXAMPLES[name](ax=left) is figure
    assert not plt.get_fignums()  # so nothing stays open, and nothing is shown twice


def test_training_accuracy_is_drawn_half_an_epoch_earlier():
    training, validation = plots.accuracy(HISTORY).axes[0].lines
    assert list(training.get_xdata()) == [0.5, 1.5]
    assert list(validation.get_xdata()) == [1, 2]


def test_a_gap_on_logarithmic_axes_is_in_per_cent():
    figure = plots.gap([1, 10], [0.02, 0.01], [0.2, 0.1], "x", "y", log="xy")
    ax = figure.axes[0]
    assert ax.get_yscale() == "log"
    assert ax.yaxis.get_major_formatter()(0.05, None) == "5%"


def test_mistakes_are_captioned_as_on_the_slide():
    figure = plots.mistakes(IMAGES[:2], [8, 7], [3, 4])
    assert [text.get_text() for text in figure.axes[0].texts] == ["“8”  (3 !)", "“7”  (4 !)"]


def test_a_verdict_names_the_digit_and_the_predicted_category():
    figure, axes = plots.grid(2, 1)
    assert plots.verdict(IMAGES[0], np.eye(10)[7], 3, axes) is figure
    assert [ax.get_title(loc="center") for ax in axes] == ["a 3", "predicted “7”"]
    plots.verdict(IMAGES[0], np.eye(10)[7], 8, axes)
    assert axes[0].get_title(loc="center") == "an 8"


def test_a_patch_is_written_with_its_gray_values():
    figure, axes = plots.grid(2, 1)
    image = IMAGES[0].reshape(28, 28)
    assert plots.enlarged(image, (3, 5), axes, size=2) is figure
    written = [float(text.get_text()) for text in axes[0].texts]
    np.testing.assert_allclose(written, image[3:5, 5:7].ravel(), atol=0.051)


def test_labels_at_the_ends_of_lines_neither_overlap_nor_leave_the_axes():
    figure = plots.curves([0, 1], {name: [0, 1] for name in "abc"}, "x", "y")
    plots.direct_labels(figure.axes[0])
    heights = sorted(text.xy[1] for text in figure.axes[0].texts)
    assert heights[0] > 0 and heights[-1] < 1 and np.diff(heights).min() > 0.06


@pytest.fixture
def shown(monkeypatch):
    """Collect what `show` hands to the notebook."""
    calls = []
    monkeypatch.setattr(showing, "display", lambda data, **how: calls.append((data, how)))
    return calls


def test_show_carries_the_alternative_text(shown):
    plots.show(EXAMPLES["bars"](), "a-name", alt="ten bars")
    (data, how), *_ = shown
    assert data["image/png"].startswith(b"\x89PNG")
    assert data["text/plain"] == "ten bars"
    assert how["metadata"]["image/png"]["alt"] == "ten bars"


def test_show_knows_the_text_of_the_lectures_figures(shown):
    plots.show(EXAMPLES["accuracy"](), "04-accuracy")
    assert shown[0][0]["text/plain"].startswith("Accuracy over thirty epochs")


def test_show_without_any_text_is_refused(shown):
    with pytest.raises(KeyError, match="no alternative text for nothing-like-it"):
        plots.show(EXAMPLES["bars"](), "nothing-like-it")


@pytest.mark.parametrize("name", ["digits", "accuracy", "confusion"])
def test_files_are_the_same_bytes_every_time(name, shown, tmp_path, monkeypatch):
    for folder in "ab":
        monkeypatch.setenv("MNIST_LECTURE_FIGURES", str(tmp_path / folder))
        plots.show(_fresh(name), "f", alt="text")
    for ending in ("pdf", "svg", "png"):
        first, second = ((tmp_path / folder / f"f.{ending}").read_bytes() for folder in "ab")
        assert first == second
        assert len(first) > 1000


def _fresh(name):
    global RNG
    RNG = np.random.default_rng(1)
    return EXAMPLES[name]()


def test_generated_digits_are_marked(shown):
    figure = EXAMPLES["digits"]()
    plots.show(figure, "f", source="generated digits", alt="text")
    assert [text.get_text() for text in figure.texts] == ["generated digits, not MNIST"]


def test_a_style_file_of_ones_own_comes_last(tmp_path, monkeypatch):
    mine = tmp_path / "mine.mplstyle"
    mine.write_text("font.size: 21\n", encoding="utf-8")
    monkeypatch.setenv("MNIST_LECTURE_STYLE", str(mine))
    plots.use_style()
    assert plt.rcParams["font.size"] == 21
    assert plt.rcParams["axes.spines.top"] is False  # the rest stays the lecture's


def test_a_style_neither_stays_nor_mixes_with_the_users_own(tmp_path):
    dark = tmp_path / "dark.mplstyle"
    dark.write_text("axes.facecolor: black\n", encoding="utf-8")
    plots.use_style(dark)
    assert matplotlib.rcParams["axes.facecolor"] == "black"
    matplotlib.rcParams["lines.markersize"] = 99  # as a matplotlibrc might say
    plots.use_style()
    assert matplotlib.rcParams["axes.facecolor"] != "black"
    assert matplotlib.rcParams["lines.markersize"] != 99


def test_files_do_not_tell_the_version_of_matplotlib(tmp_path):
    plots.save(plots.curves([0, 1], {"a": [0, 1]}, "x", "y"), "a", tmp_path, alt="A line.")
    for path in tmp_path.iterdir():
        assert matplotlib.__version__.encode() not in path.read_bytes(), path.name


def test_measurements_may_have_error_bars():
    measured = {"a": ([1, 2], [3, 4], [0.5, 0.25])}
    figure = plots.compare({}, measured, "x", "y")
    (bars,) = figure.axes[0].collections
    ends = [segment[:, 1].tolist() for segment in bars.get_segments()]
    assert ends == [[2.5, 3.5], [3.75, 4.25]]


@pytest.mark.parametrize("log", ["", "y"])
def test_direct_labels_replace_the_legend_and_do_not_overlap(log):
    x = np.array([1.0, 2.0])
    ys = {f"line {k}": x + 0.001 * k for k in range(4)} | {"apart": 5 * x}
    figure = plots.compare({name: (x, y) for name, y in ys.items()}, {}, "x", "y", log=log)
    (ax,) = figure.axes
    plots.direct_labels(ax, sequential=True)
    assert ax.get_legend() is None
    assert {text.get_text() for text in ax.texts} == set(ys)
    heights = sorted(text.xy[1] for text in ax.texts)
    assert np.diff(heights).min() > 0.06
    assert len({tuple(line.get_color()) for line in ax.lines}) == 5


def test_half_a_table_of_pairs_has_each_pair_once():
    scores = np.array([[0, -1.0, -4.0], [1.0, 0, -5.0], [4.0, 5.0, 0]])
    (ax,) = plots.pairs(scores, "abc", half=True).axes
    assert [text.get_text() for text in ax.texts] == ["1.0", "4.0", "5.0"]
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["b", "c"]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["a", "b"]
    assert len(plots.pairs(scores, "abc").axes[0].texts) == 6


def test_below_a_calibration_diagram_stands_how_many_answers_there_are():
    figure, axes = plots.grid(2, 1)
    group = ([0.6, 0.95], [0.5, 0.9], [0.1, 0.02], [0.03, 0.97])
    assert plots.calibration({"as trained": group}, axes, title="t") is figure
    points, bars = axes[0].lines[1], axes[1].patches
    assert list(points.get_ydata()) == [0.5, 0.9]
    assert [bar.get_height() for bar in bars] == [0.03, 0.97]
    assert all(colors.same_color(bar.get_facecolor(), points.get_color()) for bar in bars)
    assert axes[0].get_title(loc="left") == "t"


def test_dropped_neurons_have_no_lines():
    lines = [len(plots.network([3, 3], dropped=gone).axes[0].lines) for gone in ((), [(0, 1)])]
    assert lines == [9 + 6, 6 + 6 + 1]


def test_equal_weights_have_equal_colours():
    shared = np.array([[1, 2, 0], [0, 1, 2]])
    (ax,) = plots.connections(shared).axes
    lines = [line for line in ax.lines if line.get_marker() == "None"]
    assert [line.get_color() for line in lines] == ["C0", "C1", "C0", "C1"]  # none for the zeros
    cells = [patch.get_facecolor() for patch in ax.patches]
    assert len(cells) == 6 and cells[0] == cells[4] != cells[1] == cells[5]
    dense = plots.connections(np.arange(1, 7).reshape(2, 3)).axes[0]
    assert len({patch.get_facecolor() for patch in dense.patches}) == 6


def test_a_scan_shows_its_kernel():
    (ax,) = EXAMPLES["scanning"]().axes
    assert "kernel" in [text.get_text() for text in ax.texts]
    assert len(ax.images) == 1 + 3 * 2  # the kernel; for each place image, product and result


def test_equal_seeds_may_be_joined():
    runs = {"a": [0.05, 0.07], "b": [0.06, 0.04], "c": [0.03, 0.02]}
    (ax,) = plots.seeds(runs, "error", joined=True).axes
    joined = [line.get_xdata().tolist() for line in ax.lines if line.get_linestyle() == "-"]
    assert joined == [[0.05, 0.06, 0.03], [0.07, 0.04, 0.02]]
    assert ax.get_xlim()[0] > 0


def test_the_arrows_of_a_field_lead_to_where_the_ink_goes():
    one_down = np.stack([np.ones((28, 28)), np.zeros((28, 28))])  # each pixel reads one below it
    figure = plots.field(one_down, RNG.random((28, 28)))
    (arrows,) = (part for part in figure.axes[0].collections if hasattr(part, "U"))
    assert arrows.pivot == "tip" and np.all(arrows.V == -1) and np.all(arrows.U == 0)
