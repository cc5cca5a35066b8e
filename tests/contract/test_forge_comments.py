"""Comments on pull requests, against the double of GitHub's API: one of ours, never another's."""

from __future__ import annotations

import pytest

from factory.errors import AuthenticationError, Bug, ForgeError
from factory.forge.comments import BODY_LIMIT_BYTES, marker
from tests.contract.github_bench import PAT

MARK = marker("verdict", "link-expiry")


@pytest.fixture
def pull(double):
    """Pull request 7 of acme/specs, which was merged; `pull.comments()` are its comments."""

    class Pull:
        commit = double.commit("acme/specs")

        def comments(self) -> list[dict]:
            return double.state["comments"]

        def put(self, text: str, mark: str = MARK, **env: str) -> None:
            forge = double.forge(**(env or {"GITHUB_TOKEN": "commenter"}))
            forge.comment_on_pull("acme/specs", 7, mark, text)

        def say(self, token: str, body: str) -> None:
            double.say("acme/specs", 7, token, body)

    made = Pull()
    where = {"full_name": "acme/specs", "number": 7, "head": made.commit, "merged_as": made.commit}
    double.control("pulls", where)
    job = {"kind": "actions", "repositories": ["acme/specs"]}
    tokens = {
        "commenter": job | {"permissions": {"pull_requests": "write"}},
        "reader": job | {"permissions": {"pull_requests": "read"}},
        "mallory": {"kind": "pat", "login": "mallory", "repositories": None},
    }
    double.control("state", {"tokens": tokens})
    return made


def test_the_second_time_it_is_edited_and_the_same_again_changes_nothing(pull):
    pull.put("one")
    pull.put("two")
    pull.put("two")
    (kept,) = pull.comments()
    assert kept["body"] == f"{MARK}\ntwo"
    assert (kept["author"], kept["changes"]) == ("github-actions[bot]", 1)


def test_each_spec_has_a_comment_of_its_own(pull):
    other = marker("verdict", "link")  # Its id is the beginning of the other's.
    pull.put("one")
    pull.put("two", mark=other)
    pull.put("three")
    assert [one["body"] for one in pull.comments()] == [f"{MARK}\nthree", f"{other}\ntwo"]


def test_an_answer_that_got_lost_doubles_no_comment(double, pull):
    double.fault(method="POST", path="/comments$", status=502, after=True)
    pull.put("one")
    assert len(pull.comments()) == 1


def test_it_is_found_behind_many_others(pull):
    for number in range(120):
        pull.say(PAT, f"noise {number}")
    pull.put("one")
    pull.put("two")
    assert [one["body"] for one in pull.comments()[120:]] == [f"{MARK}\ntwo"]


def test_another_identity_has_its_own(pull):
    pull.put("one", FACTORY_TOKEN=PAT)
    pull.put("two")
    assert [one["author"] for one in pull.comments()] == ["ann", "github-actions[bot]"]


def test_what_is_too_long_is_cut(pull):
    pull.put("é" * 70_000)
    (kept,) = pull.comments()
    assert len(kept["body"].encode()) <= BODY_LIMIT_BYTES
    assert kept["body"].endswith("(cut at GitHub's limit)")


def test_without_the_right_it_is_an_error_that_names_it(pull):
    with pytest.raises(AuthenticationError, match="nobody may comment") as caught:
        pull.put("one", GITHUB_TOKEN="reader")
    assert "pull_requests: write" in caught.value.mend
    assert pull.comments() == []


def test_a_locked_conversation_is_an_error(double, pull):
    place = {"full_name": "acme/specs", "number": 7, "head": pull.commit, "locked": True}
    double.control("pulls", place)
    with pytest.raises(AuthenticationError, match="locked"):
        pull.put("one")


def test_a_pull_request_that_is_not_there_is_an_error(double, pull):
    with pytest.raises((ForgeError, AuthenticationError), match="404"):
        double.forge(GITHUB_TOKEN="commenter").comment_on_pull("acme/specs", 8, MARK, "one")


def test_which_pull_request_a_commit_came_with(double, pull):
    ask = double.forge(GITHUB_TOKEN="reader").merged_pull
    assert ask("acme/specs", pull.commit) == 7
    below = {"full_name": "acme/specs", "number": 3, "head": pull.commit, "base": "stack"}
    double.control("pulls", below | {"merged_as": pull.commit})
    assert ask("acme/specs", pull.commit) == 7  # 3 was merged into another branch.
    later = double.commit("acme/specs", "later")
    assert ask("acme/specs", later) is None
    double.control("pulls", {"full_name": "acme/specs", "number": 9, "head": later})
    assert ask("acme/specs", later) is None  # Not merged.


@pytest.mark.parametrize("word", ["a--b", "a--", "link-expiry", "a---b-", "aa"])
def test_any_spec_id_stands_in_a_marker(word):
    assert marker("verdict", word) == f"<!-- dark-factory verdict {word} -->"


@pytest.mark.parametrize("word", ["", "a --> b", "a-->b", "a--!>b", "a\nb", "A", "--", "-a"])
def test_no_word_ends_a_marker(word):
    with pytest.raises(Bug):
        marker("verdict", word)
