"""GateReport: what the gate says of a pull request; one job reads it out, another posts it."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from factory.records.base import CommitId, Count, Part, Positive, Record

Rule = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9-]{0,59}(?![\s\S])")]
Path = Annotated[str, msgspec.Meta(max_length=4096)]
Words = Annotated[str, msgspec.Meta(max_length=1000)]
Login = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,99}(\[bot\])?(?![\s\S])")]


class GateFinding(Part, frozen=True, kw_only=True):
    """One finding. `path` is from the root of the repository; text of the author stands in all.

    `in_commit` is False where the commit has no such file, so that nothing can be shown on it.
    """

    rule: Rule
    severity: Literal["error", "warning"]
    path: Path
    line: Positive
    column: Positive
    message: Words
    mend: Words
    in_commit: bool = True


class RefusedChange(Part, frozen=True, kw_only=True):
    """A protected file that the pull request changes beside specs, and why it may not."""

    path: Path
    why: Words
    in_commit: bool = True


class GateReport(Record, frozen=True, kw_only=True, tag="gate-report/1"):
    """The gate's report on the commit `head`, compared with `base`, its newest common ancestor.

    `pull` is the number of the pull request, None for a merge group. `specs` counts the specs at
    `head`, `changed_specs` those that differ from `base`. `errors` and `warnings` count what the
    pull request answers for, `known_errors` and `known_warnings` what it found there already.
    `findings`, `known` and `refused` may be cut; the counts are whole. `allowed_by` is the code
    owner who let the protected files change.
    """

    head: CommitId
    base: CommitId
    pull: Positive | None = None
    specs: Count = 0
    changed_specs: Count = 0
    errors: Count = 0
    warnings: Count = 0
    findings: tuple[GateFinding, ...] = ()
    known_errors: Count = 0
    known_warnings: Count = 0
    known: tuple[GateFinding, ...] = ()
    refused: tuple[RefusedChange, ...] = ()
    refused_count: Count = 0
    allowed_by: Login | None = None

    @property
    def passed(self) -> bool:
        """Whether nothing speaks against the pull request, by the counts and by the lists."""
        return not (
            self.errors
            or self.refused_count
            or self.refused
            or any(one.severity == "error" for one in self.findings)
        )
