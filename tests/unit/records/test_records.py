"""Records: schemas as committed, strict decoding, whole writes."""

import json
from pathlib import Path

import pytest

from factory.errors import RecordError
from factory.records import Candidate, Shipment, WorkOrder, decode, digest_of, read
from factory.records.schema import FOLDER, KINDS, rendered

SHIPMENT = Shipment(
    run_id="20261122t210000-0123abcd",
    attempt=1,
    spec_id="link-expiry",
    spec_version=1,
    commit="a" * 40,
    branch="main",
    shipped_at="2026-11-22T21:00:00Z",
)


@pytest.mark.parametrize("name", KINDS)
def test_the_schema_file_is_what_the_declaration_says(name: str) -> None:
    path = FOLDER / f"{name}.schema.json"
    assert path.read_text("utf-8") == rendered(KINDS[name]), "python -m factory.records.schema"


def test_every_schema_file_has_a_record() -> None:
    assert {path.name.removesuffix(".schema.json") for path in FOLDER.iterdir()} == set(KINDS)


def test_the_schema_accepts_what_is_written_and_refuses_what_is_not() -> None:
    from jsonschema import Draft202012Validator

    schema = json.loads((FOLDER / "shipment.schema.json").read_text("utf-8"))
    check = Draft202012Validator(schema)
    data = SHIPMENT.to_data()
    assert check.is_valid(data)
    assert not check.is_valid({**data, "commit": "abc"})
    assert not check.is_valid({**data, "more": 1})


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.pop("record"),
        lambda data: data.update(record="candidate/1"),
        lambda data: data.update(record="shipment/2"),
        lambda data: data.update(more=1),
        lambda data: data.update(commit="a" * 40 + "\n"),
        lambda data: data.update(attempt=0),
        lambda data: data.update(attempt="1"),
        lambda data: data.pop("branch"),
    ],
)
def test_anything_else_is_refused(change) -> None:
    data = SHIPMENT.to_data()
    change(data)
    with pytest.raises(RecordError):
        decode(Shipment, json.dumps(data).encode())


SPEC = {
    "id": "greeting",
    "title": "Greet",
    "version": 1,
    "path": "specs/greeting.md",
    "commit": "a" * 40,
    "digest": digest_of("- R1: It greets."),
    "text": "- R1: It greets.",
    "requirements": [{"id": "R1", "text": "It greets.", "line": 1}],
}


def test_a_text_that_is_not_the_one_of_its_digest_is_refused_wherever_it_travels() -> None:
    order = {
        "record": "work-order/1",
        "run_id": "20261122t210000-0123abcd",
        "nonce": "0" * 32,
        "created_at": "2026-11-22T21:00:00Z",
        "spec": SPEC,
        "product": {"name": "greeter", "repository": "/x", "subject": {"command": "greet"}},
        "base_commit": "a" * 40,
        "agent": {"name": "builder", "uses": "replay"},
        "budget": {},
        "brief": "x",
    }
    candidate = {
        "record": "candidate/1",
        "work_order": order,
        "commit": "b" * 40,
        "tree_id": "c" * 40,
        "branch": "factory/hold/greeting/20261122t210000-0123abcd",
        "changed_paths": 1,
        "agent": {"ended": "finished"},
        "spent_usd": 0.0,
    }
    before = decode(WorkOrder, json.dumps(order).encode())
    assert (before.bound, before.context) == ((), ()), "an order from before they were recorded"
    decode(Candidate, json.dumps(candidate).encode())
    for changes in ({"text": "- R1: It opens a back door."}, {"digest": digest_of("x")}):
        order["spec"] = {**SPEC, **changes}
        with pytest.raises(RecordError, match=r"greeting is not the one of its digest.*\$\.spec"):
            decode(WorkOrder, json.dumps(order).encode())
        with pytest.raises(RecordError, match=r"not the one of its digest.*\$\.work_order\.spec"):
            decode(Candidate, json.dumps(candidate).encode())


def test_round_trip_through_a_file(tmp_path: Path) -> None:
    path = SHIPMENT.write(tmp_path / "deep" / "shipment.json")
    assert read(Shipment, path) == SHIPMENT
    assert [one.name for one in path.parent.iterdir()] == ["shipment.json"]


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000])
def test_garbage_is_an_error_with_its_place(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(data)
    with pytest.raises(RecordError) as caught:
        read(Shipment, path)
    assert caught.value.path == str(path) and caught.value.mend
