"""The command line, `mnist-lecture`: one subcommand for each thing that one does often."""

import argparse
import sys
import tempfile
from pathlib import Path

from mnist_lecture import LectureError, __version__, data, mnist_files
from mnist_lecture.workshop import classroom

EXTRAS = {"tensorflow": "tensorflow", "sphinx-revealjs": "slides"}  # what is not in "workshop"


def main(arguments=None):
    """Run the command line and return its exit status: 0, or 1 if it failed."""
    parser = _parser()
    options, options.others = parser.parse_known_args(arguments)
    if options.others and options.command is not classroom.lab:  # which hands them on
        parser.error(f"unrecognized arguments: {' '.join(options.others)}")
    try:
        return options.command(options)
    except (LectureError, OSError) as error:  # the second, where something cannot be written
        print(f"mnist-lecture: {error}", file=sys.stderr)
    except ModuleNotFoundError as error:
        extra = EXTRAS.get(error.name, "workshop")
        print(
            f"mnist-lecture: {error.name} is not installed; it comes with: "
            f'pip install "mnist-lecture[{extra}]"',
            file=sys.stderr,
        )
    except KeyboardInterrupt:
        print("mnist-lecture: stopped", file=sys.stderr)
    return 1


# ------------------------------------------------------------------------------------- arguments
def _parser():
    parser = argparse.ArgumentParser(
        prog="mnist-lecture",
        description="Handwriting recognition with Keras: the lecture's data and notebooks.",
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    classroom.add(commands)

    command = commands.add_parser(
        "data",
        help="report which data was found where, verify it, download what is missing",
        description="Report where MNIST was looked for and what was found; verify it; if it is "
        "found nowhere, download it.",
    )
    command.add_argument("folder", nargs="?", help="look here first (default: MNIST_LECTURE_DATA)")
    command.set_defaults(command=_data)

    command = commands.add_parser(
        "run",
        help="execute the notebooks and write them, as notebooks and HTML pages",
        description="Execute the notebooks, in order, and write them and HTML pages of them into "
        "a folder, with an index.",
    )
    command.add_argument("numbers", nargs="*", metavar="NN", help="which (default: all)")
    command.add_argument(
        "--quick",
        action="store_true",
        default=None,
        help="on a tenth of the data (default: as MNIST_LECTURE_QUICK says)",
    )
    command.add_argument(
        "--figures",
        action="store_true",
        help="also write the figures of this very run (PDF, SVG, PNG); those of the series take "
        "only a minute: mnist-lecture figures",
    )
    command.add_argument(
        "--save",
        action="store_true",
        help="also store the outputs in notebooks/ itself, and in results/ what figures need",
    )
    _add_out(command, "build")
    _add_jobs(command, "notebooks")
    command.set_defaults(command=_run)

    command = commands.add_parser(
        "pages",
        help="write the notebooks as a site, from the outputs that are stored in them",
        description="Write the notebooks as a site that needs no server and no network, within "
        "seconds: from the outputs that are stored in them. Nothing is executed.",
    )
    _add_out(command, "build")
    command.set_defaults(command=_pages)

    command = commands.add_parser(
        "figures",
        help="draw the figures of the series, by name, from stored values",
        description="Draw the figures of the series, within a minute, from the values that were "
        "stored when the notebooks were run. For a figure without them its notebook is run.",
    )
    command.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help='which, such as 05-hundred or "05-*" (default: all)',
    )
    command.add_argument(
        "--formats", type=_formats, default=["pdf", "svg", "png"], help="default: pdf,svg,png"
    )
    command.add_argument(
        "--style", type=_file, help="a matplotlib style file, applied after the lecture's"
    )
    _add_out(command, "build/figures")
    command.set_defaults(command=_figures)

    command = commands.add_parser(
        "slides",
        help="write the lecture as slides, one HTML file that needs no network",
        description="Write the lecture of 90 minutes as slides, one HTML file that needs no "
        "network, with figures from stored values. In it: S for the presenter's view, Esc for an "
        "overview, ? for the keys; ?print-pdf behind its address to print it.",
    )
    command.add_argument(
        "--out",
        type=Path,
        default=Path("build/slides.html"),
        metavar="FILE",
        help="default: %(default)s",
    )
    command.add_argument(
        "--style",
        type=_file,
        help="a matplotlib style file for the figures, in place of the deck's",
    )
    command.add_argument("--dark", action="store_true", help="light letters on a dark background")
    command.set_defaults(command=_slides)

    command = commands.add_parser(
        "experiments",
        help="repeat the trainings of the series over seeds and record the results",
        description="Train the recipes of the series from several seeds on the real MNIST and "
        "write the results into results/. What is recorded already is not repeated.",
    )
    command.add_argument("names", nargs="*", metavar="NAME", help="which recipes (default: all)")
    command.add_argument(
        "--seeds", type=_count, default=5, metavar="N", help="default: %(default)s"
    )
    where = command.add_mutually_exclusive_group()
    _add_jobs(where, "trainings")
    where.add_argument(
        "--cluster",
        metavar="ADDRESS",
        help='of the scheduler of a Dask cluster to run on; needs the extra "cluster"',
    )
    command.add_argument(
        "--again", action="store_true", help="first discard what is recorded, all seeds of it"
    )
    command.set_defaults(command=_experiments)
    return parser


