"""Take the inventory of a suite: which scenarios are expected, from the files alone."""

from __future__ import annotations

import hashlib
import os
import stat
from collections import Counter
from dataclasses import replace
from pathlib import Path

from scenario_runner.model import Inventory, Scenario, SuiteError
from scenario_runner.suite import tag_expression
from scenario_runner.suite.discovery import Found, discover
from scenario_runner.suite.feature_file import MAX_BYTES, ParsedFile, parse_bytes

ID_TAG = "@id:"


def take(features: Path, tags: str | None = None) -> tuple[Inventory, Found]:
    """Read every feature file below FEATURES. Raises UsageFault for a bad tag expression.

    With `tags`, only scenarios that match are expected; errors of every file are kept, since a
    file that cannot be read may hold scenarios that match.
    """
    selected = tag_expression.parse(tags) if tags else None
    found = discover(features)
    errors = list(found.errors)
    scenarios: list[Scenario] = []
    refused: set[str] = set()
    sources: dict[str, bytes] = {}
    used: dict[str, Scenario] = {}
    for path in found.features:
        data = read_regular(found.root / path)
        if isinstance(data, str):
            errors.append(SuiteError(path, 0, data))
            continue
        sources[path] = data
        parsed = parse_bytes(data, path)
        errors += parsed.errors
        _refuse_twins(parsed, path, errors)
        for index, scenario in enumerate(_with_ids(parsed, used, errors, refused)):
            if selected is not None and not selected(scenario.tags):
                continue
            scenarios.append(scenario)
            if index in parsed.refused:
                refused.add(scenario.id)
    if not scenarios and not errors:
        message = (
            f"no scenario matches --tags {tags}"
            if tags
            else "no scenarios found; FEATURES needs a .feature file with a scenario in it"
        )
        errors.append(SuiteError("", 0, message))
    errors.sort(key=lambda error: (error.path, error.line, error.message))
    taken = {scenario.id for scenario in scenarios}
    inventory = Inventory(tuple(scenarios), tuple(errors), frozenset(refused & taken), sources)
    return inventory, found


def read_regular(path: Path) -> bytes | str:
    """The bytes of a regular file, or what is wrong with it."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as problem:
        return f"cannot be read: {problem.strerror}"
    with os.fdopen(handle, "rb") as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            return "not a regular file"
        return stream.read(MAX_BYTES + 1)


def _refuse_twins(parsed: ParsedFile, path: str, errors: list[SuiteError]) -> None:
    """Two scenarios of one name in one feature; rows of one outline share theirs rightly."""
    first_line: dict[str, int] = {}
    for index, (name, line, _values) in enumerate(parsed.templates):
        earlier = first_line.setdefault(name, line)
        if earlier == line:
            continue
        message = f'a scenario named "{name}" is already on line {earlier}; rename one'
        error = SuiteError(path, line, message)
        if error not in errors:
            errors.append(error)
        twins = (i for i, template in enumerate(parsed.templates) if template[0] == name)
        parsed.refused.update(twins)
        parsed.refused.add(index)


def _with_ids(
    parsed: ParsedFile, used: dict[str, Scenario], errors: list[SuiteError], refused: set[str]
) -> list[Scenario]:
    """Ids are stable while path, name and row stay: a digest, so that an id tells nothing.

    A tag `@id:NAME` gives the id instead; rows of an outline get `NAME-1`, `NAME-2` and so on.
    """
    rows = Counter(line for _name, line, _values in parsed.templates)
    row_number: Counter[int] = Counter()
    seen: Counter[str] = Counter()
    named: list[Scenario] = []
    for index, (scenario, (name, line, values)) in enumerate(
        zip(parsed.scenarios, parsed.templates, strict=True)
    ):
        row_number[line] += 1
        given = [tag[len(ID_TAG) :] for tag in scenario.tags if tag.startswith(ID_TAG)]
        if len(given) > 1 or "" in given:
            message = "give one @id: tag with a name after the colon, or none"
            errors.append(SuiteError(scenario.path, scenario.line, message))
            parsed.refused.add(index)
        if given and given[0]:
            identity = given[0] if rows[line] == 1 else f"{given[0]}-{row_number[line]}"
        else:
            key = "\0".join((scenario.path, name, *values))
            seen[key] += 1
            text = f"{key}\0{seen[key]}"
            identity = "s-" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
        if identity in used:
            other = used[identity]
            message = f'the id "{identity}" is already used at {other.path}:{other.line}'
            errors.append(SuiteError(scenario.path, scenario.line, message))
            parsed.refused.add(index)
            refused.add(other.id)
            number = 2
            while f"{identity}~{number}" in used:
                number += 1
            identity = f"{identity}~{number}"
        scenario = replace(scenario, id=identity)
        used[identity] = scenario
        named.append(scenario)
    return named
