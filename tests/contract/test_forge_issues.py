"""Issues, against the double of GitHub's API: one for each matter, and never another's."""

from __future__ import annotations

import json
import urllib.request

import pytest

from factory.errors import AuthenticationError, ForgeError
from factory.forge.comments import BODY_LIMIT_BYTES, marker
from factory.forge.issues import LABEL
from tests.contract.github_bench import PAT

MARK, OTHER = "<!-- dark-factory spec link-expiry -->", "<!-- dark-factory spec link -->"
AGAIN = (marker("failed", "run-2"), "Failed again.")
DONE = (marker("passed", "run-3"), "Passed.")


class Issues:
    """The issues of acme/specs as one job of it keeps them."""

    def __init__(self, double) -> None:
        self.double = double
        job = {"kind": "actions", "repositories": ["acme/specs"]}
        tokens = {
            "talker": job | {"permissions": {"issues": "write"}},
            "reader": job | {"permissions": {"issues": "read", "contents": "write"}},
            "mallory": {"kind": "pat", "login": "mallory", "repositories": None},
        }
        double.control("state", {"tokens": tokens})

    def talk(self, **env: str):
        forge = self.double.forge(**(env or {"GITHUB_TOKEN": "talker"}))
        return forge.conversation("acme/specs")

    def tell(self, text: str = "one", mark: str = MARK, **env: str):
        return self.talk(**env).tell(mark, "Title", text, again=AGAIN)

    def open_by(self, token: str, **body: object) -> int:
        request = urllib.request.Request(
            f"{self.double.url}/repos/acme/specs/issues",
            json.dumps({"title": "x", **body}).encode(),
            {"Authorization": f"Bearer {token}"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return int(json.load(answer)["number"])

    @property
    def all(self) -> dict[str, dict]:
        return self.double.state["issues"].get("acme/specs", {})

    @property
    def comments(self) -> list[str]:
        return [one["body"].partition("\n")[2] for one in self.double.state["comments"]]


@pytest.fixture
def issues(double) -> Issues:
    return Issues(double)


def test_a_matter_has_one_issue_that_is_changed(issues) -> None:
    issues.tell()
    assert issues.comments == [], "who is asked of nothing is told by the issue itself"
    issues.tell("two")
    issues.tell("two")
    (kept,) = issues.all.values()
    assert (kept["body"], kept["labels"], kept["changes"]) == (f"{MARK}\ntwo", [LABEL], 1)
    assert issues.comments == ["Failed again."]
    assert [one["name"] for one in issues.double.state["labels"]["acme/specs"]] == [LABEL]


def test_each_matter_has_its_own(issues) -> None:
    issues.tell()
    issues.tell("two", mark=OTHER)
    assert [one["body"] for one in issues.all.values()] == [f"{MARK}\none", f"{OTHER}\ntwo"]


def test_it_is_closed_with_a_word_and_opened_again(issues) -> None:
    assert issues.talk().end(MARK, DONE) is None
    issues.tell()
    assert issues.talk().end(MARK, DONE).number == 1
    assert issues.talk().end(MARK, DONE) is None, "closed once, told once"
    assert issues.all["1"]["state"] == "closed"
    issues.tell()
    assert issues.all["1"]["state"] == "open"
    assert issues.comments == ["Passed.", "Failed again."]


@pytest.mark.parametrize(
    "other",
    [
        {"token": "mallory", "labels": [LABEL]},
        {"token": "talker", "labels": []},
        {"token": "talker", "labels": [LABEL], "body": f"quoted\n{MARK}"},
    ],
    ids=["another's", "without the label", "a marker that is quoted"],
)
def test_what_only_looks_like_ours_is_neither_changed_nor_answered(issues, other) -> None:
    issues.double.control("state", {"labels": {"acme/specs": [{"name": LABEL}]}})
    fields = {"body": MARK, **other}
    number = issues.open_by(fields.pop("token"), **fields)
    issues.tell()
    assert set(issues.all) == {"1", "2"} and issues.all["1"]["changes"] == 0
    found = issues.talk().ours(number)
    assert found is None or found.mark != MARK
    assert issues.talk().ours(2).mark == MARK


def test_of_two_the_oldest_is_ours(issues) -> None:
    issues.tell()
    issues.open_by("talker", body=MARK, labels=[LABEL])
    issues.tell("two")
    assert [one["changes"] for one in issues.all.values()] == [1, 0]


def test_it_is_found_behind_many_others_and_pull_requests(issues) -> None:
    commit = issues.double.commit("acme/specs")
    issues.double.control("pulls", {"full_name": "acme/specs", "number": 1, "head": commit})
    issues.double.control("state", {"labels": {"acme/specs": [{"name": LABEL}]}})
    for number in range(105):
        issues.open_by("talker", body=f"<!-- dark-factory spec s{number} -->", labels=[LABEL])
    issues.tell()
    issues.tell("two")
    assert len(issues.all) == 106


@pytest.mark.parametrize("place", ["/issues$", "/labels$"])
def test_an_answer_that_got_lost_doubles_nothing(issues, place) -> None:
    issues.double.fault(method="POST", path=place, status=502, after=True)
    issues.tell()
    assert len(issues.all) == 1


def test_what_is_too_long_is_cut(issues) -> None:
    issues.talk().tell(MARK, "t" * 300, "é" * 70_000, again=AGAIN)
    (kept,) = issues.all.values()
    assert len(kept["title"]) == 256
    assert len(kept["body"].encode()) <= BODY_LIMIT_BYTES and kept["body"].startswith(MARK)


def test_a_repository_without_issues_is_an_error_that_says_so(issues) -> None:
    issues.double.control("state", {"repositories": {"acme/specs": {"has_issues": False}}})
    with pytest.raises(ForgeError, match="switched off") as caught:
        issues.tell()
    assert "settings" in caught.value.mend
    assert issues.talk().end(MARK, DONE) is None and issues.talk().ours(1) is None


def test_without_the_right_it_is_an_error_that_names_it(issues) -> None:
    with pytest.raises(AuthenticationError, match="403") as caught:
        issues.tell(GITHUB_TOKEN="reader")
    assert "`issues: write`" in caught.value.mend
    assert issues.all == {}


def test_a_pull_request_is_no_issue_of_ours(issues) -> None:
    commit = issues.double.commit("acme/specs")
    issues.double.control("pulls", {"full_name": "acme/specs", "number": 1, "head": commit})
    assert issues.talk().ours(1) is None


PEOPLE = {
    "ann": {"permission": "write"},
    "max": {"permission": "write", "role": "maintain"},
    "lea": {"permission": "admin"},
    "tri": {"permission": "read", "role": "triage"},
    "rob": {"permission": "read"},
    "new": {"permission": "write", "id": 999_999},
}


@pytest.mark.parametrize(
    ("login", "may"),
    [("ann", True), ("max", True), ("lea", True), ("tri", False), ("rob", False), ("who", False),
     ("new", False), ("gone", False)],
)  # fmt: skip
def test_who_may_write_is_asked_when_it_matters(issues, login, may) -> None:
    """`new` has the login of somebody who wrote and has given it up; `gone` has no account."""
    person = {"kind": "pat", "login": login, "repositories": None}
    state = {"collaborators": {"acme/specs": PEOPLE}, "gone": ["gone"], "tokens": {"who": person}}
    issues.double.control("state", state)
    issues.tell()
    number = comment(issues, "who", 1, "/factory status")
    one = issues.talk().said(number)
    assert (one.login, one.issue, one.is_person, one.body) == (login, 1, True, "/factory status")
    assert issues.talk().may_write(one) is may


def comment(issues: Issues, token: str, number: int, text: str) -> int:
    request = urllib.request.Request(
        f"{issues.double.url}/repos/acme/specs/issues/{number}/comments",
        json.dumps({"body": text}).encode(),
        {"Authorization": f"Bearer {token}"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return int(json.load(answer)["id"])


def test_a_bot_is_no_person_and_a_deleted_comment_is_none(issues) -> None:
    issues.tell()
    number = comment(issues, "talker", 1, "/factory retry")
    assert not issues.talk().said(number).is_person
    assert issues.talk().said(number + 1) is None


def test_an_answer_is_there_once(issues) -> None:
    issues.tell()
    mark = marker("answer", "17")
    comment(issues, PAT, 1, f"{mark}\nas if")
    assert not issues.talk().has(1, mark)
    issues.talk().answer(1, mark, "yes")
    issues.talk().answer(1, mark, "yes")
    assert issues.talk().has(1, mark) and issues.comments == ["as if", "yes"]


def test_on_one_machine_there_is_nobody_to_speak_with(tmp_path, monkeypatch) -> None:
    from factory.forge.select import select

    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    assert select(env={}).conversation(str(tmp_path)) is None
