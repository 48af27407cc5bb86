"""Progress bars: one line of plain text, the same everywhere, which vanishes in the end."""

import sys
import warnings

from tqdm import TqdmWarning, tqdm


def bar(iterable=None, **settings):
    """Return a `tqdm` progress bar that vanishes at the end; `settings` as for `tqdm`."""
    return tqdm(iterable, file=sys.stdout, leave=False, ncols=79, **settings)


def epochs():
    """Return a Keras callback for `fit` that shows the epochs and the current metrics."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TqdmWarning)  # that Jupyter has no widgets: none are needed
        from tqdm.keras import TqdmCallback  # here: it imports Keras

    return TqdmCallback(
        verbose=0,
        tqdm_class=tqdm,
        file=sys.stdout,
        leave=False,
        mininterval=0.5,
        bar_format="epoch {n_fmt}/{total_fmt} |{bar:20}| {remaining} left{postfix}",
    )
