"""Any single change to a chained ledger is found, also where the whole history was written anew."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.ledger import events
from factory.ledger.chain import Chain, Change, Fault, Step
from factory.records import LedgerEntry
from tests.unit.ledger.made import added, entry, old_form, run, steps


def followed(history: list[Step]) -> tuple[Chain, list[LedgerEntry]]:
    keys: set[str] = set()
    chain = Chain(known=keys.__contains__)
    found = []
    for step in history:
        for one in chain.take(step):
            keys.add(one.key)
            found.append(one.entry)
    return chain, found


def faults(history: list[Step]) -> list[Fault]:
    return followed(history)[0].faults


@st.composite
def histories(draw: st.DrawFn, least: int = 1) -> list[Step]:
    """Commits of one to four entries each."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=least, max_size=6))
    numbers = iter(range(100))
    return steps([[run(next(numbers)) for _ in range(size)] for size in sizes])


def places(history: list[Step]) -> list[tuple[int, int]]:
    return [(at, n) for at, step in enumerate(history) for n in range(len(step.changes))]


def changed(history: list[Step], at: int, changes: tuple[Change, ...]) -> list[Step]:
    return [*history[:at], replace(history[at], changes=changes), *history[at + 1 :]]


@given(histories())
def test_what_the_factory_writes_is_sound_and_in_order(history: list[Step]) -> None:
    chain, found = followed(history)
    assert chain.faults == [] and chain.unchained == 0
    assert [one.run_id for one in found] == [run(n).run_id for n in range(len(found))]
    assert chain.count == len(found) and chain.good == history[-1].commit


@given(histories(), st.data())
def test_the_order_is_the_chain_s_also_in_one_commit(history: list[Step], data) -> None:
    """As a clone without history sees it: all files in the one commit it has."""
    everything = [change for step in history for change in step.changes]
    shuffled = tuple(data.draw(st.permutations(everything)))
    chain, found = followed([replace(history[-1], changes=shuffled)])
    assert chain.faults == [] and chain.unchained == 0
    assert [one.run_id for one in found] == [run(n).run_id for n in range(len(found))]


@st.composite
def alterations(draw: st.DrawFn) -> list[Step]:
    """A history in which one thing was changed, and nothing else was adapted to it."""
    kind = draw(st.sampled_from(["alter", "remove", "insert", "swap", "drop", "move"]))
    history = draw(histories(least=2))
    if kind == "drop":
        # Of the last one nothing is left to tell; `rewritten` finds that.
        at = draw(st.integers(0, len(history) - 2))
        return history[:at] + history[at + 1 :]
    if kind == "move":
        at = draw(st.integers(0, len(history) - 2))
        return [*history[:at], history[at + 1], history[at], *history[at + 2 :]]
    at, n = draw(st.sampled_from(places(history)))
    changes = history[at].changes
    data = changes[n].data or b""
    if kind == "alter":
        one = msgspec.json.decode(data, type=LedgerEntry)
        other = draw(
            st.sampled_from(
                [
                    msgspec.structs.replace(one, usd=one.usd + 1),
                    msgspec.structs.replace(one, spec_id="another"),
                    msgspec.structs.replace(one, previous="sha256:" + "0" * 64),
                    msgspec.structs.replace(one, run_id=run(999).run_id),
                ]
            )
        )
        text = draw(st.sampled_from([events.file_of(other), data + b" ", data[:-2], b"", b"{}"]))
        return changed(
            history, at, (*changes[:n], replace(changes[n], data=text), *changes[n + 1 :])
        )
    if kind == "remove":
        return changed(history, at, changes[:n] + changes[n + 1 :])
    if kind == "insert":
        digests = [events.digest(one.data or b"") for step in history for one in step.changes]
        link = draw(st.sampled_from([None, "sha256:" + "0" * 64, *digests]))
        forged = events.file_of(run(500, previous=link))
        return changed(history, at, (*changes, added(events.path(run(500)), forged)))
    other_at, other_n = draw(st.sampled_from([one for one in places(history) if one != (at, n)]))
    other = history[other_at].changes[other_n].data
    history = changed(
        history, at, (*changes[:n], replace(changes[n], data=other), *changes[n + 1 :])
    )
    changes = history[other_at].changes
    swapped = (*changes[:other_n], replace(changes[other_n], data=data), *changes[other_n + 1 :])
    return changed(history, other_at, swapped)


@given(alterations())
def test_any_single_change_is_found(history: list[Step]) -> None:
    found = faults(history)
    assert found
    assert all(one.what and one.mend and one.commit for one in found)


