"""The shipped product, of which mutants are made: its source, and how it is started."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from factory.errors import FactoryError, InputError

FILE_LIMIT_BYTES = 1024 * 1024
_LANGUAGES = {
    ".js": "JavaScript", ".mjs": "JavaScript", ".ts": "TypeScript", ".go": "Go", ".rs": "Rust",
    ".java": "Java", ".kt": "Kotlin", ".rb": "Ruby", ".c": "C", ".cc": "C++", ".cpp": "C++",
    ".cs": "C#", ".php": "PHP", ".swift": "Swift", ".sh": "shell",
}  # fmt: skip
_TESTS = ("tests", "test", "testing")

Start = Callable[[Mapping[str, str]], AbstractContextManager[str]]
"""Installs and starts a copy of the product in which these files, path to text, are others; what
the runner is to be given as subject. Raises NotStarted."""


class NotStarted(FactoryError):
    """The product, with what was changed in it, does not install or does not start."""

    exit_code = 5
    code = "not-started"


def sources(product: Path) -> dict[str, str]:
    """The product's own Python files, path below the folder to text; neither tests nor set-up.

    Raises:
        InputError: there is none, with the language that there is instead.
    """
    found: dict[str, str] = {}
    others: Counter[str] = Counter()
    for path in _files(product):
        name = path.relative_to(product)
        if path.suffix in _LANGUAGES:
            others[_LANGUAGES[path.suffix]] += 1
        if path.suffix == ".py" and not _is_test(name) and path.name not in ("setup.py",):
            if path.stat().st_size > FILE_LIMIT_BYTES:
                continue
            try:
                found[name.as_posix()] = path.read_bytes().decode("utf-8")
            except UnicodeDecodeError:
                continue  # Its own interpreter may know it; parso does not.
    if not found:
        instead = f"; it is written in {others.most_common(1)[0][0]}" if others else ""
        raise InputError(
            f"mutants are made of Python source, and there is none here{instead}",
            path=str(product),
            mend="name the product's folder, or judge it with --subject URL and without mutants",
        )
    return found


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.is_symlink() or path.name == "__pycache__":
            continue
        if path.is_dir():
            yield from _files(path)
        elif path.is_file():
            yield path


def _is_test(name: Path) -> bool:
    return any(one in _TESTS for one in name.parts[:-1]) or (
        name.name.startswith("test_")
        or name.name.endswith("_test.py")
        or name.name == "conftest.py"
    )
