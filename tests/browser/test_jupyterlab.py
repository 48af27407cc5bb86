"""A live figure in JupyterLab: the picture while the notebook is not trusted, then the figure."""

import os
import re
import subprocess
import sys
import time

import nbformat
import pytest

SOURCE = """
from mnist_lecture import live, plots
import numpy as np
plots.use_style()
z = np.arange(10.0)
live.show("temperature", plots.bars(z), z=z)
"""


@pytest.fixture
def jupyterlab(tmp_path):
    """Start JupyterLab in an empty folder; return its address, and stop it at the end."""
    pytest.importorskip("jupyterlab", reason='pip install -e ".[browser]"')
    folders = {
        f"JUPYTER_{name}": str(tmp_path / name)
        for name in ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR")
    }
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--port=0"]
    command += ["--ServerApp.token=", f"--ServerApp.root_dir={tmp_path}"]
    log = tmp_path / "log"
    with log.open("w") as file:
        server = subprocess.Popen(command, stderr=file, env={**os.environ, **folders}, cwd=tmp_path)
        try:
            for _ in range(300):
                if found := re.search(r"http://(?:localhost|127\.0\.0\.1):\d+", log.read_text()):
                    break
                time.sleep(0.2)
            else:
                pytest.fail(f"JupyterLab did not start: {log.read_text()}")
            yield found[0]
        finally:
            server.terminate()
            server.wait(20)


def test_a_live_figure_in_jupyterlab(chromium, jupyterlab, tmp_path):
    from mnist_lecture import live, plots

    outputs = []
    live_display, live.display = (
        live.display,
        lambda data, metadata, raw: outputs.append(
            nbformat.v4.new_output("display_data", data, metadata=metadata)
        ),
    )
    try:
        exec(SOURCE, {})
    finally:
        live.display = live_display
    cell = nbformat.v4.new_code_cell(SOURCE, outputs=outputs)
    notebook = nbformat.v4.new_notebook(cells=[cell])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, tmp_path / "one.ipynb")
    alt = plots.alternative_texts()["live-temperature"]

    page = chromium.new_page(viewport={"width": 1300, "height": 900})
    page.goto(f"{jupyterlab}/lab/tree/one.ipynb")
    picture = page.locator(".jp-OutputArea img")
    picture.wait_for(timeout=90_000)
    assert picture.get_attribute("alt") == alt  # not trusted yet: the picture, no frame
    assert page.locator(".jp-OutputArea iframe").count() == 0

    page.get_by_text("| Idle").wait_for(timeout=90_000)  # before, a click may be lost
    page.get_by_text("Run", exact=True).first.click()
    page.get_by_text("Run All Cells", exact=True).first.click()
    page.locator(".jp-OutputArea iframe").wait_for(timeout=90_000)
    frame = page.frame_locator(".jp-OutputArea iframe")
    frame.get_by_label("temperature T").fill("2")
    assert "categories in play" in frame.locator("main").inner_text()
    picture_box, frame_box = (
        page.locator(f".jp-OutputArea {tag}").bounding_box() for tag in ("img", "iframe")
    )
    assert frame_box["height"] >= picture_box["height"]  # and it covers the picture
    assert abs(frame_box["y"] - picture_box["y"]) < 2
    page.close()


def test_what_check_leaves_in_jupyterlab_is_what_is_read(chromium, jupyterlab, tmp_path):
    from mnist_lecture.workshop import answers

    def saved_until(wanted):
        page.keyboard.press("Control+s")
        for _ in range(100):
            if (found := answers.read(path)["02.1"]).verdict == wanted:
                return found
            time.sleep(0.2)
        pytest.fail(f"not {wanted} but {found}")

    source = "from mnist_lecture import exercises\n\nexercises.check('02.1', 4.605)"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    path = tmp_path / "one.ipynb"
    nbformat.write(notebook, path)
    assert answers.read(path)["02.1"].verdict == answers.NOT_RUN

    page = chromium.new_page(viewport={"width": 1300, "height": 900})
    page.goto(f"{jupyterlab}/lab/tree/one.ipynb")
    page.get_by_text("| Idle").wait_for(timeout=90_000)
    page.get_by_text("Run", exact=True).first.click()
    page.get_by_text("Run All Cells", exact=True).first.click()
    output = page.locator(".jp-OutputArea-output").first
    output.wait_for(timeout=90_000)
    assert output.inner_text().strip() == "Exercise 02.1: right!"  # a reader sees the line, no more
    assert saved_until(answers.RIGHT).traced
    page.locator(".jp-CodeCell .cm-content").first.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("  # or so")
    saved_until(answers.CHANGED)
    page.close()
