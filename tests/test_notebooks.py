"""The gates of the notebooks: each must be whole, and each gate is shown to catch a broken one.

nbval checks that the cells run, and that tagged cells print what is stored; a test here shows that
it, too, catches a broken notebook.
"""

import ast
import base64
import copy
import re
import subprocess
import sys
from html import unescape

from mnist_lecture import data, exercises, live, plots
from mnist_lecture.workshop import capture, execute, handout

import nbformat
import pytest

LESSONS = execute.choose()
SOLUTIONS = sorted((execute.NOTEBOOKS / "solutions").glob("*.ipynb"))
TAGS = {"nbval-check-output", capture.TAG, handout.INSTALL}  # of code cells
KINDS = {"core", "deep-dive"}  # of sections, as tags of their headings
LIVE = re.compile(r'live\.show\(\s*"([^"]+)"')
LARGEST = 1_500_000  # bytes: a page that a browser still shows at once


def read(path):
    return nbformat.read(path, as_version=4)


def named_figures(notebook):
    """Return the names under which the notebook shows its figures."""
    return [name for cell in notebook.cells for name in capture.figures_in(cell.source)]


def rebound(notebook):
    """Return the imported names that some other statement of the notebook binds again."""
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    nodes = [node for source in sources for node in ast.walk(ast.parse(source))]
    imported = {
        alias.asname or alias.name.partition(".")[0]
        for node in nodes
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    bound = {
        node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    } | {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    return imported & bound


def problems(notebook):
    """Return what is wrong with a stored notebook, a list of sentences."""
    found = []
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for place, cell in enumerate(code, start=1):
        if cell.execution_count != place:
            found.append(f"code cell {place} was not executed in its turn: restart, and run all")
        if unknown := set(cell.metadata.get("tags", [])) - TAGS:
            found.append(f"code cell {place} has the unknown tags {unknown}")
        for output in cell.outputs:
            if output.output_type == "error":
                found.append(f"code cell {place} holds the error {output.ename}")
            if output.get("name") == "stderr":
                found.append(f"code cell {place} holds noise: {output.text}")
            if output.output_type == "stream" and re.search(
                r"\d+:\d\d|\r|0x[0-9a-f]{6}", output.text
            ):
                found.append(f"code cell {place} holds a time or an address: {output.text}")
            if "image/png" in output.get("data", {}) and not output.metadata.get(
                "image/png", {}
            ).get("alt"):
                found.append(f"code cell {place} has a figure without alternative text")
        if len(cell.source.splitlines()) > 25:
            found.append(f"code cell {place} is too long to be read")
    if names := rebound(notebook):
        found.append(f"imported names are bound again, so a second run fails: {names}")
    if set(notebook.metadata) - {"kernelspec", "language_info", "mnist_lecture"}:
        found.append(f"there is more metadata than needed: {set(notebook.metadata)}")
    if notebook.metadata.kernelspec.name != "python3":
        found.append("the kernel is not plain python3")
    return found


@pytest.mark.parametrize("path", [*LESSONS, *SOLUTIONS], ids=lambda path: path.stem)
def test_notebook_is_whole(path):
    notebook = read(path)
    nbformat.validate(notebook)
    assert problems(notebook) == []
    assert path.stat().st_size < LARGEST


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_lesson_has_its_parts(path):
    notebook = read(path)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    first = notebook.cells[0].source
    assert first.startswith(f"# {path.name[:2]} · ")
    for part in ("**Class time**", "**Run time**", "**You will be able to**"):
        assert part in first
    assert "**Predict.**" in text
    assert "## Exercises" in text
    assert notebook.cells[-1].source.startswith("## In this notebook")
    seconds = notebook.metadata.mnist_lecture.seconds
    assert 0 < seconds.quick <= seconds.full


TIMES = re.compile(
    r"\*\*Class time\*\* (?:core (\d+), )?whole (\d+) minutes"
    r" · \*\*Run time\*\* about (\d+) seconds"
)


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_times_are_the_same_everywhere(path):
    notebook = read(path)
    core, whole, seconds = TIMES.search(notebook.cells[0].source).groups()
    assert notebook.metadata.mnist_lecture.seconds.full == int(seconds)
    readme = (data.REPOSITORY / "README.md").read_text(encoding="utf-8")
    line = next(line for line in readme.splitlines() if f"(notebooks/{path.name})" in line)
    assert line.endswith(f"| {core or '–'} | {whole} | {seconds} s |")
    # A notebook that is all deep dive, such as 10, has no core, so no time for one.
    assert (core is None) == ("core" not in [kind for _, kind in sections(notebook)])


# ------------------------------------------------------------------------- core and deep dive
def sections(notebook):
    """Return the marked headings of a notebook, each with its kind."""
    kinds = ((cell, KINDS & set(cell.metadata.get("tags", []))) for cell in notebook.cells)
    return [(cell, *kind) for cell, kind in kinds if kind]


def core_of(notebook):
    """Return a copy of the notebook without its deep dives."""
    core, kind = copy.deepcopy(notebook), "core"
    kept = []
    for cell in core.cells:
        kind = next(iter(KINDS & set(cell.metadata.get("tags", []))), kind)
        if kind == "core":
            kept.append(cell)
    core.cells = kept
    return core


MARKED = [path for path in LESSONS if sections(read(path))]


@pytest.mark.parametrize("path", MARKED, ids=lambda path: path.stem)
def test_each_section_says_what_it_is(path):
    found = sections(read(path))
    for cell, kind in found:
        first = cell.source.splitlines()[0]
        assert cell.cell_type == "markdown" and first.startswith("## ")
        assert first.endswith(f" · {kind.replace('-', ' ')}")
    marked = [cell.source.splitlines()[0] for cell, _ in found]
    unmarked = ("## Exercises", "## In this notebook")
    headings = [
        line
        for cell in read(path).cells
        if cell.cell_type == "markdown"
        for line in cell.source.splitlines()
        if line.startswith("## ") and not line.startswith(unmarked)
    ]
    assert headings == marked


AGAIN = execute.choose(["1", "2", "4", "5", "6"])  # runs of the others twice take too long here
ALONE = [path for path in MARKED if path not in AGAIN and len(core_of(read(path)).cells) > 2]


@pytest.mark.parametrize("path", ALONE, ids=lambda path: path.stem)
def test_the_core_runs_alone(path, tmp_path):
    nbformat.write(core_of(read(path)), tmp_path / path.name)
    execute.execute(tmp_path / path.name, quick=True, source="generated", show=False)


def test_a_core_that_needs_a_deep_dive_is_found(tmp_path):
    new = nbformat.v4
    deep = new.new_markdown_cell("## A · deep dive", metadata={"tags": ["deep-dive"]})
    core = new.new_markdown_cell("## B · core", metadata={"tags": ["core"]})
    cells = [deep, new.new_code_cell("x = 1"), core, new.new_code_cell("print(x)")]
    nbformat.write(core_of(new.new_notebook(cells=cells)), tmp_path / "01_one.ipynb")
    with pytest.raises(execute.RunError, match="NameError"):
        execute.execute(tmp_path / "01_one.ipynb", quick=True, show=False)


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_lesson_was_run_on_all_of_mnist(path):
    printed = "".join(
        output.text
        for cell in read(path).cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == "stream"
    )
    if "load_mnist" in "".join(cell.source for cell in read(path).cells):
        assert "MNIST: 45,000 images to train, 5,000 to validate, 10,000 to test" in printed


@pytest.mark.parametrize("path", [*LESSONS, *SOLUTIONS], ids=lambda path: path.stem)
def test_links_lead_somewhere(path):
    for cell in read(path).cells:
        if cell.cell_type == "markdown":
            for target in re.findall(r"\]\(([^)#:]+)\)", cell.source):
                assert (path.parent / target).exists(), target


def test_every_figure_has_a_name_and_an_alternative_text():
    shown = [name for path in LESSONS for name in named_figures(read(path))]
    texts = plots.alternative_texts()
    sources = [cell.source for path in LESSONS for cell in read(path).cells]
    shown_live = {name for source in sources for name in LIVE.findall(source)}
    assert shown_live == set(live.NAMES)
    shown += [f"live-{name}" for name in sorted(shown_live)]
    assert [name for name in shown if name not in texts] == [], "add these to alt_texts.toml"
    assert [name for name in texts if name not in shown] == [], "no notebook shows these"
    assert len(set(shown)) == len(shown)


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_stored_figures_have_todays_alternative_texts(path):
    texts = plots.alternative_texts()
    for cell in read(path).cells:
        names = capture.figures_in(cell.source) if cell.cell_type == "code" else []
        alts = [o.metadata["image/png"]["alt"] for o in cell.get("outputs", ()) if is_figure(o)]
        found = dict(zip(names, alts, strict=True))
        assert found == {name: texts[name] for name in names}, "mnist-lecture run NN --save"
        frames = [o.metadata["text/html"] for o in cell.get("outputs", ()) if is_live(o)]
        assert [frame["name"] for frame in frames] == LIVE.findall(cell.source)
        assert all(frame["alt"] == texts[f"live-{frame['name']}"] for frame in frames)
        for output in filter(is_live, cell.get("outputs", ())):
            frame = unescape(output.data["text/html"])
            name = output.metadata["text/html"]["name"]
            for script in (*live.SHARED, f"{name}.js"):  # today's, too
                assert (live.HERE / script).read_text(encoding="utf-8") in frame, script


def is_figure(output):
    return "image/png" in output.get("data", {})


def is_live(output):
    return "text/html" in output.get("data", {})


def test_all_notebooks_together_are_small():
    assert sum(path.stat().st_size for path in LESSONS) < 9_000_000


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_figures_carry_the_number_of_their_notebook(path):
    assert all(
        name.startswith(path.name[:3].replace("_", "-")) for name in named_figures(read(path))
    )


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_every_exercise_has_a_check_and_a_solution(path):
    number = path.name[:2]
    solution = execute.NOTEBOOKS / "solutions" / path.name
    pattern = rf'exercises\.check\("({number}\.\d+)"'
    asked = re.findall(pattern, "\n".join(cell.source for cell in read(path).cells))
    solved = re.findall(r"assert " + pattern, "\n".join(c.source for c in read(solution).cells))
    checks = [n for n in exercises.numbers() if n.startswith(number)]
    assert asked == [f"{number}.{k}" for k in range(1, len(asked) + 1)], "numbers follow on"
    assert asked == checks, f"the functions in mnist_lecture/exercises/notebook_{number}.py"
    assert asked == solved, f"the solutions in {solution}"
    assert 2 <= len(asked) <= 4


# ------------------------------------------------------------------------ every cell runs again
def run_twice(path, folder):
    """Run the core of the notebook alone, then its deep dives, and then each cell once more."""
    notebook = read(path)
    core = core_of(notebook).cells
    ids = {cell.id for cell in core}
    deep = [cell for cell in notebook.cells if cell.id not in ids]
    cells = [*core, *deep, *notebook.cells]
    notebook.cells = [copy.deepcopy(cell) for cell in cells if cell.cell_type == "code"]
    for place, cell in enumerate(notebook.cells):
        cell.id = f"cell-{place}"
    nbformat.write(notebook, folder / path.name)
    execute.execute(folder / path.name, quick=True, source="generated", show=False)


# In class one runs the core, and the deep dives at home. All have been seen to pass.
@pytest.mark.parametrize("path", AGAIN, ids=lambda path: path.stem)
def test_the_core_runs_alone_and_then_every_cell_again(path, tmp_path):
    run_twice(path, tmp_path)


def test_a_cell_that_cannot_be_run_again_is_found(tmp_path):
    cells = [nbformat.v4.new_code_cell(c) for c in ("x = 1", "y = x + 1", "x = 'one'")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "01_one.ipynb")
    run_twice(tmp_path / "01_one.ipynb", tmp_path)  # the second time, x is a number again
    cells += [nbformat.v4.new_code_cell("print(len(y)) if isinstance(y, str) else None; y = 'two'")]
    cells[1].source = "y = globals().get('y', 1) + 1"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "01_one.ipynb")
    with pytest.raises(execute.RunError, match=r"cell 6, failed(?s:.)*TypeError"):
        run_twice(tmp_path / "01_one.ipynb", tmp_path)


def test_progress_of_fit_warns_of_nothing(tmp_path):
    cell = nbformat.v4.new_code_cell("from mnist_lecture import progress; _ = progress.epochs()")
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), tmp_path / "01_one.ipynb")
    ran, _ = execute.execute(tmp_path / "01_one.ipynb", show=False)
    assert [output.name for output in ran.cells[0].outputs if output.name != "stdout"] == []


