"""A verdict as an in-toto statement, and its signature."""

from __future__ import annotations

import json

import msgspec
import pytest
from cryptography.hazmat.primitives import serialization as pem
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from hypothesis import given
from hypothesis import strategies as st

from factory.errors import ConfigurationError, RecordError
from factory.records import AgentOutcome, Candidate
from factory.verdict import envelope_in, opened, signed, statement, statement_text, told
from tests.unit.verdict.test_present import order_of, public_of

COMMIT = "c" * 40
SUITE = "hmac-sha256:" + "d" * 64


def keys(made=None) -> tuple[str, str]:
    """A new pair in PEM, as openssl writes it."""
    private = made or ed25519.Ed25519PrivateKey.generate()
    return (
        private.private_bytes(
            pem.Encoding.PEM, pem.PrivateFormat.PKCS8, pem.NoEncryption()
        ).decode(),
        private.public_key()
        .public_bytes(pem.Encoding.PEM, pem.PublicFormat.SubjectPublicKeyInfo)
        .decode(),
    )


PRIVATE, PUBLIC = keys()


def candidate() -> Candidate:
    order = order_of()
    return Candidate(
        work_order=order,
        commit=COMMIT,
        tree_id="e" * 40,
        branch=f"factory/hold/{order.spec.id}/{order.run_id}",
        changed_paths=1,
        agent=AgentOutcome(ended="finished"),
        spent_usd=1.5,
    )


def stated(**changes):
    record = candidate()
    facts = {"verdict": "pass", "candidate": COMMIT, "suite_digest": SUITE, "cause": "", "mend": ""}
    return statement(public_of(record.work_order, **(facts | changes)), record, version="9.9")


def test_it_names_what_was_judged_by_what_and_for_how_much():
    made = stated()
    assert made["_type"] == "https://in-toto.io/Statement/v1"
    assert made["subject"] == [
        {"name": "acme/shortener", "digest": {"gitCommit": COMMIT, "gitTree": "e" * 40}}
    ]
    predicate = made["predicate"]
    assert predicate["result"] == "PASSED"
    (spec,) = predicate["configuration"]
    order = candidate().work_order
    assert spec == {"name": order.spec.path, "digest": {"sha256": order.spec.digest[7:]}}
    ours = predicate["dark-factory"]
    assert (ours["suite"], ours["spent"], ours["factory"]) == (
        SUITE,
        {"usd": 1.5, "known": True},
        "9.9",
    )
    assert ours["agent"]["profile"].startswith("sha256:")
    json.dumps(made)


@pytest.mark.parametrize("word", ["pass", "fail", "inconclusive"])
def test_what_it_says_is_read_again_and_only_a_pass_has_passed(word):
    made = stated(verdict=word)
    assert told(made, COMMIT) == word
    assert (made["predicate"]["result"] == "PASSED") is (word == "pass")


def test_another_agent_profile_has_another_digest():
    record = candidate()
    agent = msgspec.structs.replace(record.work_order.agent, options={"model": "x"})
    order = msgspec.structs.replace(record.work_order, agent=agent)
    other = msgspec.structs.replace(record, work_order=order)
    public = public_of(order)
    one = statement(public, record, version="1")["predicate"]["dark-factory"]["agent"]
    two = statement(public, other, version="1")["predicate"]["dark-factory"]["agent"]
    assert one["profile"] != two["profile"] and "options" not in two


@pytest.mark.parametrize(
    "broken",
    [
        None,
        [],
        {},
        {**stated(), "_type": "x"},
        {**stated(), "predicateType": "https://slsa.dev/provenance/v1"},
        {**stated(), "subject": []},
        {**stated(), "subject": [*stated()["subject"], *stated()["subject"]]},
        {**stated(), "subject": "x"},
        {**stated(), "predicate": {"result": "PASSED"}},
        {**stated(), "predicate": {**stated(verdict="fail")["predicate"], "result": "PASSED"}},
        {**stated(), "predicate": {"result": "PASSED", "dark-factory": {"verdict": "good"}}},
        {**stated(), "predicate": {"result": "PASSED", "dark-factory": {"verdict": ["pass"]}}},
    ],
)
def test_anything_else_says_nothing(broken):
    with pytest.raises(RecordError):
        told(broken, COMMIT)


def test_it_says_nothing_of_another_commit():
    with pytest.raises(RecordError, match=r"it is about c{40}, not d{40}"):
        told(stated(), "d" * 40)


def test_signed_it_opens_with_the_key_and_is_alike_each_time():
    envelope = signed(stated(), PRIVATE)
    assert "\n" not in envelope and envelope == signed(stated(), PRIVATE + "\n")
    assert opened(envelope, [PUBLIC]) == stated()
    assert opened(envelope, [keys()[1], PUBLIC]) == stated()
    assert envelope_in(statement_text(envelope)) == envelope
    assert envelope_in(statement_text(envelope).replace("\n", "\r\n")) == envelope
    assert envelope_in("no statement here") == ""


def test_another_key_does_not_open_it():
    with pytest.raises(RecordError, match="none of the keys signed it"):
        opened(signed(stated(), PRIVATE), [keys()[1]])


ENVELOPE = signed(stated(), PRIVATE)


@given(st.integers(0, len(ENVELOPE) - 1), st.characters(codec="utf-8"))
def test_no_character_of_an_envelope_can_be_another(at, other):
    changed = ENVELOPE[:at] + other + ENVELOPE[at + 1 :]
    try:
        found = opened(changed, [PUBLIC])
    except RecordError:
        return
    assert found == stated()  # White space between, or an ignored bit of base64, changes nothing.


@given(st.text(max_size=200) | st.builds(json.dumps, st.dictionaries(st.text(), st.integers())))
def test_any_text_is_an_envelope_or_is_refused(text):
    with pytest.raises(RecordError):
        opened(text, [PUBLIC])


@pytest.mark.parametrize(
    "private", ["", "x", PUBLIC, keys(rsa.generate_private_key(65537, 2048))[0]]
)
def test_a_key_that_is_no_good_is_said_without_repeating_it(private):
    with pytest.raises(ConfigurationError, match="Ed25519") as refused:
        signed(stated(), private)
    assert refused.value.mend and (len(private) < 2 or private[30:60] not in str(refused.value))


@pytest.mark.parametrize("public", ["", PRIVATE, keys(rsa.generate_private_key(65537, 2048))[1]])
def test_so_is_one_to_verify_with(public):
    with pytest.raises(ConfigurationError, match="Ed25519 public key"):
        opened(ENVELOPE, [public])
