"""The commands for a class: `mnist-lecture start`, `lab` and `check`. They need no extra."""

import sys
from pathlib import Path


def add(commands):
    """Add the three to the subparsers `commands` of the command line."""
    command = commands.add_parser(
        "start",
        help="put clean notebooks into a folder of your own; nothing that is there is touched",
        description="Put clean notebooks and their solutions into a folder of your own. Later it "
        "brings in what is new, and under a new name what was corrected. No file that is there is "
        "written to.",
    )
    _add_folder(command)
    command.set_defaults(command=start)

    command = commands.add_parser(
        "lab",
        help="open JupyterLab in that folder",
        description="Open JupyterLab in a folder of notebooks; if it has none, bring them first. "
        "JupyterLab gets all other arguments, such as --no-browser or --port=8890.",
    )
    _add_folder(command)
    command.set_defaults(command=lab)

    command = commands.add_parser(
        "check",
        help="look at the answers in submitted notebooks, without executing anything",
        description="Tell for each exercise in submitted notebooks whether it is right, not yet, "
        "open, not run, or was changed since it ran. Only what their outputs say is read; nothing "
        "is executed. A look at a class, no examination: outputs can be written by hand.",
    )
    command.add_argument(
        "places",
        nargs="+",
        metavar="FILE|FOLDER",
        help="a notebook, or a folder with a notebook or a folder for each student",
    )
    command.add_argument("--out", type=Path, metavar="FILE.csv", help="also write a table to it")
    command.set_defaults(command=check)


def _add_folder(command):
    command.add_argument(
        "folder", nargs="?", type=Path, metavar="DIR", help="default: mnist_notebooks"
    )


def start(options):
    """Run `mnist-lecture start`."""
    from mnist_lecture.workshop import start as starting

    folder = options.folder or starting.default()
    done = starting.start(folder)
    print("\n".join(done) or f"{folder}: nothing new")
    if done:
        print(f"The notebooks are in {folder}. To open them: mnist-lecture lab {folder}")
    return 0


def lab(options):
    """Run `mnist-lecture lab`, with the arguments `options.others` for JupyterLab."""
    from mnist_lecture.workshop import start as starting

    folder = options.folder = options.folder or starting.default()
    starting.make_sure_there_is_a_lab()
    if not any(folder.glob("*.ipynb")):
        start(options)
    return starting.lab(folder, options.others)


def check(options):
    """Run `mnist-lecture check`."""
    from mnist_lecture.workshop import check as checking  # here: the exercises import scipy

    submissions = checking.read(checking.find(options.places))
    if options.out:
        checking.save(submissions, options.out)
    sys.stdout.reconfigure(errors="replace")  # a name may hold what the terminal cannot show
    print("\n".join(checking.report(submissions)))
    if options.out:
        print(f"\nWritten to {options.out}: a row for each of the {len(submissions)}")
    return 0
