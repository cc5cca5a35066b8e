"""`factory scenarios check`: what is wrong in a scenario repository, next to its specs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from factory.config.factory_file import Configuration, load_configuration
from factory.config.quarantine import utc_today
from factory.config.validate import problems
from factory.scenarios.lines import Lines
from factory.scenarios.repository import SETTINGS, Repository, Suite
from factory.scenarios.rules.code import check_code
from factory.scenarios.rules.fair import check_copied, check_stated
from factory.scenarios.rules.form import check_form, check_twins
from factory.scenarios.rules.found import Looked, finding
from factory.scenarios.rules.quarantine import check_quarantine
from factory.scenarios.rules.tags import check_tags
from factory.scenarios.stated import Stated, stated_by
from factory.scenarios.subject import program_of, subject_of
from factory.spec.context import Context, read_context
from factory.spec.document import SpecDocument
from factory.spec.finding import Finding, by_place
from factory.spec.library import read_library
from factory.spec.surroundings import is_configured


@dataclass(frozen=True, kw_only=True)
class Specs:
    """A specs repository as scenarios are held against it."""

    library: tuple[SpecDocument, ...]
    context: Context
    configuration: Configuration | None

    def named(self, spec_id: str) -> SpecDocument | None:
        """The spec of that id."""
        return next((one for one in self.library if one.id == spec_id), None)

    def stated(self, document: SpecDocument) -> Stated:
        """What a spec states."""
        subject = subject_of(document, self.configuration)
        return stated_by(
            document,
            self.library,
            self.context,
            program=program_of(subject),
            ready=subject.ready if subject else "",
        )


def read_specs(folder: Path) -> Specs:
    """Read a specs repository.

    Raises:
        InputError, ConfigurationError: something in it cannot be read.
    """
    return Specs(
        library=tuple(read_library(folder)),
        context=read_context(folder, ""),
        configuration=load_configuration(folder) if is_configured(folder) else None,
    )


def check_repository(
    repository: Repository, specs: Specs, today: date | None = None
) -> list[Finding]:
    """Everything that is wrong, in the order of files and lines, each once.

    `today`, by which quarantines are judged, is the clock's day in UTC where None.
    """
    found = list(_settings(repository))
    found += check_quarantine(repository, today or utc_today())
    for path in repository.strays:
        found.append(
            finding(
                "stray", _shown(path), (1, 1), "this feature file belongs to no spec",
                "move it into scenarios/<spec-id>/",
            )
        )  # fmt: skip
    for suite in repository.suites:
        found += _suite(suite, repository, specs)
    for path in sorted({path for suite in repository.suites for path in suite.code}):
        found += check_code(path, _shown(path))
    return sorted(dict.fromkeys(found), key=by_place)


def _settings(repository: Repository) -> Iterator[Finding]:
    source = repository.settings
    if source is None:
        return
    for one in problems(source, "scenarios.schema.json"):
        yield finding("settings", source.path, (one.line, one.column), one.message, one.mend)
    folders = {suite.spec_id for suite in repository.suites}
    for spec_id in repository.said:
        if spec_id not in folders:
            yield finding(
                "spec-unknown",
                source.path,
                source.place(("specs", spec_id)),
                f"there is no folder scenarios/{spec_id}",
                "name a folder that there is, or take the entry out",
            )


def _suite(suite: Suite, repository: Repository, specs: Specs) -> Iterator[Finding]:
    document = specs.named(suite.spec_id)
    lines = Lines(suite.folder)
    looked = [
        Looked(suite=suite, lines=lines, scenario=one) for one in suite.outline.scenarios
    ]  # fmt: skip
    ours = [found for one in looked for found in check_form(one)]
    silent = {(one.path, one.line) for one in ours if one.rule == "scenario-asserts-nothing"}
    for trouble in suite.outline.troubles:
        path = suite.shown(trouble.path)
        if (path, trouble.line) not in silent:
            yield finding(
                "unreadable", path, (trouble.line or 1, 1), trouble.message, "mend the file"
            )
    yield from ours
    yield from check_twins(looked)
    if document is None:
        known = ", ".join(sorted(one.id for one in specs.library)) or "none"
        yield finding(
            "spec-unknown", suite.shown(""), (1, 1), f"there is no spec {suite.spec_id!r}",
            f"call the folder as the spec that it is for; known: {known}",
        )  # fmt: skip
        return
    yield from _version(suite, repository, document)
    known_ids = {one.id for one in document.requirements()}
    stated = specs.stated(document)
    for one in looked:
        yield from check_tags(one, known_ids)
        yield from check_stated(one, stated)
        yield from check_copied(one, stated)


def _version(suite: Suite, repository: Repository, document: SpecDocument) -> Iterator[Finding]:
    said, version = repository.answers(suite.spec_id), document.meta.get("version")
    source = repository.settings
    path = source.path if source else _shown(repository.root / SETTINGS)
    key = ("specs", suite.spec_id, "answers-version")
    if said is None:
        yield finding(
            "version-unsaid",
            path,
            source.place(key) if source else (1, 1),
            f"it is not said which version of {suite.spec_id} the scenarios answer",
            f"write under `specs`: {suite.spec_id}: {{answers-version: {version}}}",
        )
    elif said != version:
        yield finding(
            "version",
            path,
            source.place(key) if source else (1, 1),
            f"the scenarios answer version {said} of {suite.spec_id}, which is at {version} in "
            f"{_shown(Path(document.path))}",
            "bring the scenarios up to date, then set answers-version",
        )


def _shown(path: Path) -> str:
    return os.path.relpath(path)
