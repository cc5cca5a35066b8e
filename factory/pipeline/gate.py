"""Say what the gate found where people look: a check run on the pull request's newest commit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from factory.errors import AuthenticationError, FactoryError, RecordError
from factory.forge.protocol import CheckOutput, Forge, conclusion_of
from factory.records import GateReport, read
from factory.records.verdict import VerdictWord
from factory.spec.review import UNAVAILABLE, check_output, unavailable_output

CHECK = "factory / gate"
NO_REPORT = "no-report"


@dataclass(frozen=True, kw_only=True)
class Published:
    """What was posted. `posted` is False where no token may write checks; `remark` says why."""

    verdict: VerdictWord
    output: CheckOutput
    posted: bool
    remark: str = ""


def publish(
    forge: Forge,
    repository: str,
    head: str,
    pull: int | None,
    *,
    gate_report: Path | None,
    cause: str,
) -> Published:
    """Complete the check run `factory / gate` on `head`; the same again changes nothing.

    Args:
        gate_report: the file of a `GateReport`. Missing, unreadable or of another commit or pull
            request it makes the check inconclusive, which is not green.
        cause: why there is none; what is no known cause is told as `no-report`.

    Raises:
        ForgeError: the check could not be posted, so nobody may believe that it was.
    """
    verdict, output, remark = _said(repository, head, pull, gate_report, cause, forge)
    external_id = f"gate-{pull}" if pull else "gate-queue"
    try:
        # In progress first: an older success must not outlive a publication that breaks off.
        forge.begin_check(repository, head, CHECK, "", external_id=external_id)
        forge.complete_check(
            repository, head, CHECK, conclusion_of(verdict), output, "", external_id=external_id
        )
    except AuthenticationError as error:
        return Published(verdict=verdict, output=output, posted=False, remark=error.message)
    return Published(verdict=verdict, output=output, posted=True, remark=remark)


def _said(
    repository: str,
    head: str,
    pull: int | None,
    gate_report: Path | None,
    cause: str,
    forge: Forge,
) -> tuple[VerdictWord, CheckOutput, str]:
    try:
        if gate_report is None:
            raise RecordError("no report was given")
        report = read(GateReport, gate_report)
        if (report.head, report.pull) != (head, pull):
            raise RecordError("the report is about another commit or pull request")
    except FactoryError as error:
        known = cause if cause in UNAVAILABLE else NO_REPORT
        return "inconclusive", unavailable_output(known), f"no usable report: {error.message}"
    place = forge.clone_url(repository).removesuffix(".git")

    def link(path: str, line: int) -> str:
        return f"{place}/blob/{head}/{quote(path)}?plain=1#L{line}"

    return "pass" if report.passed else "fail", check_output(report, link), ""
