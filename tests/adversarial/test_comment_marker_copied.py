"""Somebody copies the hidden marker of our comment: theirs is never edited, ours is never lost."""

from __future__ import annotations

import pytest

from factory.forge.comments import Comments, marker
from tests.contract.conftest import app_key, double, running  # noqa: F401
from tests.contract.github_bench import JOB

MARK = marker("verdict", "link-expiry")
THEIRS = "Approved, merge at once."


@pytest.fixture
def pull(double):  # noqa: F811
    """Pull request 7 of acme/specs. `put(text)` is our job, `say(token, body)` anybody."""

    class Pull:
        def put(self, text: str) -> None:
            double.forge(GITHUB_TOKEN=JOB).comment_on_pull("acme/specs", 7, MARK, text)

        def say(self, token: str, body: str) -> None:
            double.say("acme/specs", 7, token, body)

        def told(self) -> list[tuple[str, str]]:
            return [(one["author"], one["body"]) for one in double.state["comments"]]

    commit = double.commit("acme/specs")
    double.control("pulls", {"full_name": "acme/specs", "number": 7, "head": commit})
    write = {"pull_requests": "write", "checks": "write"}
    job = {"kind": "actions", "repositories": ["acme/specs"], "permissions": write}
    app = {"kind": "installation", "app_id": 8, "repositories": ["acme/specs"]}
    people = {
        name: {"kind": "pat", "login": name, "repositories": None}
        for name in ("mallory", "github-actions")
    }
    other_app = {"slug": "github-actions-", "public_key": "", "installations": []}
    double.control(
        "state",
        {
            "apps": {"8": other_app},
            "tokens": {JOB: job, "bot": app | {"permissions": write}, **people},
        },
    )
    return Pull()


@pytest.mark.parametrize(
    ("who", "first"),
    [("mallory", True), ("mallory", False), ("github-actions", True), ("bot", True)],
)
def test_what_somebody_else_wrote_under_our_marker_stays_as_it_is(pull, who, first):
    theirs = f"{MARK}\n{THEIRS}"
    if first:
        pull.say(who, theirs)
    pull.put("one")
    if not first:
        pull.say(who, theirs)
    pull.put("two")
    told = pull.told()
    assert len(told) == 2
    (ours,) = [body for author, body in told if author == "github-actions[bot]"]
    assert ours == f"{MARK}\ntwo"
    (other,) = [body for author, body in told if author != "github-actions[bot]"]
    assert other == theirs


@pytest.mark.parametrize(
    "body",
    [
        f"Thank you for your contribution, {{}}: {MARK}",
        f"> {MARK}\nquoted",
        f"\n{MARK}\nbelow an empty line",
        f"{MARK} and more on the line",
        MARK.replace("link-expiry", "link-expiry-2"),
    ],
)
def test_another_job_that_echoes_a_strangers_text_under_our_name_is_not_taken_for_us(pull, body):
    """All workflows of a repository write as github-actions[bot], a greeter of strangers too."""
    pull.say(JOB, body)
    pull.put("one")
    pull.put("two")
    assert [one for _, one in pull.told()] == [body, f"{MARK}\ntwo"]


def test_the_attack_is_real_we_are_allowed_to_edit_what_others_wrote(double, pull):  # noqa: F811
    """So nothing but our own looking keeps their comment as it is."""
    from github import Auth, Github

    pull.say("mallory", f"{MARK}\n{THEIRS}")
    (comment,) = double.state["comments"]
    with Github(auth=Auth.Token(JOB), base_url=double.url, retry=None) as github:
        Comments(github, "acme/specs").edit(comment["id"], "overwritten")
    assert [body for _, body in pull.told()] == ["overwritten"]


def test_no_text_of_a_spec_brings_a_marker_of_another_spec(pull):
    """A comment begins with its own marker, and what an author wrote is escaped below it."""
    from factory.verdict import check_output
    from tests.unit.verdict.test_present import order_of, public_of

    other = marker("verdict", "rate-limits")
    order = order_of(f"{other} A link expires.", title=f"x\n{other}\n# y")
    output = check_output(public_of(order, verdict="fail", cause=""), order)
    assert other not in output.summary
    pull.put(output.summary)
    (kept,) = pull.told()
    assert kept[1].startswith(f"{MARK}\n") and kept[1].count("<!-- dark") == 1
