"""Figures by name: what a cell needs is found, kept, and enough to draw it again."""

import builtins
import json
from types import SimpleNamespace

from mnist_lecture import __main__, data, figures, kept, plots, runner

import nbformat
import numpy as np
import pytest

CELLS = [
    "from mnist_lecture import plots\nimport numpy as np\nplots.use_style()",
    "x = np.linspace(0, 1, 5)\nimages, labels = mnist.test.images[:4], mnist.test.labels[:4]",
    "def parabola(x):\n    return scale * x**2",
    "scale = 3",
    'figure = plots.curves(x, {"$y$": parabola(x)}, "x", "y")\nplots.show(figure, "77-curve")',
    'plots.show(\n    plots.digits(images), "77-digits")',
    'figure = plots.digits(images, labels)\nplots.show(figure, "77-digits")\nprint("shown")',
]


@pytest.fixture
def series(tmp_path, monkeypatch):
    """A notebook of two figures, in the place of the series; nothing of it is kept."""
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "77_test.ipynb")
    monkeypatch.setattr(runner, "NOTEBOOKS", tmp_path)
    monkeypatch.setattr(kept, "KEPT", tmp_path / "kept")
    texts = {"77-curve": "A parabola.", "77-digits": "Four digits."}
    monkeypatch.setattr(plots, "alternative_texts", lambda: texts)
    figures._notebooks.cache_clear()
    yield tmp_path
    figures._notebooks.cache_clear()


class Mnist(SimpleNamespace):
    """Stands for the data set, and has its name."""


@pytest.fixture
def toy_mnist():
    images = np.random.default_rng(1).random((9, 28, 28, 1))
    part = SimpleNamespace(images=images, labels=np.arange(9))
    return Mnist(source="MNIST", test=part)


def run_and_keep(folder, mnist):
    """Run the cells as a kernel does that keeps what figures need."""
    hooks = []
    events = SimpleNamespace(register=lambda name, hook: hooks.append(hook))
    shell = SimpleNamespace(events=events, user_ns={"mnist": mnist, "__name__": "__main__"})
    kept.keep(shell, folder / "kept")
    for cell in (*CELLS[:5], CELLS[6]):
        hooks[0](SimpleNamespace(raw_cell=cell))
        exec(cell, shell.user_ns)


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("a = b + c", {"b", "c"}),
        ("a = 1\nb = a", set()),
        ("x = f(x)", {"f", "x"}),
        ("for k in ks:\n    print(k, y)", {"ks", "print", "y"}),
        ("z = [q * r for q in s]", {"r", "s"}),
        ("g = lambda t: t + u", {"u"}),
        ("def h(v):\n    w = v\n    return w + y", {"y"}),
    ],
)
def test_names_used(source, names):
    assert kept.names_used(source) == names


@pytest.mark.parametrize(
    "value",
    [
        np.arange(6).reshape(2, 3),
        np.array([True, False]),
        np.float32([1 / 3, np.inf]),
        {"a": (1, 2.5, None), 3: ["x", np.zeros(2)]},
        np.float64(0.25),
        range(3, 9, 2),
    ],
)
def test_values_come_back(value):
    again = kept.back(json.loads(json.dumps(kept.plain(value))))
    np.testing.assert_equal(again, value)
    assert type(again) is type(value)


def test_random_generators_go_on_where_they_were():
    rng = np.random.default_rng(5)
    rng.random(3)
    assert kept.back(kept.plain(rng)).random() == rng.random()


def test_a_figure_is_drawn_from_what_was_kept(series, toy_mnist, tmp_path):
    run_and_keep(series, toy_mnist)
    assert json.loads((series / "kept" / "77-digits.json").read_text()) == {
        name: {"again": "images, labels = (mnist.test.images[:4], mnist.test.labels[:4])"}
        for name in ("images", "labels")  # not a single pixel of MNIST is kept
    }
    assert figures.choose(["77-*"]) == ["77-curve", "77-digits"]
    for name in figures.choose():
        figures.draw(name, tmp_path / "one", ["png", "svg"], mnist=toy_mnist)
        figures.draw(name, tmp_path / "two", ["png", "svg"], mnist=toy_mnist)
        for kind in ("png", "svg"):
            one, two = ((tmp_path / n / f"{name}.{kind}").read_bytes() for n in ("one", "two"))
            assert one == two


