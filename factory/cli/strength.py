"""What `factory scenarios strength` does, step by step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from factory.errors import ConfigurationError, UsageError

if TYPE_CHECKING:
    from factory.records import Subject
    from factory.records.work_order import SandboxChoice
    from factory.scenarios.check import Specs
    from factory.scenarios.repository import Repository, Suite
    from factory.scenarios.strength.judge import Judged, NotJudged
    from factory.scenarios.strength.mutants import Mutant
    from factory.scenarios.strength.mutation import Mutation
    from factory.scenarios.strength.product import Start
    from factory.spec.document import SpecDocument

LEAST_RATE = 0.9
Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is asked for. `size`: how many mutants, None for all of them."""

    product: Path | None
    subject: str | None
    size: int | None
    seed: int
    jobs: int


@dataclass(frozen=True, kw_only=True)
class Strength:
    """What came of it; `mutation` is None where no mutants were asked for, or none can be made."""

    judged: Sequence[Judged]
    not_judged: Sequence[NotJudged]
    mutation: Mutation | None

    @property
    def weak(self) -> int:
        """How many requirements are passed by what must fail."""
        return sum(len(row.requirements) for row in self.judged)

    @property
    def strong(self) -> bool:
        """Nothing that must fail passes, and enough of the mutants die."""
        enough = self.mutation is None or (
            self.mutation.rate >= LEAST_RATE and not self.mutation.mismarked
        )
        return not self.weak and enough

    def to_data(self, private: bool) -> dict[str, Any]:
        """As JSON; without what survived and what is marked where it is not `private`."""
        mutation = self.mutation.to_data() if self.mutation else None
        if mutation and not private:
            mutation["equivalent"] = len(mutation["equivalent"])
            mutation["mismarked"] = len(mutation["mismarked"])
            mutation["survivors"] = [
                {"requirements": one["requirements"]} for one in mutation["survivors"]
            ]
        return {
            "judged": [row.to_data() for row in self.judged],
            "not_judged": [row.to_data() for row in self.not_judged],
            "mutants": mutation,
            "strong": self.strong,
        }


def judge_strength(
    pairs: Sequence[tuple[Suite, SpecDocument]],
    repository: Repository,
    specs: Specs,
    wanted: Wanted,
    say: Say,
) -> Strength:
    """Run the suites against the straw men, the wrong product and its mutants.

    Raises:
        UsageError: --product, and the suites are of more than one product.
        ConfigurationError: factory.yml does not say how the product is started, or no mutation
            tool is installed.
        InputError: the product has no Python source.
        Inconclusive: the product as it is does not pass, or the runner did not answer.
        SuiteError: a suite has errors.
    """
    from factory.scenarios.strength import judge, sends_requests

    judged: list[Judged] = []
    not_judged: list[NotJudged] = []
    start, mutants = _start(pairs, specs, wanted), _mutants(wanted)
    whole = _told_of_left_out(pairs, not_judged)
    for suite, document in whole:
        if not sends_requests(suite):
            not_judged += _none_for_commands(suite)
            continue
        judged += judge(suite, repository, document, say=say)
        more = _wrong(suite, document, repository, start, wanted, say)
        judged += more[0]
        not_judged += more[1]
    mutation = None
    if mutants and start is not None and whole:
        mutation = _tried(mutants, [suite for suite, _ in whole], repository, start, wanted, say)
    return Strength(judged=judged, not_judged=not_judged, mutation=mutation)


def _told_of_left_out(
    pairs: Sequence[tuple[Suite, SpecDocument]], not_judged: list[NotJudged]
) -> list[tuple[Suite, SpecDocument]]:
    """The suites of which something is left once what cannot be run here is told."""
    from factory.scenarios.running import left_out
    from factory.scenarios.strength.judge import NotJudged

    found = []
    for suite, document in pairs:
        left, every = len(left_out(suite)), len(suite.outline.scenarios)
        if left:
            why = f"{left} of {every} left out: scenarios that kill the service, or want it fresh"
            not_judged.append(NotJudged(spec=suite.spec_id, strawman="any", why=why))
        if left < every:
            found.append((suite, document))
    return found


def _start(
    pairs: Sequence[tuple[Suite, SpecDocument]], specs: Specs, wanted: Wanted
) -> Start | None:
    if wanted.product is None:
        return None
    from factory.cli.standing import starter

    subject, choice = _subject(pairs, specs)
    return starter(wanted.product, subject, choice)


def _subject(
    pairs: Sequence[tuple[Suite, SpecDocument]], specs: Specs
) -> tuple[Subject, SandboxChoice]:
    from factory.scenarios.subject import subject_of

    names = sorted({str(document.meta.get("product")) for _, document in pairs})
    if len(names) > 1:
        raise UsageError(
            f"--product is one product, and these specs are of {', '.join(names)}",
            mend="name the specs of one of them with --spec",
        )
    subject = subject_of(pairs[0][1], specs.configuration)
    if subject is None or specs.configuration is None:
        raise ConfigurationError(
            f"factory.yml does not say how {names[0]} is started",
            mend=f"add `products: {{{names[0]}: {{subject: …}}}}`",
        )
    return subject, specs.configuration.sandbox


def _mutants(wanted: Wanted) -> Sequence[Mutant]:
    """All that can be made; told first, so that nothing runs for an hour in vain."""
    if wanted.product is None or wanted.size == 0:
        return ()
    from factory.scenarios.strength.mutants import all_mutants
    from factory.scenarios.strength.product import sources

    return all_mutants(sources(wanted.product))


def _tried(
    mutants: Sequence[Mutant],
    suites: Sequence[Suite],
    repository: Repository,
    start: Start,
    wanted: Wanted,
    say: Say,
) -> Mutation:
    from factory.scenarios.strength.equivalent import equivalents
    from factory.scenarios.strength.mutants import sample
    from factory.scenarios.strength.mutation import try_mutants

    size = len(mutants) if wanted.size is None else wanted.size
    return try_mutants(
        sample(mutants, size, wanted.seed),
        suites,
        repository,
        start,
        marked=equivalents(repository.root),
        made=len(mutants),
        jobs=wanted.jobs,
        say=say,
    )


def _wrong(
    suite: Suite,
    document: SpecDocument,
    repository: Repository,
    start: Start | None,
    wanted: Wanted,
    say: Say,
) -> tuple[list[Judged], list[NotJudged]]:
    from factory.scenarios.strength.judge import NotJudged
    from factory.scenarios.strength.wrong import NAMES, judge_wrong

    address: AbstractContextManager[str]
    if wanted.subject is not None:
        address = nullcontext(wanted.subject)
    elif start is not None:
        address = start({})
    else:
        why = "needs a shipped product: --product or --subject"
        return [], [NotJudged(spec=suite.spec_id, strawman=name, why=why) for name in NAMES]
    with address as good:
        return judge_wrong(suite, repository, document, good, say=say)


def _none_for_commands(suite: Suite) -> list[NotJudged]:
    from factory.scenarios.strength.judge import NotJudged
    from factory.scenarios.strength.strawmen import STRAWMEN
    from factory.scenarios.strength.wrong import NAMES

    why = "its scenarios send no requests; mutants judge it"
    return [NotJudged(spec=suite.spec_id, strawman=name, why=why) for name in (*STRAWMEN, *NAMES)]
