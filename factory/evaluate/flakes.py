"""A flake that was seen once stays seen: evaluating the same commit again is no second draw."""

from __future__ import annotations

from pathlib import Path

import msgspec

from factory.records import ObservedScenario, Report, read

FILE_NAME = "flakes.json"


def remembered(report: Report, out: Path) -> Report:
    """The report, with the flakes that earlier evaluations into `out` saw.

    They are kept in `out`/flakes.json, and count while candidate and suite are the same: whoever
    owns the suite may explain a flake by a quarantine, or mend the scenario.

    Raises:
        RecordError: what was kept is damaged.
    """
    path = out / FILE_NAME
    if path.is_file():
        report = recalled(report, read(Report, path))
    if any(one.flaky for one in report.scenarios):
        report.write(path)
    return report


def recalled(report: Report, earlier: Report) -> Report:
    """Pure. The flakes of an earlier report come first: theirs was the first run."""
    if _identity(report) != _identity(earlier):
        return report
    scenarios = {one.id: one for one in report.scenarios}
    for one in earlier.scenarios:
        if one.flaky:
            scenarios[one.id] = _joined(one, scenarios.get(one.id))
    return msgspec.structs.replace(report, scenarios=tuple(scenarios.values()))


def _joined(earlier: ObservedScenario, later: ObservedScenario | None) -> ObservedScenario:
    reruns = (*earlier.reruns, *(later.runs if later else ()))
    return msgspec.structs.replace(earlier, reruns=reruns)


def _identity(report: Report) -> tuple[object, ...]:
    """The suite's digest is keyed with the nonce, so it is compared within one run alone."""
    return report.run_id, report.nonce, report.attempt, report.candidate, report.suite_digest


__all__ = ["recalled", "remembered"]
