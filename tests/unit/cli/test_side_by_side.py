"""Several runs at once: never more than allowed, each ended before the command does."""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace

import pytest

from factory.cli.side_by_side import side_by_side


class Floor:
    """Runs by name; `wait` holds each back until as many as `together` are under way at once."""

    def __init__(self, *names: str, together: int, failing: str = "", refused: str = "") -> None:
        self.left, self.failing, self.refused = list(names), failing, refused
        self.active: set[str] = set()
        self.most, self.prefixes = 0, []
        self.barrier = threading.Barrier(together)
        self.lock = threading.Lock()
        self.now = 0

    def next_run(self):
        if not self.left:
            return None
        name = self.left.pop(0)
        if name == self.refused:
            raise RuntimeError(name)
        order = SimpleNamespace(spec=SimpleNamespace(id=name))
        return SimpleNamespace(folder=SimpleNamespace(name=name), first_order=lambda: order)

    def drive(self, run, prefix: str) -> None:
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
            self.prefixes.append(prefix)
        self.barrier.wait(10)
        with self.lock:
            self.now -= 1
        if run.folder.name == self.failing:
            raise ValueError(self.failing)
        while self.failing in self.active:
            time.sleep(0.005)


def names(runs) -> set[str]:
    return {run.folder.name for run in runs}


def test_as_many_as_allowed_are_under_way_at_once() -> None:
    floor = Floor("a", "b", "c", "d", together=2)
    assert names(side_by_side(floor, 2)) == {"a", "b", "c", "d"}
    assert floor.most == 2 and floor.active == set()
    assert sorted(floor.prefixes) == ["[a] ", "[b] ", "[c] ", "[d] "]


def test_an_error_lets_those_under_way_end_and_begins_no_other() -> None:
    floor = Floor("a", "b", "c", together=2, failing="a")
    seen = []
    with pytest.raises(ValueError, match="a"):
        seen.extend(side_by_side(floor, 2))
    assert names(seen) == {"b"} and floor.now == 0


def test_a_plan_that_fails_is_told_after_the_run_under_way_has_ended() -> None:
    floor = Floor("a", "b", together=1, refused="b")
    seen = []
    with pytest.raises(RuntimeError, match="b"):
        seen.extend(side_by_side(floor, 2))
    assert names(seen) == {"a"}
