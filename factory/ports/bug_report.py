"""Keep the traceback of a bug of ours in a file, for whoever reports it."""

from __future__ import annotations

import os
import tempfile
import traceback
from functools import cache

from factory import __version__


def keep(error: Exception) -> str:
    """The path of a new file with version and traceback; "" where none can be written.

    One failure that is met many times in a process is written once.
    """
    return _written(f"dark-factory {__version__}\n{''.join(traceback.format_exception(error))}")


@cache
def _written(text: str) -> str:
    try:
        descriptor, name = tempfile.mkstemp(prefix="factory-bug-", suffix=".log")
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as stream:
            stream.write(text)
    except OSError:
        return ""
    return name