# ------------------------------------------------------------------------- the gates themselves
def _not_executed(cell):
    cell.execution_count = None


def _unknown_tag(cell):
    cell.metadata["tags"] = ["nbval-chekc-output"]


def _error(cell):
    cell.outputs = [nbformat.v4.new_output("error", ename="ValueError", evalue="", traceback=[])]


def _noise(cell):
    cell.outputs = [nbformat.v4.new_output("stream", name="stderr", text="W0000 cuda")]


def _time(cell):
    cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text="30/30 [00:12<00:00]")]


def _mute_figure(cell):
    picture = base64.b64encode(b"picture").decode()
    cell.outputs = [nbformat.v4.new_output("display_data", data={"image/png": picture})]


def _rebinding(cell):
    cell.source += "\nfor plots in range(3):\n    pass"


def _redefinition(cell):
    cell.source += "\ndef plots():\n    pass"


@pytest.mark.parametrize(
    "damage",
    [
        _not_executed,
        _unknown_tag,
        _error,
        _noise,
        _time,
        _mute_figure,
        _rebinding,
        _redefinition,
    ],
)
def test_gate_catches(damage):
    notebook = copy.deepcopy(read(LESSONS[0]))
    assert problems(notebook) == []
    damage(next(cell for cell in notebook.cells if cell.cell_type == "code"))
    assert problems(notebook) != []


