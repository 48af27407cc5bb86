"""Write files whole or not at all."""

import os
from pathlib import Path


def write(path, content):
    """Write `content`, bytes or a string, to `path`; a string as UTF-8, the same on every system.

    Missing folders are made. The file appears under its name only when it is complete; several
    processes may write it at once, and the last one wins. Returns `path`.

    Raises `OSError` if `path` cannot be written.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".unfinished-{os.getpid()}")
    try:
        unfinished.write_bytes(content.encode() if isinstance(content, str) else content)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path
