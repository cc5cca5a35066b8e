"""All subjects of a run as one thread sees them, and its way to those that the runner starts."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Protocol

from scenario_runner.errors import StepFailed

if TYPE_CHECKING:
    from pathlib import Path

    from scenario_runner.browser.browser import Browser
    from scenario_runner.subject.subject import Subject

_SUITE = "suite"


class Asking(Protocol):
    """Whoever owns the instances; see child/asking.py."""

    def each(self, scenario: str) -> bool:
        """Whether something is to be done for this scenario before it begins."""

    def concerns(self, name: str) -> bool:
        """Whether the subject of this name is started, or reset, by the runner."""

    def ask(self, do: str, scenario: str, name: str) -> Any:
        """Something to give to `answer`."""

    def answer(self, asked: Any, seconds: float | None) -> str:
        """The subject's address. Raises StepFailed where there is no subject."""


class Family:
    """`default` is the one that scenarios talk to at first. `scenario` and `limit`, which says how
    much of some seconds is left, are those of the scenario that runs."""

    def __init__(self) -> None:
        self.asking: Asking | None = None
        self.scenario = ""
        self.limit: Callable[[float], float] | None = None
        self._named: dict[str, Subject] = {}
        self._holds: dict[str, str] = {}
        self._browser: Browser | None = None

    def __iter__(self) -> Iterator[Subject]:
        return iter(self._named.values())

    def add(self, subject: Subject) -> None:
        self._named[subject.name] = subject

    @property
    def default(self) -> Subject:
        return next(iter(self._named.values()))

    @property
    def browser(self) -> Browser:
        """One for all subjects of the run, made at first use."""
        if self._browser is None:
            from scenario_runner.browser.browser import Browser

            self._browser = Browser()
        return self._browser

    def close(self) -> None:
        """Leave no connection and no browser."""
        for each in self:
            each.leave()
        if self._browser is not None:
            self._browser.close()

    def named(self, name: str) -> Subject:
        """Raises StepFailed."""
        try:
            return self._named[name]
        except KeyError:
            raise StepFailed(unknown(name, list(self._named))) from None

    def begin(
        self, scenario: str, work_folder: Callable[[], Path], limit: Callable[[float], float]
    ) -> None:
        self.scenario, self.limit = scenario, limit
        for each in self._named.values():
            each.work_folder = work_folder

    def take(self) -> float:
        """Have every subject ready for the scenario; how many seconds that took. Raises
        StepFailed."""
        if self.asking is None:
            return 0.0
        started = time.monotonic()
        key = self.scenario if self.asking.each(self.scenario) else _SUITE
        wanted = [
            each
            for each in self._named.values()
            if self._holds.get(each.name) != key and self.asking.concerns(each.name)
        ]
        # All are asked for before one is waited for.
        asked = [self.asking.ask("take", self.scenario, each.name) for each in wanted]
        for each, one in zip(wanted, asked, strict=True):
            each.settle(self._answer(one))
            self._holds[each.name] = key
        return time.monotonic() - started

    def ask(self, do: str, subject: Subject) -> None:
        """Kill it, start it again, or both. Raises StepFailed."""
        assert self.asking is not None
        # The next scenario asks again: it may be down.
        self._holds.pop(subject.name, None)
        address = self._answer(self.asking.ask(do, self.scenario, subject.name))
        if address:
            subject.settle(address)

    def _answer(self, asked: Any) -> str:
        assert self.asking is not None
        seconds = None if self.limit is None else self.limit(float("inf"))
        return self.asking.answer(asked, None if seconds == float("inf") else seconds)


def unknown(name: str, names: list[str]) -> str:
    import difflib

    near = difflib.get_close_matches(name, names, n=3, cutoff=0.4) or names
    shown = ", ".join(f'"{each}"' for each in near)
    return f'there is no subject "{name}"; the nearest known are {shown}'
