"""Find a suite's files: features, step modules and conftest.py at any depth."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from scenario_runner.model import SuiteError

# Deeper trees are link loops or mistakes.
MAX_DEPTH = 40


@dataclass
class Found:
    """`root` is FEATURES with links resolved; every path is relative to it, with slashes.

    `features` are feature files, sorted; `step_modules` maps a folder to the Python files in the
    `steps/` beside it ("" is the root). `binding_modules` are test modules in which pytest-bdd's
    `scenarios` or `scenario` is imported. `has_code`: some Python of the suite may be loaded.
    """

    root: Path
    features: list[str] = field(default_factory=list)
    step_modules: dict[str, list[str]] = field(default_factory=dict)
    errors: list[SuiteError] = field(default_factory=list)
    has_code: bool = False
    binding_modules: list[str] = field(default_factory=list)


# What pytest loads of its own accord while it collects.
_LOADED = ("conftest.py", "__init__.py")
_BINDS = re.compile(
    r"from\s+pytest_bdd(?:\.scenario)?\s+import\s+(?:\([^)]*|[^\n(]*)\bscenarios?\b"
    r"|\bpytest_bdd\.scenarios?\b"
)


def discover(features: Path) -> Found:
    """Walk FEATURES, a folder or one feature file. Hidden folders are skipped.

    Links that leave FEATURES are errors: what they point at is not the suite's own.
    """
    try:
        resolved = features.resolve(strict=True)
    except (OSError, RuntimeError):
        message = "FEATURES does not exist; give a folder of feature files"
        return Found(features.absolute(), errors=[SuiteError("", 0, message)])
    if resolved.is_file():
        found = Found(resolved.parent)
        if resolved.suffix != ".feature":
            message = "FEATURES is neither a folder nor a .feature file"
            found.errors.append(SuiteError("", 0, message))
            return found
        if (resolved.parent / "steps").is_dir():
            _walk(found, resolved.parent / "steps", "steps", owner="", chain=(resolved.parent,))
        found.features = [resolved.name]
        beside = (resolved.parent, *resolved.parent.glob("test*"))
        found.has_code |= any((place / name).exists() for place in beside for name in _LOADED)
        return found
    found = Found(resolved)
    _walk(found, resolved, "", owner=None, chain=())
    found.features.sort()
    return found


def _walk(
    found: Found, folder: Path, relative: str, *, owner: str | None, chain: tuple[Path, ...]
) -> None:
    """`owner` is the folder whose `steps/` we are in, None outside any."""
    real = folder.resolve()
    if real in chain:
        return  # a link loop inside FEATURES: the files are found by their shorter path
    if len(chain) > MAX_DEPTH:
        message = f"folders nested more than {MAX_DEPTH} deep"
        found.errors.append(SuiteError(relative, 0, message))
        return
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as problem:
        message = f"cannot be listed: {problem.strerror}"
        found.errors.append(SuiteError(relative, 0, message))
        return
    for entry in entries:
        path = f"{relative}/{entry.name}" if relative else entry.name
        if not _printable(entry.name):
            message = "the name is not UTF-8 text on one line; rename it"
            found.errors.append(SuiteError(ascii(path), 0, message))
            continue
        is_feature = entry.name.endswith(".feature")
        if entry.is_symlink() and not _stays_inside(found, entry, path, is_feature):
            continue
        if entry.is_dir():
            if entry.name.startswith(".") or entry.name == "__pycache__":
                continue
            inner_owner = relative if owner is None and entry.name == "steps" else owner
            _walk(found, Path(entry.path), path, owner=inner_owner, chain=(*chain, real))
        elif is_feature:
            if entry.is_file():
                found.features.append(path)
            else:
                message = "not a regular file"
                found.errors.append(SuiteError(path, 0, message))
        elif _binds(entry):
            found.has_code = True
            found.binding_modules.append(path)
        elif owner is not None and entry.name.endswith(".py") and entry.is_file():
            found.has_code = True
            if entry.name != "__init__.py":
                found.step_modules.setdefault(owner, []).append(path)
        elif entry.name in _LOADED:
            found.has_code = True


def _binds(entry: os.DirEntry[str]) -> bool:
    """A file that pytest takes for a test module, where it binds scenarios."""
    name = entry.name
    if not (name.endswith("_test.py") or (name.startswith("test_") and name.endswith(".py"))):
        return False
    if not entry.is_file():
        return False
    try:
        text = Path(entry.path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return _BINDS.search(text) is not None


def _printable(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return "\n" not in name and "\r" not in name


def _stays_inside(found: Found, entry: os.DirEntry[str], path: str, is_feature: bool) -> bool:
    try:
        target = Path(entry.path).resolve(strict=True)
    except (OSError, RuntimeError):
        if is_feature or entry.name.endswith(".py"):
            message = "a link that points nowhere; remove it or mend its target"
            found.errors.append(SuiteError(path, 0, message))
        return False
    if target == found.root or found.root in target.parents:
        return True
    if target.is_dir() or is_feature or entry.name.endswith(".py"):
        message = "a link that leaves FEATURES is refused; copy the file into the suite"
        found.errors.append(SuiteError(path, 0, message))
    return False