@given(alterations(), st.data())
def test_and_in_a_clone_without_history(history: list[Step], data) -> None:
    everything = [change for step in history for change in step.changes]
    names = [one.path for one in everything]
    cut = [replace(history[-1], changes=tuple(data.draw(st.permutations(everything))))]
    # Which commit brought a file is not seen here: moving whole commits changes nothing.
    assert faults(cut) or (len(set(names)) == len(names) and as_written(everything))


def as_written(changes: list[Change]) -> bool:
    numbers = sorted(int(one.path[-21:-13], 16) for one in changes)
    return numbers == list(range(len(numbers)))


@pytest.mark.parametrize("kind", ["M", "D", "T"])
def test_a_commit_that_touches_an_entry_again_is_found_and_named(kind: str) -> None:
    history = steps([[run(0)], [run(1)], [run(2)]])
    path = history[1].changes[0].path
    data = history[1].changes[0].data
    change = {
        "M": Change(path=path, old="100644", new="100644", data=b"{}"),
        "D": Change(path=path, old="100644", new=None),
        "T": Change(path=path, old="100644", new="120000", data=data),
    }[kind]
    touched = Step(commit="f" * 40, parents=1, message="fix", changes=(change,))
    (fault,) = faults([*history, touched])
    assert (fault.kind, fault.path) == ("removed" if kind == "D" else "altered", path)
    assert "ffffffffffff" in fault.what and history[2].commit in fault.mend


def test_one_altered_entry_is_told_once_and_by_its_name() -> None:
    history = steps([[run(0)], [run(1)], [run(2)], [run(3)]])
    one = history[1].changes[0]
    text = (one.data or b"").replace(b'"usd": 0.25', b'"usd": 0.05')
    (fault,) = faults(changed(history, 1, (replace(one, data=text),)))
    assert (fault.kind, fault.path) == ("altered", one.path)


def test_one_removed_entry_is_told_by_the_one_after_it() -> None:
    history = steps([[run(0)], [run(1)], [run(2)], [run(3)]])
    (fault,) = faults(history[:1] + history[2:])
    assert fault.kind == "broken" and fault.path == events.path(run(2))
    assert events.path(run(0)) in fault.what and history[0].commit in fault.mend


def test_entries_from_before_the_chain_are_counted_and_no_fault() -> None:
    old = [
        Step(commit=f"{n}" * 40, parents=1, message="built", changes=(added(*old_form(one)),))
        for n, one in enumerate([entry(attempt=1), entry(attempt=2, at="2026-11-23T00:00:00Z")])
    ]
    chain, _ = followed(old)
    assert (chain.faults, chain.unchained, chain.begun) == ([], 2, False)
    linked = events.file_of(entry(attempt=3, previous=chain.last))
    later = Step(
        commit="a" * 40,
        parents=1,
        message=f"x\n\nFactory-Ledger-Entries: 3\nFactory-Ledger-Last: {events.digest(linked)}\n",
        changes=(added(events.path(entry(attempt=3)), linked),),
    )
    chain, _ = followed([*old, later])
    assert (chain.faults, chain.unchained, chain.begun) == ([], 2, True)
    again = Step(
        commit="b" * 40, parents=1, message="x", changes=(added(*old_form(entry(attempt=4))),)
    )
    (fault,) = faults([*old, later, again])
    assert fault.kind == "inserted", "an entry that names none after the chain began"


def test_a_second_entry_for_a_key_is_a_fault_however_well_it_is_linked() -> None:
    history = steps([[run(0)], [run(1)]])
    last = events.digest(history[1].changes[0].data or b"")
    name, _ = old_form(run(0))
    forged = added(name, events.file_of(run(0, previous=last, usd=9.0)))
    (fault,) = faults([*history, Step(commit="a" * 40, parents=1, message="x", changes=(forged,))])
    assert (fault.kind, fault.path) == ("inserted", name)


def test_a_merge_is_a_fault() -> None:
    history = steps([[run(0)], [run(1)]])
    (fault,) = faults([history[0], replace(history[1], parents=2)])
    assert fault.kind == "merge"


def test_thousands_of_breaks_take_no_longer_than_thousands_of_entries() -> None:
    forged = [
        added(events.path(run(n)), events.file_of(run(n, previous=f"sha256:{n:064x}")))
        for n in range(1000)
    ]
    step = Step(commit="a" * 40, parents=1, message="x", changes=tuple(forged))
    chain, found = followed([step])
    assert len(found) == 1000 and 200 <= len(chain.faults) <= 210