CELLS = {  # source, stored output, tags, and whether nbval is content
    "good": ("print(1 + 1)", "2\n", ["nbval-check-output"], True),
    "other-output": ("print(1 + 2)", "2\n", ["nbval-check-output"], False),
    "other-output-untagged": ("print(1 + 2)", "2\n", [], True),
    "failing-assert": ("assert 1 + 1 == 3", "", [], False),
}


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """What nbval says about a notebook for each of the CELLS, all in one run."""
    folder = tmp_path_factory.mktemp("nbval")
    for name, (source, stored, tags, _) in CELLS.items():
        output = nbformat.v4.new_output("stream", name="stdout", text=stored)
        cell = nbformat.v4.new_code_cell(source, outputs=[output], execution_count=1)
        cell.metadata["tags"] = tags
        nbformat.write(nbformat.v4.new_notebook(cells=[cell]), folder / f"{name}.ipynb")
    options = ["--nbval-lax", "--nbval-current-env", "-p", "no:cacheprovider", "-q", "-rA"]
    command = [sys.executable, "-m", "pytest", *options, "--rootdir", ".", "."]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True).stdout


@pytest.mark.xdist_group("nbval")  # in one process, or each would make a report of its own
@pytest.mark.parametrize("name", CELLS)
def test_nbval_catches(name, report):
    word = "PASSED" if CELLS[name][-1] else "FAILED"
    assert re.search(rf"^{word} {name}\.ipynb::", report, re.MULTILINE), report


def test_nothing_that_is_mnist_is_tracked():
    listed = subprocess.run(
        ["git", "ls-files"], cwd=data.REPOSITORY, capture_output=True, text=True
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    names = listed.stdout.split()
    assert [name for name in names if name.startswith("data/")] == ["data/README.md"]
    networks = "results/networks/"  # trained weights, not images
    suspects = [name for name in names if not name.startswith(networks)]
    assert not [name for name in suspects if name.endswith((".gz", ".npz", "ubyte"))]
