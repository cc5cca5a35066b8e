"""The line of a file that a finding is about."""

from __future__ import annotations

import re
from pathlib import Path

READ_LIMIT_BYTES = 1024 * 1024
_QUOTED = re.compile(r"'([^']{1,200})'|\"([^\"]{1,200})\"|`([^`]{1,200})`|“([^”]{1,200})”")
_WORD = re.compile(r"\S+")
_TAIL = ".,;:!?)]}*_'\"`"


class Sources:
    """Lines of files. The last file is kept: findings come in the order of the files."""

    def __init__(self) -> None:
        self._path: str | None = None
        self._lines: list[str] = []

    def line(self, path: str, number: int) -> str | None:
        """Line `number`, from 1 on, without its end; None where there is none to be read."""
        if path != self._path:
            self._path, self._lines = path, _read(Path(path))
        return self._lines[number - 1] if 1 <= number <= len(self._lines) else None


def extent(line: str, column: int, message: str) -> int:
    """How many characters from `column` on the finding is about; at least 1.

    A finding knows where it begins. It ends after what its message quotes of the line, else after
    the word that stands there.
    """
    rest = line[max(column - 1, 0) :]
    quoted = [next(filter(None, groups), "") for groups in _QUOTED.findall(message)]
    quoted.sort(key=len, reverse=True)
    for words in quoted:
        if rest.casefold().startswith(words.casefold()):
            return len(words)
    found = _WORD.match(rest)
    return max(len(found[0].rstrip(_TAIL)), 1) if found else 1


def _read(path: Path) -> list[str]:
    """As the gate counts lines: by line feeds, without byte order mark and carriage returns."""
    try:
        with path.open("rb") as stream:
            data = stream.read(READ_LIMIT_BYTES)
    except OSError:
        return []
    text = data.decode("utf-8-sig", "replace")
    return [one.removesuffix("\r") for one in text.split("\n")]
