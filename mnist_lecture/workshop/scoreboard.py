"""README's table of the strategies, made from the records, and which differences are real."""

from mnist_lecture import results
from mnist_lecture.data import REPOSITORY
from mnist_lecture.workshop import atomic

README = REPOSITORY / "README.md"
BEGIN, END = "<!-- scoreboard: from the records -->", "<!-- end of the scoreboard -->"
REAL = 3  # σ, because with so many pairs two are soon reached by luck
STRATEGIES = (
    "slide",
    "larger",
    "early_stopping",
    "gaussian_dropout",
    "dropout",
    "augmentation",
    "all_cures",
    "best_dense",
    "slide_convolution",
    "small_convnet",
    "generated",
)


def table():
    """Return the table in Markdown, best strategy first."""
    wrong = {name: results.wrong(name) for name in STRATEGIES}
    order = sorted(STRATEGIES, key=lambda name: wrong[name].mean())
    lines = [
        "| | strategy | weights | test error ± σ over the seeds | cannot be told apart from |",
        "|---|---|---|---|---|",
    ]
    for place, name in enumerate(order, start=1):
        record = results.load(name)
        errors = wrong[name].mean(axis=1)
        alike = [str(k) for k, other in enumerate(order, start=1) if _alike(wrong, name, other)]
        lines.append(
            f"| {place} | {record['about']} (`{name}`) | {record['settings']['weights']:,} "
            f"| {errors.mean():.2%} ± {errors.std(ddof=1):.2%} | {', '.join(alike) or '–'} |"
        )
    return "\n".join(lines).replace("%", " %")


def _alike(wrong, name, other):
    if name == other:
        return False
    d, sigma = results.difference(wrong[name], wrong[other])
    return abs(d) < REAL * sigma


def in_readme():
    """Return the scoreboard that README.md contains."""
    return README.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0].strip()


def write():
    """Write the scoreboard into README.md. Raises `RecordError` if a record lacks seeds."""
    head, rest = README.read_text(encoding="utf-8").split(BEGIN)
    tail = rest.split(END)[1]
    atomic.write(README, f"{head}{BEGIN}\n{table()}\n{END}{tail}")
