"""Trainings on a Dask cluster: a worker that dies takes nothing with it."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from mnist_lecture import results
from mnist_lecture.workshop import experiments

import pytest

Client = pytest.importorskip("distributed").Client
import on_workers  # noqa: E402

SEEDS = 4


@pytest.fixture
def cluster(tmp_path):
    """A scheduler and two workers, as from `dask scheduler` and `dask worker`; its file."""
    file, trainings = tmp_path / "scheduler.json", tmp_path / "trainings"
    trainings.mkdir()
    environment = os.environ | {
        "TRAININGS": str(trainings),
        "PYTHONPATH": str(Path(__file__).parent),
    }
    where = ["--scheduler-file", str(file), "--no-dashboard"]
    alone = ["--nthreads", "1", "--no-nanny", "--preload", on_workers.__file__]
    commands = [["scheduler", "--port", "0", "--host", "127.0.0.1", *where]]
    commands += [["worker", *where, *alone, "--local-directory", str(tmp_path)]] * 2
    started = []
    try:
        for command in commands:
            with Path(tmp_path, "dask.log").open("a") as log:
                command = [sys.executable, "-m", "dask", *command]
                started.append(
                    subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=log, stderr=log)
                )
            _wait_for(file.exists)
        yield file, trainings
    finally:
        for process in started[::-1]:
            process.kill()
            process.wait()


def _wait_for(condition):
    until = time.monotonic() + 300  # of a busy machine
    while not condition():
        assert time.monotonic() < until, "the cluster does not answer"
        time.sleep(0.05)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_worker_is_killed_and_every_run_is_recorded_once(cluster, tmp_path, monkeypatch):
    file, trainings = cluster
    tiny, digits = on_workers.RECIPES["tiny"], on_workers.digits()
    alone = [experiments.run(tiny, digits, seed) for seed in range(1, SEEDS + 1)]
    monkeypatch.setattr(experiments, "RECIPES", on_workers.RECIPES)
    monkeypatch.setattr(experiments, "_task", on_workers.noted)
    with Client(scheduler_file=str(file)) as client:
        client.wait_for_workers(2, timeout=60)
        address = client.scheduler.address
    killed = []

    def kill_one_in_the_middle():
        _wait_for(lambda: len(list(trainings.iterdir())) >= 3)
        killed.append(max(trainings.iterdir(), key=lambda path: path.stat().st_mtime).name)
        os.kill(int(killed[0].partition("-")[2]), signal.SIGKILL)

    murderer = threading.Thread(target=kill_one_in_the_middle)
    murderer.start()
    experiments.record(["tiny"], SEEDS, cluster=address, folder=tmp_path)
    murderer.join()

    begun = [path.name for path in trainings.iterdir()]
    seed = killed[0].partition("-")[0]
    assert sum(name.startswith(f"{seed}-") for name in begun) == 2  # by the other worker, again
    runs = results.load("tiny", tmp_path)["runs"]
    assert [run["seed"] for run in runs] == list(range(1, SEEDS + 1))
    for run, same in zip(runs, alone, strict=True):
        assert (run["errors"], run["wrong"]) == (same["errors"], same["wrong"])
