"""The subjects of a run, checked before anything of it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scenario_runner.errors import UsageFault
from scenario_runner.model import Inventory, SuiteError
from scenario_runner.run.subject_log import SubjectLog
from scenario_runner.subject import given, hosts
from scenario_runner.subject.managed import Managed
from scenario_runner.suite.freshness import Freshness, Scope

if TYPE_CHECKING:
    from scenario_runner.run.instances import Instances


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for: texts as subject/given.py takes them."""

    subjects: Sequence[str]
    fresh: Scope = "suite"
    resets: Sequence[str] = ()
    ready: Sequence[str] = ()
    ports: Sequence[str] = ()
    start_timeout_seconds: float = 30.0
    instances: int | None = None


@dataclass
class Subjects:
    """`errors` keep the run from beginning."""

    freshness: Freshness
    errors: list[SuiteError]
    log: SubjectLog
    most: int | None = None
    make_hosts: Callable[[], dict[str, Managed]] = dict

    @contextmanager
    def instances(self, inventory: Inventory, jobs: int) -> Iterator[Instances | None]:
        """Nobody used them before. Whatever happens meanwhile, no subject that we started is left
        after. None where we start, and reset, none."""
        if not self.freshness.concerns_us:
            yield None
            return
        from scenario_runner.run.instances import Instances

        with Instances(
            self.freshness, inventory.scenarios, self.make_hosts(), jobs, self.most
        ) as made:
            yield made

    def close(self) -> None:
        """Nothing more is written down of what subjects say."""
        self.log.close()


def prepare(wanted: Wanted, inventory: Inventory, log_path: Path) -> Subjects:
    """Starts nothing. What speaks of files means those of the folder where we were started."""
    here = Path.cwd()
    found = Subjects(Freshness("suite", ()), [], SubjectLog(log_path), wanted.instances)
    try:
        subjects = given.parse(
            wanted.subjects, here, ready=wanted.ready, ports=wanted.ports, resets=wanted.resets
        )
        found.freshness = Freshness(wanted.fresh, subjects)
        found.errors += found.freshness.errors(inventory)
        managed = [each for each in subjects if each.managed]
        found.make_hosts = lambda: {
            each.name: hosts.host(each, wanted.start_timeout_seconds, found.log.write, here)
            for each in managed
        }
        found.make_hosts()  # What cannot be, such as docker where there is none, is told now.
    except UsageFault as problem:
        found.errors.append(SuiteError("", 0, str(problem)))
    return found
