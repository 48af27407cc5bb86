"""Figures by name: what a cell needs is found and stored, and suffices to draw it again."""

import builtins
import json
from types import SimpleNamespace

from mnist_lecture import data
from mnist_lecture.plots import showing
from mnist_lecture.workshop import __main__, capture, execute, redraw

import nbformat
import numpy as np
import pytest

CELLS = [
    "from mnist_lecture import plots\nimport numpy as np\nplots.use_style()",
    "x = np.linspace(0, 1, 5)",
    "def parabola(x):\n    return scale * x**2",
    "scale, first = 3, 4",
    "images, labels = mnist.test.images[:first], mnist.test.labels[:first]",
    'figure = plots.curves(x, {"$y$": parabola(x)}, "x", "y")\nplots.show(figure, "77-curve")',
    'figure = plots.digits(images, labels)\nplots.show(figure, "77-digits")\nprint("shown")',
]
DECLARED = 4  # the cell that takes images and labels from MNIST


def write(cells, path):
    """Write a notebook of these cells, of which one is declared."""
    cells = [nbformat.v4.new_code_cell(source) for source in cells]
    cells[DECLARED].metadata["tags"] = [capture.TAG]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)


@pytest.fixture
def series(tmp_path, monkeypatch):
    """A notebook of two figures, in the place of the series; nothing of it is stored."""
    write(CELLS, tmp_path / "77_test.ipynb")
    monkeypatch.setattr(execute, "NOTEBOOKS", tmp_path)
    monkeypatch.setattr(capture, "STORED", tmp_path / "stored")
    texts = {"77-curve": "A parabola.", "77-digits": "Four digits."}
    monkeypatch.setattr(showing, "alternative_texts", lambda: texts)
    redraw._notebooks.cache_clear()
    yield tmp_path
    redraw._notebooks.cache_clear()


@pytest.fixture
def toy_mnist():
    part = data.Digits(np.random.default_rng(1).integers(0, 255, (9, 28, 28)), np.arange(9))
    return data.Mnist(part, part, part, part)


def run_and_store(folder, mnist):
    """Run the cells as a kernel does that stores what figures need."""
    hooks = []
    events = SimpleNamespace(register=lambda name, hook: hooks.append(hook))
    shell = SimpleNamespace(events=events, user_ns={"mnist": mnist, "__name__": "__main__"})
    capture.start(shell, folder / "77_test.ipynb", folder / "stored")
    for cell in nbformat.read(folder / "77_test.ipynb", 4).cells:
        hooks[0](SimpleNamespace(raw_cell=cell.source))
        exec(cell.source, shell.user_ns)


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
        ("def h(v):\n    w = v\n    return w\nplots.curves(w)", {"plots", "w"}),
        ("x += 1", {"x"}),
        ("for i in range(3):\n    t = t + i", {"range", "t"}),
        ("for n, ax in zip(p, axes):\n    r = ax.plot(n)\nr.set(q)", {"axes", "p", "q", "zip"}),
        ("a = {k: v for k, v in {m: n for m in o}.items()}", {"n", "o"}),
        (
            "class A(B):\n    c = d\n    def f(self):\n        return [e for i in c]",
            {"B", "c", "d", "e"},
        ),
        ("with o as b:\n    b.write(f'{v:.{w}f}')", {"o", "v", "w"}),
        ("from a import b as c\nc(d)", {"d"}),
    ],
)
def test_names_used(source, names):
    assert capture.names_used(source) == names


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
    again = capture.restored(json.loads(json.dumps(capture.plain(value))))
    np.testing.assert_equal(again, value)
    assert type(again) is type(value)


def test_random_generators_go_on_where_they_were():
    rng = np.random.default_rng(5)
    rng.random(3)
    assert capture.restored(capture.plain(rng)).random() == rng.random()


def test_a_figure_is_drawn_from_what_was_stored(series, toy_mnist, tmp_path):
    run_and_store(series, toy_mnist)
    stored = capture.stored("77-digits")
    assert stored == {"first": 4}  # not a single pixel of MNIST
    assert capture.stored("77-curve").keys() == {"scale", "x"}
    assert redraw.choose(["77-*"]) == ["77-curve", "77-digits"]
    for name in redraw.choose():
        redraw.draw(name, tmp_path / "one", ["png", "svg"], mnist=toy_mnist)
        redraw.draw(name, tmp_path / "two", ["png", "svg"], mnist=toy_mnist)
        for kind in ("png", "svg"):
            one, two = ((tmp_path / n / f"{name}.{kind}").read_bytes() for n in ("one", "two"))
            assert one == two


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("images = mnist.test.images[:4]", "images like those of MNIST"),
        ("images = [{0: mnist.test.images[:4]}]", "images like those of MNIST"),
        ("labels = mnist.test.labels[:4]", "labels of MNIST"),
        ("labels = np.zeros(1_000_000)", "many numbers"),
        ("labels = object()", "an object of type object"),
    ],
)
def test_what_cannot_be_stored_must_be_declared(series, toy_mnist, source, reason):
    write([*CELLS[:5], source, *CELLS[5:]], series / "77_test.ipynb")
    redraw._notebooks.cache_clear()
    code = capture.Code(series / "77_test.ipynb")
    namespace = {"mnist": toy_mnist, "np": np, "images": 1, "labels": 2, "first": 4}
    exec(source, namespace)
    name = source.split()[0]
    code._declared.clear()
    namespace[{"images": "labels", "labels": "images"}[name]] = 0
    values = capture.values_for("77-digits", code, namespace)
    assert list(capture._unknown(values[name])) == [reason]