def test_a_style_file_changes_the_look(series, toy_mnist, tmp_path):
    run_and_keep(series, toy_mnist)
    (tmp_path / "dark.mplstyle").write_text("figure.facecolor: black\nsavefig.facecolor: black\n")
    looks = []
    for style in (None, tmp_path / "dark.mplstyle"):
        assert list(figures.draw_all(["77-curve"], tmp_path, ["png"], style)) == [
            ("77-curve", None)
        ]
        looks.append((tmp_path / "77-curve.png").read_bytes())
    assert looks[0] != looks[1]


def test_what_is_not_kept_is_said(series):
    with pytest.raises(kept.NotKeptError, match=r"77-curve: (scale|x) is not kept"):
        figures.draw("77-curve", series)


def test_what_cannot_be_written_is_not_taken_for_not_kept(series, toy_mnist, tmp_path):
    run_and_keep(series, toy_mnist)
    (tmp_path / "77-curve.png").mkdir()
    with pytest.raises(figures.FigureError, match="77-curve") as caught:
        figures.draw("77-curve", tmp_path, ["png"])
    assert not isinstance(caught.value, kept.NotKeptError)


def test_a_style_that_is_none_is_told(series, tmp_path, capsys):
    style = tmp_path / "bad.mplstyle"
    style.write_bytes(b"\xff\xfe\x00")
    out = str(tmp_path / "out")
    assert __main__.main(["figures", "--style", str(style), "--out", out]) == 1
    assert "The style file cannot be used" in capsys.readouterr().err


def test_notebooks_are_run_for_what_is_not_kept_and_only_then(
    series, toy_mnist, tmp_path, monkeypatch, capsys
):
    ran = []

    def execute(path, **_):
        ran.append(path.name)
        run_and_keep(series, toy_mnist)

    monkeypatch.setattr(runner, "execute", execute)
    for _ in range(2):
        arguments = ["figures", "77-curve", "--formats", "png", "--out", str(tmp_path)]
        assert __main__.main(arguments) == 0
        assert "1 of 1 figures are in" in capsys.readouterr().out
    assert ran == ["77_test.ipynb"]


def test_without_mnist_the_figures_that_show_it_are_named(series, toy_mnist, tmp_path, monkeypatch):
    def nowhere(**_):
        raise data.DataError("MNIST was found nowhere.")

    run_and_keep(series, toy_mnist)
    monkeypatch.setattr(figures, "load_mnist", nowhere)
    monkeypatch.setattr(figures, "_MNIST", figures._Mnist())
    failed = dict(figures.draw_all(["77-curve"], tmp_path, ["png"], jobs=1))
    assert failed == {"77-curve": None}
    with pytest.raises(data.DataError, match="found nowhere"):
        figures.draw("77-digits", tmp_path, ["png"], mnist=figures._Mnist())


def test_unknown_figures_formats_and_styles_are_refused(series, capsys):
    assert __main__.main(["figures", "01-pixel"]) == 1
    assert "There is no figure 01-pixel; there are 77-curve" in capsys.readouterr().err
    for wrong in (["--formats", "bmp"], ["--style", "nowhere.mplstyle"]):
        with pytest.raises(SystemExit):
            __main__.main(["figures", *wrong])
    assert "there is no file nowhere.mplstyle" in capsys.readouterr().err


# ----------------------------------------------------------------------------------- the series
@pytest.mark.parametrize("name", figures.choose())
def test_each_figure_of_the_series_has_what_it_needs(name):
    (notebook,) = (n for n in figures._notebooks() if name in n.cells)
    values = json.loads((kept.KEPT / f"{name}.json").read_text(encoding="utf-8"))
    assert '"unknown"' not in json.dumps(values)
    needed = kept.names_used(notebook.cells[name])
    assert needed <= {"mnist", "plots", *values, *notebook.defined, *dir(builtins)}