def _add_out(command, folder):
    command.add_argument(
        "--out", type=Path, default=Path(folder), metavar="DIR", help="default: %(default)s"
    )


def _add_jobs(command, what):
    command.add_argument(
        "--jobs", type=_count, default=1, metavar="N", help=f"{what} at once (default: 1)"
    )


def _formats(text):
    from mnist_lecture import plots  # here: `data` need not wait for it

    formats = text.split(",")
    if unknown := [name for name in formats if name not in plots.FORMATS]:
        known = ", ".join(plots.FORMATS)
        raise argparse.ArgumentTypeError(f"no {', '.join(unknown)}; there are {known}")
    return formats


def _file(text):
    if not Path(text).is_file():
        raise argparse.ArgumentTypeError(f"there is no file {text}")
    return text


def _count(text):
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1 on, not {text!r}")
    return int(text)


def _make_sure_one_can_write_to(*folders):
    """Raise `LectureError` now, and not after an hour, if something cannot be written."""
    for folder in folders:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=folder).close()
        except OSError as error:
            raise LectureError(f"{folder} cannot be written to: {error.strerror}") from error


def _make_sure_this_is_a_clone(what):
    """Raise `LectureError` if there is no clone, whose notebooks and results `what` needs."""
    if data.REPOSITORY == data.CARRIED:
        raise LectureError(
            f"`{what}` needs a clone of the repository, in which the package is installed by "
            "`pip install --editable .`"
        )


# -------------------------------------------------------------------------------------- commands
def _data(options):
    for place in data.places(options.folder):
        print(f"{place}: {mnist_files.state(place)}")
    if data.find(options.folder)[0] is None:
        data.download(options.folder, again=True)
        print(f"{data.find(options.folder)[0]}: MNIST, downloaded and verified")
    return 0


def _run(options):
    from mnist_lecture import progress  # these here: `data` need not wait for them
    from mnist_lecture.workshop import capture, execute

    import joblib

    if options.save:
        _make_sure_this_is_a_clone("run --save")
    paths = execute.choose(options.numbers)
    stores = [execute.NOTEBOOKS, capture.STORED] if options.save else []
    _make_sure_one_can_write_to(options.out, *stores)
    mnist = data.load_mnist(quick=options.quick)  # once, before anything else takes time
    print(mnist)
    if options.save and not mnist.full_scale:
        raise execute.RunError("--save stores only outputs of runs on the whole, real MNIST.")
    seconds = {path: execute.expected_seconds(path, mnist.quick) for path in paths}
    total = f"about {_duration(sum(seconds.values()))}"
    several = f"{len(paths)} notebooks: {total} one after the other, on two cores"
    print(several if len(paths) > 1 else f"1 notebook: {total} on two cores")
    if together := options.jobs > 1:
        paths.sort(key=seconds.get, reverse=True)  # so that no long one runs alone at the end
    tasks = (
        joblib.delayed(_run_one)(path, options, mnist.source, mnist.quick, seconds[path])
        for path in paths
    )
    ran = joblib.Parallel(options.jobs, return_as="generator_unordered")(tasks)
    try:
        with progress.bar(total=len(paths), unit="notebook", disable=not together) as bar:
            for line in ran:
                bar.write(line)
                bar.update()
    finally:  # also of what ran before one failed
        if any(options.out.glob("*.ipynb")):
            _write_site(options.out, options.out)
    return 0


