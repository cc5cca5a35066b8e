"""A scenario repository as it lies on disk: a folder for each spec, scenarios.yml, step code."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from factory.config.quarantine import Entry, entries
from factory.config.yaml_source import YamlSource, parse_yaml
from factory.errors import InputError
from factory.ports.scenario_runner import SuiteError
from factory.scenarios.outline import Outline, Scenario, read_outline
from factory.spec.text_file import read_text_file

FOLDER = "scenarios"
SETTINGS = "scenarios.yml"
SETTINGS_LIMIT_BYTES = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Suite:
    """The scenarios for one spec. `code`: Python files with steps that it may use."""

    spec_id: str
    folder: Path
    outline: Outline
    code: tuple[Path, ...]

    def shown(self, path: str) -> str:
        """A path within the suite as the user would name it."""
        return os.path.relpath(self.folder / path if path else self.folder)

    def require_readable(self) -> None:
        """Raises SuiteError for the first thing in it that the runner will not run."""
        if self.outline.troubles:
            trouble = self.outline.troubles[0]
            raise SuiteError(
                trouble.message,
                path=self.shown(trouble.path),
                line=trouble.line or None,
                mend="factory scenarios check lists all that is wrong",
            )


@dataclass(frozen=True, kw_only=True)
class Repository:
    """`settings` is scenarios.yml, None where there is none. `strays`: features of no spec."""

    root: Path
    settings: YamlSource | None
    suites: tuple[Suite, ...]
    strays: tuple[Path, ...]

    @property
    def said(self) -> dict[str, Any]:
        """What scenarios.yml says for each spec; empty where it cannot be read so."""
        data = self.settings.data if self.settings else None
        specs = data.get("specs") if isinstance(data, dict) else None
        return specs if isinstance(specs, dict) else {}

    @property
    def quarantine(self) -> list[Entry]:
        """The entries of scenarios.yml that can be read as such."""
        return entries(self.settings) if self.settings else []

    def covered(self, entry: Entry) -> list[tuple[Suite, Scenario]]:
        """The scenarios that an entry is about."""
        return [
            (suite, one)
            for suite in self.suites
            if suite.spec_id == entry.spec_id
            for one in suite.outline.scenarios
            if entry.covers(f"{FOLDER}/{suite.spec_id}/{one.path}", one.name, one.id, one.tags)
        ]

    def answers(self, spec_id: str) -> int | None:
        """Which version of a spec the scenarios answer; None where scenarios.yml does not say."""
        own = self.said.get(spec_id)
        version = own.get("answers-version") if isinstance(own, dict) else None
        return version if isinstance(version, int) else None


def read_repository(root: Path) -> Repository:
    """Read a scenario repository.

    Raises:
        InputError: there is no folder `scenarios` with a folder for a spec in it.
        SuiteError: scenarios.yml cannot be read, or is not YAML.
        RunnerFailed: the runner did not answer.
    """
    folder = root / FOLDER
    named = sorted(one for one in _listed(folder) if one.is_dir() and not one.name.startswith("."))
    if not named:
        raise InputError(
            "there is no folder scenarios/<spec-id> here",
            path=str(root),
            mend="name the folder of your scenario repository",
        )
    shared = tuple(_code(root, beside=folder))
    return Repository(
        root=root,
        settings=_settings(root / SETTINGS),
        suites=tuple(
            Suite(
                spec_id=one.name,
                folder=one,
                outline=read_outline(one),
                code=(*shared, *_code(one)),
            )
            for one in named
        ),
        strays=tuple(_strays(root, named)),
    )


def _listed(folder: Path) -> list[Path]:
    try:
        return [one for one in folder.iterdir() if not one.is_symlink()]
    except OSError:
        return []


def _settings(path: Path) -> YamlSource | None:
    if not path.exists():
        return None
    shown = os.path.relpath(path)
    try:
        text = read_text_file(path, shown=shown, limit_bytes=SETTINGS_LIMIT_BYTES).text
    except InputError as error:
        raise SuiteError(error.message, path=shown, mend=error.mend) from error
    return parse_yaml(text, path=shown, error=SuiteError)


def _code(root: Path, beside: Path | None = None) -> Iterator[Path]:
    """What scenario-runner loads below a folder: step modules, conftest.py, and test modules, which
    may bind scenarios; not those below `beside`, a suite's own."""
    for path in sorted(_files(root, ".py")):
        if beside is not None and path.is_relative_to(beside) and path.parent != beside:
            continue
        named = any(path.match(one) for one in ("conftest.py", "test_*.py", "*_test.py"))
        if named or "steps" in path.relative_to(root).parts[:-1]:
            yield path


def _strays(root: Path, named: list[Path]) -> Iterator[Path]:
    for path in sorted(_files(root, ".feature")):
        if not any(path.is_relative_to(one) for one in named):
            yield path


def _files(root: Path, suffix: str) -> Iterator[Path]:
    for folder, folders, files in os.walk(root):
        folders[:] = [one for one in folders if not one.startswith(".")]
        yield from (Path(folder, name) for name in files if name.endswith(suffix))
