"""How many mutants of the shipped product the suites kill, and what the rest escaped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from factory.scenarios.repository import Repository, Suite
from factory.scenarios.strength.advice import advice
from factory.scenarios.strength.escape import Escape, Probe
from factory.scenarios.strength.mutants import Mutant
from factory.scenarios.strength.product import Start
from factory.scenarios.strength.trial import Bench, Trial


@dataclass(frozen=True, kw_only=True)
class Survivor:
    """A mutant that every scenario passed."""

    mutant: Mutant
    escape: Escape

    def to_data(self) -> dict[str, Any]:
        """As JSON."""
        return {
            **_told(self.mutant),
            "requirements": self.escape.requirements,
            "at_start": self.escape.at_start,
            "advice": advice(self.mutant.operator, self.escape),
        }


@dataclass(frozen=True, kw_only=True)
class Mutation:
    """What became of all that were tried.

    `trials` are those that are not marked as equivalent; `equivalent` are those that are, each
    with its reason, and survived; `mismarked` are marked as well, and were killed.
    """

    made: int
    trials: tuple[Trial, ...]
    survivors: tuple[Survivor, ...]
    equivalent: tuple[tuple[Mutant, str], ...]
    mismarked: tuple[Mutant, ...]
    unknown_marks: tuple[str, ...]

    @property
    def fates(self) -> Mapping[str, int]:
        """How many were killed, timed out, did not start, survived."""
        counted = Counter(one.fate for one in self.trials)
        return {fate: counted[fate] for fate in ("killed", "timed-out", "not-started", "survived")}

    @property
    def rate(self) -> float:
        """The share that did not survive, of those not equivalent; 1 where there is none."""
        lived = len(self.survivors)
        return 1.0 - lived / len(self.trials) if self.trials else 1.0

    def to_data(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "made": self.made,
            "tried": len(self.trials) + len(self.equivalent),
            **{fate.replace("-", "_"): count for fate, count in self.fates.items()},
            "equivalent": [
                {**_told(mutant), "reason": reason} for mutant, reason in self.equivalent
            ],
            "kill_rate": round(self.rate, 4),
            "survivors": [one.to_data() for one in self.survivors],
            "mismarked": [_told(one) for one in self.mismarked],
            "unknown_marks": list(self.unknown_marks),
        }


def try_mutants(
    mutants: Sequence[Mutant],
    suites: Sequence[Suite],
    repository: Repository,
    start: Start,
    *,
    marked: Mapping[str, str],
    made: int,
    jobs: int = 1,
    say: Callable[[str], None] = lambda _: None,
) -> Mutation:
    """Run the suites against each mutant until one scenario does not pass, and probe the rest.

    The product itself is run first and last, so that no mutant is taken for killed where the
    scenarios pass by chance, or the machine was too busy to tell.

    Args:
        marked: digest → reason, of mutants that are said to be equivalent; they are tried too.
        made: how many mutants there are, of which these are a sample.
        jobs: how many are tried side by side.

    Raises:
        Inconclusive: the product itself does not pass.
        NotStarted: it does not start.
        SuiteError: a suite has errors.
        RunnerFailed: the runner left no report.
    """
    with Bench(suites, repository, start) as bench:
        say("the product itself")
        bench.control()
        trials = []
        with ThreadPoolExecutor(jobs) as pool:
            try:
                for number, trial in enumerate(pool.map(bench.trial, mutants), 1):
                    trials.append(trial)
                    say(f"mutant {number} of {len(mutants)}: {_name(trial.mutant)} {trial.fate}")
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
        say("the product itself, once more")
        bench.control()
        probe, survivors = Probe(bench), []
        for one in trials:
            if one.fate == "survived" and one.mutant.digest not in marked:
                say(f"what depends on {_name(one.mutant)}")
                survivors.append(Survivor(mutant=one.mutant, escape=probe.escape(one.mutant)))
    return _sorted(trials, survivors, marked, made)


def _sorted(
    trials: Sequence[Trial], survivors: Sequence[Survivor], marked: Mapping[str, str], made: int
) -> Mutation:
    lived = [one.mutant for one in trials if one.fate == "survived"]
    tried = {one.mutant.digest for one in trials}
    return Mutation(
        made=made,
        trials=tuple(
            one for one in trials if one.mutant.digest not in marked or one.fate != "survived"
        ),
        survivors=tuple(survivors),
        equivalent=tuple((one, marked[one.digest]) for one in lived if one.digest in marked),
        mismarked=tuple(
            one.mutant for one in trials if one.fate != "survived" and one.mutant.digest in marked
        ),
        unknown_marks=tuple(sorted(set(marked) - tried)) if len(trials) == made else (),
    )


def _name(mutant: Mutant) -> str:
    return f"{mutant.path}:{mutant.line}"


def _told(mutant: Mutant) -> dict[str, Any]:
    return {
        "path": mutant.path,
        "line": mutant.line,
        "function": mutant.function,
        "operator": mutant.operator,
        "digest": mutant.digest,
        "diff": mutant.diff,
    }
