"""Findings as a SARIF 2.1.0 document, for code scanning and for viewers.

The standard: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html. What GitHub takes
of it: https://docs.github.com/en/code-security/code-scanning (SARIF support).
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from factory import __version__
from factory.cli.findings import places
from factory.cli.findings.source import Sources, extent
from factory.cli.findings.tally import Tally
from factory.cli.output import clean, json_text
from factory.counted import counted
from factory.spec.catalogue import CATALOGUE, Rule
from factory.spec.finding import Finding
from factory.spec.pages import page, project

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
RESULTS_LIMIT = 25_000
"""GitHub refuses a run with more results; it shows the 5,000 gravest."""
ROOT = "%SRCROOT%"
FINGERPRINT = "primaryLocationLineHash"
"""The only fingerprint that GitHub compares, together with the path and the rule."""
# Where another place is named, its line moves with every edit above it.
_ELSEWHERE = re.compile(r":\d+(:\d+)?|\b(lines?|columns?) \d+")


def render(
    findings: Iterable[Finding],
    specs: int,
    *,
    notes: Sequence[str] = (),
    sources: Sources,
    env: Mapping[str, str],
) -> Iterator[str]:
    """The document piece by piece, errors before warnings where there are too many for both."""
    tally = Tally(specs)
    results = _Results(sources, env)
    yield f'{{"$schema": {json_text(SCHEMA)}, "version": "2.1.0", "runs": [{{\n'
    yield f'"tool": {json_text({"driver": _driver()}, None)},\n'
    root = {ROOT: {"description": {"text": "The top of the repository of specs."}}}
    yield f'"columnKind": "utf16CodeUnits",\n"originalUriBaseIds": {json_text(root, None)},\n'
    yield '"results": ['
    between = "\n"
    for result in results.within(RESULTS_LIMIT, tally.counted(findings)):
        yield between + json_text(result, None)
        between = ",\n"
    left_out = tally.total - results.count
    yield f'\n],\n"invocations": [{json_text(_invocation(left_out, notes), None)}]\n}}]}}\n'


def _driver() -> dict[str, Any]:
    return {
        "name": "factory check",
        "semanticVersion": __version__,
        "informationUri": project(),
        "rules": [_rule(one) for one in CATALOGUE.values()],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    told = {"text": _text(rule.summary)}
    return {
        "id": rule.id,
        "shortDescription": told,
        "fullDescription": told,
        "helpUri": page(rule.id),
        "help": {"text": f"{told['text']} {page(rule.id)}"},
        "defaultConfiguration": {"level": rule.severity},
    }


def _invocation(left_out: int, notes: Sequence[str]) -> dict[str, Any]:
    """Findings are no failure of the tool; what was not checked and a cut list are told."""
    said = [clean(one) for one in notes]
    if left_out:
        said.append(
            f"{counted(left_out, 'finding')} left out: a run holds {RESULTS_LIMIT} results at most."
        )
    if not said:
        return {"executionSuccessful": True}
    return {
        "executionSuccessful": True,
        "toolExecutionNotifications": [
            {"level": "warning", "message": {"text": _text(one)}} for one in said
        ],
    }


class _Results:
    def __init__(self, sources: Sources, env: Mapping[str, str]) -> None:
        self._sources = sources
        self._env = env
        self._seen: Counter[tuple[str, str]] = Counter()
        self._rules = {rule: index for index, rule in enumerate(CATALOGUE)}
        self.count = 0

    def within(self, limit: int, findings: Iterable[Finding]) -> Iterator[dict[str, Any]]:
        """At most `limit` results; warnings wait, since errors go first where not all fit."""
        waiting: list[dict[str, Any]] = []
        for one in findings:
            if one.severity == "error" and self.count < limit:
                self.count += 1
                yield self._result(one)
            elif one.severity == "warning" and len(waiting) < limit:
                waiting.append(self._result(one))
        kept = waiting[: limit - self.count]
        self.count += len(kept)
        yield from kept

    def _result(self, one: Finding) -> dict[str, Any]:
        line = self._sources.line(one.path, one.line)
        path = places.in_repository(one.path, self._env)
        uri = places.uri(path)
        artifact = {"uri": uri} if uri.startswith("file:") else {"uri": uri, "uriBaseId": ROOT}
        place = {"artifactLocation": artifact, "region": _region(one, line)}
        said = f"{clean(one.message)}\nMend: {clean(one.mend)}" if one.mend else clean(one.message)
        result: dict[str, Any] = {
            "ruleId": one.rule,
            "level": one.severity,
            "message": {"text": _text(said)},
            "locations": [{"physicalLocation": place}],
            "partialFingerprints": {FINGERPRINT: self._fingerprint(one, path, line)},
        }
        if one.rule in self._rules:
            result["ruleIndex"] = self._rules[one.rule]
        return result

    def _fingerprint(self, one: Finding, path: str, line: str | None) -> str:
        """The same for the same words under the same rule, wherever in the file they stand."""
        words = " ".join((line or "").split())
        about = "\n".join([one.rule, words, _ELSEWHERE.sub("", one.message)])
        digest = hashlib.sha256(about.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        self._seen[path, digest] += 1
        return f"{digest}:{self._seen[path, digest]}"


def _region(one: Finding, line: str | None) -> dict[str, int]:
    """Lines and columns from 1 on; columns in UTF-16 units, the end one past the last."""
    if line is None:
        return {"startLine": one.line, "startColumn": one.column}
    start = min(one.column - 1, len(line))
    end = min(start + extent(line, one.column, one.message), len(line))
    return {
        "startLine": one.line,
        "startColumn": _units(line[:start]) + 1,
        "endLine": one.line,
        "endColumn": _units(line[:end]) + 1,
    }


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _text(text: str) -> str:
    """Text as a plain message: braces are placeholders there, `[…](…)` is a link (3.11.5, 6)."""
    return text.replace("{", "{{").replace("}", "}}").replace("](", "\\](")
