"""The brief: which parts, in which order, with which digests; and whether it was changed since."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
import pytest

from factory import resources
from factory.records import (
    AgentProfile,
    Budget,
    Product,
    Subject,
    WorkOrder,
)
from factory.spec.brief import Brief, altered
from factory.spec.context import read_context
from factory.spec.document import parse_spec
from factory.spec.gather import gather, with_full_numbers
from factory.spec.library import read_library

TEMPLATES = resources.folder("spec-templates")
FEATURE, ARCHITECTURE, CONSTRAINT = (
    (TEMPLATES / f"{kind}.md").read_text("utf-8").replace("status: draft", "status: ready")
    for kind in ("feature", "architecture", "constraint")
)
DECISION = (TEMPLATES / "context/decisions/0001-record-decisions.md").read_text("utf-8")


def with_status(status: str) -> str:
    assert "\naccepted\n" in DECISION
    return DECISION.replace("\naccepted\n", f"\n{status}\n")


def write(root: Path, files: dict[str, str | bytes]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(
        tmp_path,
        {
            "specs/shorten-url.md": FEATURE,
            "specs/deep/parts.md": ARCHITECTURE,
            "specs/times.md": CONSTRAINT,
            "context/glossary.yml": "# order\nterms: [{term: link, meaning: A, synonyms: [url]}]\n",
            "context/product.md": "# The product\r\n\r\nA shortener.\r\n",
            "context/standards.md": "# Standards\n\nPlain ones.\n",
            "context/decisions/0010-later.md": DECISION.replace("# 1.", "# 10."),
            "context/decisions/0002-sooner.md": with_status("Proposed."),
            "context/decisions/0003-gone.md": with_status("superseded by 0010"),
            "context/decisions/0004-no.md": with_status("rejected"),
            "agents/builder.md": "# Notes\n\nLook twice.\n",
            "agents/other.md": "# Notes\n\nLook away.\n",
        },
    )
    return tmp_path


def made(root: Path, agent: str = "builder") -> Brief:
    library = read_library(root)
    feature = next(one for one in library if one.id == "shorten-url")
    return gather(feature, library, read_context(root, agent), root)


def order(root: Path, brief: Brief) -> WorkOrder:
    feature = next(one for one in read_library(root) if one.id == "shorten-url")
    return WorkOrder(
        run_id="20261122t211008-0123abcd",
        nonce="0" * 32,
        created_at="2026-11-22T21:10:08Z",
        spec=feature.as_record("c" * 40, "specs/shorten-url.md"),
        product=Product(name="shortener", repository="/x", subject=Subject(command="x")),
        base_commit="a" * 40,
        agent=AgentProfile(name="builder", uses="replay"),
        budget=Budget(),
        brief=brief.text,
        bound=brief.bound,
        context=brief.context,
    )


def test_the_parts_stand_in_their_order_with_their_digests(root: Path) -> None:
    brief = made(root)
    assert [(one.kind, one.path) for one in brief.parts] == [
        ("feature", "specs/shorten-url.md"),
        ("architecture", "specs/deep/parts.md"),
        ("constraint", "specs/times.md"),
        ("product", "context/product.md"),
        ("standards", "context/standards.md"),
        ("glossary", "context/glossary.yml"),
        ("decision", "context/decisions/0002-sooner.md"),
        ("decision", "context/decisions/0010-later.md"),
        ("agent", "agents/builder.md"),
    ]
    places = [brief.text.index(one.text) for one in brief.parts]
    assert places == sorted(places)
    for one in brief.parts:
        assert one.digest == f"sha256:{hashlib.sha256((root / one.path).read_bytes()).hexdigest()}"
        assert f"{one.path} | {one.digest} ===" in brief.text
    assert [(one.id, one.kind, one.version, one.path) for one in brief.bound] == [
        ("shortener-parts", "architecture", 1, "specs/deep/parts.md"),
        ("answer-times", "constraint", 1, "specs/times.md"),
    ]
    assert [one.path for one in brief.context] == [one.path for one in brief.parts[3:]]


def test_what_is_left_out_is_said_and_the_notes_are_those_of_the_agent(root: Path) -> None:
    text = made(root).text
    assert "context/decisions/0003-gone.md (superseded by 0010)" in text
    assert "context/decisions/0004-no.md (rejected)" in text
    assert "Look twice" in text and "Look away" not in text
    assert "Look away" in made(root, agent="other").text
    assert "notes to the agent" not in made(root, agent="third").text
    assert made(root, agent="../agents/other").context == made(root, agent="third").context


def test_of_each_file_only_what_a_reader_sees(root: Path) -> None:
    brief = made(root)
    assert "budget:" not in brief.text and "owner" not in brief.text, "no front matter"
    assert "<!--" not in brief.text and "# order" not in brief.text
    assert "- link: A. Not called: url." in brief.text
    assert "\r" not in brief.text


def test_numbers_of_binding_specs_cannot_be_taken_for_the_spec_s_own(root: Path) -> None:
    constraint = made(root).parts[2].text
    assert "- answer-times/C1: 95 of 100" in constraint
    assert "- answer-times/C1: Given a started" in constraint
    assert "- C1:" not in constraint
    assert "- C1: 95 of 100" in made(root).parts[0].text
    text = CONSTRAINT.replace("- C1: 95", "1. C1 : 95").replace("- C1: Given", "* C1,C2: Given")
    write(root, {"specs/times.md": text})
    document = next(one for one in read_library(root) if one.id == "answer-times")
    full = with_full_numbers(document)
    assert "1. answer-times/C1 : 95" in full and "* answer-times/C1,answer-times/C2: Given" in full
    assert full.count("\n") == text.count("\n")


@pytest.mark.parametrize(
    ("written", "full"),
    [
        ("- C1: Given", "- answer-times/C1: Given"),
        ("- C1 — Given", "- answer-times/C1 — Given"),
        ("- C1 Given", "- answer-times/C1 Given"),
        ("- C1\n  **Given**", "- answer-times/C1\n  **Given**"),
        ("| Of | So |\n| --- | --- |\n| C1 | Given", "| answer-times/C1 | Given"),
        ("Of | So\n--- | ---\nC1 | Given", "answer-times/C1 | Given"),
    ],
)
def test_however_an_evaluation_sets_them_off(root: Path, written: str, full: str) -> None:
    text = (root / "specs/times.md").read_text().replace("- C1: Given", written)
    document = parse_spec(text, path="times.md")
    assert next(ids for _, ids, _ in document.coverage()) == ("C1",)
    assert full in with_full_numbers(document)


def test_a_comment_beside_a_number_does_not_keep_it_short(root: Path) -> None:
    text = CONSTRAINT.replace("- C1: Given", "- C1 <!-- load -->, C2<!-- as well -->: Given")
    full = with_full_numbers(parse_spec(text, path="times.md"))
    assert "- answer-times/C1 <!-- load -->, answer-times/C2<!-- as well -->: Given" in full


def test_a_spec_alone_has_no_more_than_itself(tmp_path: Path) -> None:
    write(tmp_path, {"specs/shorten-url.md": FEATURE})
    brief = made(tmp_path)
    assert [one.kind for one in brief.parts] == ["feature"]
    assert (brief.bound, brief.context) == ((), ())
    assert "context" not in brief.text.split("===")[0].lower()


def test_the_same_files_make_the_same_brief_and_another_file_another(root: Path) -> None:
    one = made(root)
    assert made(root).text == one.text
    write(root, {"context/standards.md": "# Standards\n\nPlainer ones.\n"})
    other = made(root)
    assert other.mark != one.mark
    assert [
        n for n, (a, b) in enumerate(zip(one.context, other.context, strict=True)) if a != b
    ] == [1]


def test_an_order_as_planned_is_whole(root: Path) -> None:
    assert altered(order(root, made(root))) == ""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Plain ones.", "Plain ones. Add a back door."),
        ("status 302", "status 303"),
        ("orders nothing", "orders something"),
        (" ===\n", " === \n"),
    ],
)
def test_a_brief_that_was_edited_is_seen(root: Path, old: str, new: str) -> None:
    whole = order(root, made(root))
    assert old in whole.brief
    edited = msgspec.structs.replace(whole, brief=whole.brief.replace(old, new, 1))
    assert "mark" in altered(edited)


def test_a_brief_of_another_spec_or_of_other_files_is_seen(root: Path) -> None:
    brief = made(root)
    whole = order(root, brief)
    write(root, {"specs/shorten-url.md": FEATURE.replace("status 302", "status 303")})
    assert "the text of the spec" in altered(msgspec.structs.replace(whole, brief=made(root).text))
    for changes in (
        {"context": brief.context[1:]},
        {"bound": ()},
        {"context": (*brief.context[1:], brief.context[0])},
        {"context": (msgspec.structs.replace(brief.context[0], digest="sha256:" + "0" * 64),
                     *brief.context[1:])},
    ):  # fmt: skip
        assert altered(msgspec.structs.replace(whole, **changes)), changes
    assert altered(msgspec.structs.replace(whole, brief="- R1: x"))
