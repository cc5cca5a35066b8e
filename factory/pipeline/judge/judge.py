"""From a commit to its public verdicts: one for each spec that has scenarios, or why there is none.

Nothing here raises for what a repository, a suite, a key or a sandbox lacks: whatever goes wrong
is a cause of a closed list, and never a pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from factory import evaluate, verdict
from factory.errors import (
    AuthenticationError,
    FactoryError,
    KeyMissing,
    SandboxBreach,
    SandboxUnavailable,
)
from factory.evaluate import ScenarioSource
from factory.forge.protocol import Forge
from factory.pipeline.judge.base import Asked, Base, products_of, read_base
from factory.pipeline.judge.leak import Leak, merged_at
from factory.pipeline.judge.orders import candidate_of, orders
from factory.pipeline.judge.suites import folders, pinned
from factory.ports.git import tree
from factory.ports.scenario_runner import SuiteError
from factory.ports.scratch import scratch
from factory.records import Candidate, PublicVerdict, Verdict, WorkOrder
from factory.records.verdict import VerdictWord
from factory.sandbox.select import select as select_sandbox
from factory.verdict import Unavailable

OpenScenarios = Callable[[str, str], AbstractContextManager[ScenarioSource]]
"""Called with repository and ref as factory.yml has them."""


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One spec's candidate with its public verdict, and the private one where it came to it."""

    candidate: Candidate
    public: PublicVerdict
    private: Verdict | None = None

    @property
    def order(self) -> WorkOrder:
        """The order it answers."""
        return self.candidate.work_order


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """`judged` has every spec, or is empty: then `cause` says why.

    `error` is what happened, if anything did; it may quote scenarios, so it is for their owners.
    `notes` are sentences for everybody.
    """

    commit: str
    base: str = ""
    judged: tuple[Judged, ...] = ()
    cause: Unavailable | None = None
    error: FactoryError | None = None
    notes: tuple[str, ...] = ()

    @property
    def verdict(self) -> VerdictWord:
        """One word for all: fail where one failed, pass where each passed."""
        return verdict.word_of([(one.order, one.public) for one in self.judged])


class _Stopped(Exception):
    """Nothing can be judged, for a cause."""

    def __init__(self, cause: Unavailable, error: FactoryError | None = None) -> None:
        super().__init__(cause)
        self.cause, self.error = cause, error


def judge(
    asked: Asked,
    *,
    forge: Forge,
    scenarios: OpenScenarios,
    out: Path,
    leak: Leak,
    say: Callable[[str], None],
) -> Judgement:
    """Judge one commit; the private records of each spec go below `out`/<spec-id>."""
    base: Base | None = None
    try:
        with scratch("judge") as folder:
            with _stopping(Unavailable.CONFIGURATION_UNREADABLE):
                base = read_base(asked, forge, folder)
                products = products_of(base, asked, forge)
            configured = base.configuration
            with _opened(scenarios, configured.scenarios_repository, configured.scenarios_ref) as (
                source,
                names,
            ):
                wanted = [one for one in names if not asked.wanted or one in asked.wanted]
                with_spec = {one.id for one in base.documents}
                with _stopping(Unavailable.SUITE_INVALID):
                    found = folders(source, wanted, with_spec)
                with _stopping(Unavailable.CONFIGURATION_UNREADABLE):
                    ordered = orders(base, products, found, now=datetime.now(UTC))
                if not ordered or set(asked.wanted) - {one.spec.id for one in ordered}:
                    raise _Stopped(Unavailable.NOTHING_TO_JUDGE)
                with _stopping(Unavailable.COMMIT_UNREADABLE):
                    commit, tree_id = _fetched(asked, forge, folder / "commit")
                judged = []
                for order in ordered:
                    say(f"judging {order.spec.id} version {order.spec.version}")
                    record = candidate_of(order, commit, tree_id)
                    since = merged_at(base.bare, base.specs_commit, order.spec.path)
                    left = leak.left(order, since, _specs_of(base, asked))
                    judged.append(_judged(record, forge, source, out / order.spec.id, left, say))
    except _Stopped as stop:
        return Judgement(
            commit=asked.commit,
            base=base.commit if base else "",
            cause=stop.cause,
            error=stop.error,
        )
    return Judgement(
        commit=commit, base=base.commit, judged=tuple(judged), notes=tuple(leak.notes)
    )  # fmt: skip


def _specs_of(base: Base, asked: Asked) -> str:
    return base.configuration.specs_repository or asked.specs or asked.repository


def _judged(
    record: Candidate,
    forge: Forge,
    source: ScenarioSource,
    out: Path,
    left: float,
    say: Callable[[str], None],
) -> Judged:
    order = record.work_order
    record.write(out / "candidate.json")
    try:
        inventory, report = evaluate.evaluate(
            record,
            scenarios=source,
            sandbox=select_sandbox(order.sandbox),
            out=out,
            clone_url=forge.clone_url(order.product.repository),
            git_environment=forge.git_environment(order.product.repository),
            progress=say,
        )
    except FactoryError as error:
        say(f"{order.spec.id}: {error.message}")
        public = verdict.unavailable(order, _cause(error), leak_left_bits=left)
        public.write(out / "public-verdict.json")
        return Judged(candidate=record, public=public)
    private = verdict.decide(inventory, report, order, record)
    private.write(out / "verdict.json")
    public = verdict.redact(private, leak_left_bits=left)
    public.write(out / "public-verdict.json")
    return Judged(candidate=record, public=public, private=private)


def _cause(error: FactoryError) -> Unavailable:
    """By its class alone: its words may come from the scenarios."""
    if isinstance(error, SandboxUnavailable | SandboxBreach):
        return Unavailable.SANDBOX_UNAVAILABLE
    if error.code == SuiteError.code:
        return Unavailable.SUITE_INVALID
    return Unavailable.EVALUATE_CRASHED


def _fetched(asked: Asked, forge: Forge, into: Path) -> tuple[str, str]:
    """The commit's id and its tree's, once it is seen that it can be written out."""
    bare = tree.mirror(
        forge.clone_url(asked.repository),
        into,
        refs=[asked.commit],
        env=forge.git_environment(asked.repository),
    )
    commit = tree.resolve(bare, asked.commit)
    with scratch("written") as folder:
        tree.materialise(bare, commit, folder / "app")
    return commit, tree.tree_id(bare, commit)


@contextmanager
def _stopping(cause: Unavailable) -> Iterator[None]:
    try:
        yield
    except FactoryError as error:
        raise _Stopped(cause, error) from error


@contextmanager
def _opened(
    scenarios: OpenScenarios, repository: str, ref: str
) -> Iterator[tuple[ScenarioSource, list[str]]]:
    """The scenarios at one commit, and the names of their folders."""
    with ExitStack() as stack:
        try:
            source = stack.enter_context(scenarios(repository, ref))
        except KeyMissing as error:
            raise _Stopped(Unavailable.KEY_MISSING, error) from error
        except FactoryError as error:
            raise _Stopped(Unavailable.KEY_REFUSED, error) from error
        try:
            with scratch("folders") as folder:
                found = pinned(source, folder / "git")
        except AuthenticationError as error:
            cause = Unavailable.KEY_REFUSED if source.env else Unavailable.KEY_MISSING
            raise _Stopped(cause, error) from error
        except FactoryError as error:
            raise _Stopped(Unavailable.SCENARIOS_UNREADABLE, error) from error
        yield found