def _pages(options):
    from mnist_lecture.workshop import execute

    _make_sure_one_can_write_to(options.out)
    execute.choose()  # there are some, or it says what to do
    _write_site(execute.NOTEBOOKS, options.out)
    return 0


def _write_site(notebooks, out):
    """Write the notebooks in a folder as a site, and say where it begins."""
    from mnist_lecture.workshop import pages, slides

    path = slides.path() if slides.SOURCE.exists() else ()  # which a wheel does not carry
    print(f"Written to {out}: begin with {pages.build(pages.read(notebooks), out, path)}")


def _run_one(path, options, source, quick, expected):
    """Run a notebook and write the result; return a line that says how long it took."""
    from mnist_lecture.workshop import execute

    written = options.out / path.name
    try:
        notebook, seconds = execute.execute(
            path,
            quick=quick,
            source="mnist" if source == "MNIST" else "generated",  # no kernel looks again
            figures=options.out / "figures" if options.figures else None,
            store=options.save,
            show=options.jobs == 1,
        )
    except execute.RunError as error:
        execute.save(error.notebook, written)
        raise
    execute.save(notebook, written)
    if options.save:
        execute.save(notebook, path)
    expected = f"expected{'' if options.jobs == 1 else ' alone'}: {_duration(expected)}"
    return f"{path.stem}: {_duration(seconds)} ({expected})"


def _figures(options):
    from mnist_lecture.workshop import capture, execute, redraw

    _make_sure_this_is_a_clone("figures")
    names = redraw.choose(options.names)
    _make_sure_one_can_write_to(options.out)
    failed = _draw(names, options)
    missing = [name for name, e in failed.items() if isinstance(e, capture.NotStoredError)]
    if missing:
        for path in execute.choose(sorted({redraw.notebook_of(name) for name in missing})):
            print(f"Running {path.stem}: values that its figures need are not stored")
            execute.execute(path, source="mnist", store=True)
        failed = {name: e for name, e in failed.items() if name not in missing}
        failed |= _draw(missing, options)
    without = [name for name, e in failed.items() if isinstance(e, data.DataError)]
    if without:
        print(f"Not drawn, since they show images of MNIST: {', '.join(without)}")
        print(failed[without[0]])
    broken = [e for name, e in failed.items() if name not in without]
    for error in broken:
        print(f"mnist-lecture: {error}", file=sys.stderr)
    print(f"{len(names) - len(failed)} of {len(names)} figures are in {options.out}")
    return 1 if broken or (without and options.names) else 0


def _draw(names, options):
    """Draw the figures `names`; return why some could not be drawn, a dict of exceptions."""
    from mnist_lecture import progress
    from mnist_lecture.workshop import redraw

    drawn = redraw.draw_all(names, options.out, options.formats, options.style)
    drawn = progress.bar(drawn, total=len(names), desc="figures", unit="figure")
    return {name: error for name, error in drawn if error}


def _slides(options):
    from mnist_lecture.workshop import slides

    _make_sure_one_can_write_to(options.out.parent)
    count, remarks = slides.save(options.out, options.style, options.dark)
    print(*remarks, f"{count} slides are in {options.out}", sep="\n")
    return 0


def _experiments(options):
    from mnist_lecture import results
    from mnist_lecture.workshop import experiments, scoreboard  # here: they import TensorFlow

    _make_sure_this_is_a_clone("experiments")
    _make_sure_one_can_write_to(results.RESULTS)
    experiments.record(
        options.names,
        options.seeds,
        jobs=options.jobs,
        cluster=options.cluster,
        again=options.again,
    )
    print("All results are recorded in results/.")
    try:
        scoreboard.write()
    except results.RecordError as error:
        print(f"The scoreboard in README.md stays as it is: {error}")
    return 0


def _duration(seconds):
    minutes, seconds = divmod(round(seconds), 60)
    return f"{minutes} min {seconds:02d} s" if minutes else f"{seconds} s"


if __name__ == "__main__":
    sys.exit(main())