def test_run_refuses_to_store_what_must_be_declared(series, toy_mnist):
    capture.records.save(
        "77-digits", {"images": {"unknown": "images like those of MNIST"}}, capture.STORED
    )
    (problem,) = capture.problems("77-digits")
    assert "77-digits needs `images`" in problem and 'the tag "redraw"' in problem


def test_a_style_file_changes_the_look(series, toy_mnist, tmp_path):
    run_and_store(series, toy_mnist)
    (tmp_path / "dark.mplstyle").write_text("figure.facecolor: black\nsavefig.facecolor: black\n")
    looks = []
    for style in (None, tmp_path / "dark.mplstyle"):
        assert list(redraw.draw_all(["77-curve"], tmp_path, ["png"], style)) == [("77-curve", None)]
        looks.append((tmp_path / "77-curve.png").read_bytes())
    assert looks[0] != looks[1]


def test_what_is_not_stored_is_named(series):
    with pytest.raises(capture.NotStoredError, match=r"77-curve: (scale|x) is not stored"):
        redraw.draw("77-curve", series)


def test_what_cannot_be_written_is_not_taken_for_not_stored(series, toy_mnist, tmp_path):
    run_and_store(series, toy_mnist)
    (tmp_path / "77-curve.png").mkdir()
    with pytest.raises(redraw.FigureError, match="77-curve") as caught:
        redraw.draw("77-curve", tmp_path, ["png"])
    assert not isinstance(caught.value, capture.NotStoredError)


def test_a_file_that_is_no_style_is_reported(series, tmp_path, capsys):
    style = tmp_path / "bad.mplstyle"
    style.write_bytes(b"\xff\xfe\x00")
    out = str(tmp_path / "out")
    assert __main__.main(["figures", "--style", str(style), "--out", out]) == 1
    assert "The style file cannot be used" in capsys.readouterr().err


def test_notebooks_are_run_for_what_is_not_stored_and_only_then(
    series, toy_mnist, tmp_path, monkeypatch, capsys
):
    ran = []

    def run(path, **_):
        ran.append(path.name)
        run_and_store(series, toy_mnist)

    monkeypatch.setattr(execute, "execute", run)
    for _ in range(2):
        arguments = ["figures", "77-curve", "--formats", "png", "--out", str(tmp_path)]
        assert __main__.main(arguments) == 0
        assert "1 of 1 figures are in" in capsys.readouterr().out
    assert ran == ["77_test.ipynb"]


def test_without_mnist_the_figures_that_show_it_are_named(series, toy_mnist, tmp_path, monkeypatch):
    def nowhere(**_):
        raise data.DataError("MNIST was found nowhere.")

    run_and_store(series, toy_mnist)
    monkeypatch.setattr(redraw, "load_mnist", nowhere)
    monkeypatch.setattr(redraw, "_MNIST", redraw._Mnist())
    failed = dict(redraw.draw_all(["77-curve"], tmp_path, ["png"], jobs=1))
    assert failed == {"77-curve": None}
    with pytest.raises(data.DataError, match="found nowhere"):
        redraw.draw("77-digits", tmp_path, ["png"], mnist=redraw._Mnist())


def test_unknown_figures_formats_and_styles_are_refused(series, capsys):
    assert __main__.main(["figures", "01-pixel"]) == 1
    assert "There is no figure 01-pixel; there are 77-curve" in capsys.readouterr().err
    for wrong in (["--formats", "bmp"], ["--style", "nowhere.mplstyle"]):
        with pytest.raises(SystemExit):
            __main__.main(["figures", *wrong])
    assert "there is no file nowhere.mplstyle" in capsys.readouterr().err


# ----------------------------------------------------------------------------------- the series
def test_what_is_stored_belongs_to_a_figure():
    assert {path.stem for path in capture.STORED.glob("*.json")} <= set(redraw.choose())


@pytest.mark.parametrize("name", redraw.choose())
def test_each_figure_of_the_series_has_what_it_needs(name):
    assert (capture.STORED / f"{name}.json").exists()
    assert capture.problems(name) == []
    code = redraw._that_shows(name)
    place, source = code.shown[name]
    available = {"mnist", "plots", *capture.stored(name), *code.defined, *dir(builtins)}
    unknown = capture.names_used(source) - available
    assert [name for name in unknown if not code.declared(name, place)] == []
