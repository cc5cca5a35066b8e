"""How much may still be told of the scenarios, where whoever asks can ask again with a push.

There is no ledger that this job could write: it judges what strangers push, and holds no right to
write. But the forge counts by itself how often the workflow has run, and no stranger can undo that
(who may write to the repository can delete runs): each run since this version of the spec was
merged has told one message at most.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from factory.errors import FactoryError
from factory.ports.git import command
from factory.records import LedgerEntry, WorkOrder
from factory.verdict import message_bits

SPENT = (
    "The leak budget of {spec} version {version} is spent ({bits:g} bits, `leak` in factory.yml), "
    "so only the verdict is told until there is a new version."
)
NOT_COUNTED = (
    "What earlier verdicts have told cannot be counted here, so only the verdict is told. "
    "Give the job `actions: read` to change that."
)


@dataclass(kw_only=True)
class Leak:
    """What is left of the budget, spec by spec; `notes` gathers what a reader should know of it.

    `runs` says how many runs of this workflow there were before this one since a moment (in
    seconds since 1970; None: ever); None where nobody outside sees the answer, so that nothing
    counts. `told` gives what the ledger in a repository has of a spec, where there is a whole
    factory besides.
    """

    runs: Callable[[int | None], int] | None = None
    told: Callable[[str, str], Sequence[LedgerEntry]] = lambda specs, spec_id: ()
    notes: list[str] = field(default_factory=list)

    def left(self, order: WorkOrder, since: int | None, specs: str = "") -> float:
        """Bits that may be told now; 0 lets through nothing but the verdict itself.

        `specs` is the repository that the specs, and the ledger if there is one, are in.
        """
        if self.runs is None:
            return order.leak_left_bits
        try:
            runs, entries = self.runs(since), self.told(specs, order.spec.id)
        except FactoryError:
            self._note(NOT_COUNTED)
            return 0.0
        bits = message_bits(len(order.spec.requirements))
        spent = runs * bits + sum(
            one.leak_bits for one in entries if one.spec_version == order.spec.version
        )
        left = max(order.leak_left_bits - spent, 0.0)
        if left < bits:
            said = SPENT.format(
                spec=f"`{order.spec.id}`", version=order.spec.version, bits=order.leak_left_bits
            )
            self._note(said)
        return left

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)


def merged_at(bare: Path, commit: str, path: str) -> int | None:
    """When `path` came to be as it is at `commit`, in seconds since 1970; None where it is not.

    By the first parents alone: those commits were made where the pull request was merged, so
    their dates are the forge's and no author's. One in the future is taken for now.
    """
    done = command.attempt(
        "log", "-1", "--first-parent", "--format=%ct", command.object_id(commit), "--", path,
        repository=bare,
    )  # fmt: skip
    text = done.stdout.decode("ascii", "replace").strip()
    if not done.ok or not text.isdigit():
        return None
    return min(int(text), int(datetime.now(UTC).timestamp()))
