"""The command line: `mnist-lecture data` and `mnist-lecture run` (or `python -m mnist_lecture`)."""

import argparse
import sys
from pathlib import Path

from mnist_lecture import __version__, data, files


def main(arguments=None):
    """Run the command line and return its exit status: 0, or 1 when it could not be done."""
    options = _parser().parse_args(arguments)
    try:
        return options.command(options)
    except data.DataError as error:
        print(f"mnist-lecture: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        print("mnist-lecture: stopped", file=sys.stderr)
    return 1


def _parser():
    parser = argparse.ArgumentParser(
        prog="mnist-lecture",
        description="Handwriting recognition with Keras: the lecture's data and notebooks.",
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    command = commands.add_parser(
        "data",
        help="say what data was found where, verify it, download what is missing",
        description="Say where MNIST was looked for and what was found; verify it; if it is "
        "found nowhere, download it.",
    )
    command.add_argument("folder", nargs="?", help="look here first (default: MNIST_LECTURE_DATA)")
    command.set_defaults(command=_data)

    command = commands.add_parser(
        "run",
        help="execute the notebooks and write them, as notebooks and HTML, with their figures",
        description="Execute the notebooks, in order, and write them, HTML pages of them and "
        "their figures (PDF, SVG, PNG) into a folder.",
    )
    command.add_argument("numbers", nargs="*", metavar="NN", help="which (default: all)")
    command.add_argument(
        "--quick",
        action="store_true",
        default=None,
        help="on a tenth of the data (default: as MNIST_LECTURE_QUICK says)",
    )
    command.add_argument("--out", type=Path, default=Path("build"), help="default: %(default)s")
    command.add_argument(
        "--save", action="store_true", help="also store the outputs in notebooks/ itself"
    )
    command.set_defaults(command=_run)
    return parser


def _data(options):
    for place in data.places(options.folder):
        print(f"{place}: {files.state(place)}")
    if data.find(options.folder)[0] is None:
        data.download(options.folder, again=True)
        print(f"{data.find(options.folder)[0]}: MNIST, downloaded and verified")
    return 0


def _run(options):
    from mnist_lecture import runner  # here: it brings Jupyter, which `data` need not wait for

    try:
        paths = runner.choose(options.numbers)
        mnist = data.load_mnist(quick=options.quick)  # once, before anything else takes time
        print(mnist)
        if options.save and not mnist.full_scale:
            raise runner.RunError("--save stores outputs of the whole, real MNIST only.")
        seconds = sum(runner.expected_seconds(path, mnist.quick) for path in paths)
        s = "s" if len(paths) > 1 else ""
        print(f"{len(paths)} notebook{s}, about {_duration(seconds)} on two cores")
        for path in paths:
            _run_one(path, options, mnist)
    except runner.RunError as error:
        print(f"mnist-lecture: {error}", file=sys.stderr)
        return 1
    print(f"Written to {options.out}")
    return 0


def _run_one(path, options, mnist):
    from mnist_lecture import runner

    written = options.out / path.name
    source = "mnist" if mnist.source == "MNIST" else "generated"  # so that no kernel looks again
    try:
        notebook, seconds = runner.execute(
            path, quick=mnist.quick, source=source, figures=options.out / "figures"
        )
    except runner.RunError as error:
        runner.save(error.notebook, written)
        raise
    runner.save(notebook, written)
    runner.save_html(notebook, written.with_suffix(".html"))
    if options.save:
        runner.save(notebook, path)
    expected = _duration(runner.expected_seconds(path, mnist.quick))
    print(f"{path.stem}: {_duration(seconds)} (expected: {expected})")


def _duration(seconds):
    minutes, seconds = divmod(round(seconds), 60)
    return f"{minutes} min {seconds:02d} s" if minutes else f"{seconds} s"


if __name__ == "__main__":
    sys.exit(main())
