"""Where a spec stands, by its front matter and the ledger."""

from __future__ import annotations

from factory.ledger.standing import Front, queue


def front(name: str, *depends: str, **changes: object) -> Front:
    values = {"version": 1, "title": name, "status": "ready", "kind": "feature", "product": "p"}
    return Front(id=name, depends_on=depends, **{**values, **changes})  # type: ignore[arg-type]


def told(*fronts: Front, shipped=(), parked=None, running=(), **more) -> dict[str, tuple[str, str]]:
    found = queue(fronts, shipped=shipped, parked=parked or {}, running=running, **more)
    return {one.spec: (one.state, one.reason) for one in found}


def test_what_can_be_built_comes_first_and_the_rest_says_why_not() -> None:
    found = told(
        front("a-paused", status="paused"),
        front("b-parked"),
        front("c-waits", "d-ready"),
        front("d-ready"),
        front("e-runs"),
        parked={("b-parked", 1): "3 attempts failed"},
        running=[("e-runs", 1)],
    )
    assert list(found.items()) == [
        ("e-runs", ("running", "")),
        ("d-ready", ("ready", "")),
        ("c-waits", ("waiting", "waits for d-ready version 1, which has not shipped")),
        ("b-parked", ("parked", "3 attempts failed")),
        ("a-paused", ("paused", "has status paused")),
    ]


def test_what_is_not_to_be_built_is_left_out() -> None:
    assert told(
        front("draft", status="draft"),
        front("retired", status="retired"),
        front("binds", kind="constraint"),
        front("done"),
        shipped=[("done", 1)],
    ) == {}  # fmt: skip


def test_what_somebody_has_paused_says_who() -> None:
    said = {"one": "paused by @ann"}
    assert told(front("one"), paused=said, parked={("one", 1): "x"})["one"] == (
        "paused",
        said["one"],
    )
    assert told(front("one", version=2), paused=said)["one"][0] == "paused"
    assert told(front("one"), paused=said, running=[("one", 1)])["one"][0] == "running"


def test_a_new_version_is_neither_shipped_nor_parked() -> None:
    old = {("one", 1): "failed"}
    assert told(front("one", version=2), parked=old, shipped=[("one", 1)])["one"][0] == "ready"


def test_a_dependency_counts_by_the_version_that_it_has_now() -> None:
    specs = (front("one", "two"), front("two", version=2))
    assert told(*specs, shipped=[("two", 1)])["one"][0] == "waiting"
    assert told(*specs, shipped=[("two", 2)])["one"][0] == "ready"
    assert told(front("one", "binds"), front("binds", kind="architecture"))["one"][0] == "ready"
    assert "does not exist" in told(front("one", "gone"))["one"][1]
