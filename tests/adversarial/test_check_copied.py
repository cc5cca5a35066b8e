"""Another App posts a check of our name and id, word for word: it is neither believed nor changed.

Whoever may let a workflow or an App write checks on the commit can do that before the verdict. If
it were taken for ours, the verdict would never be posted.
"""

from __future__ import annotations

import pytest

from factory.forge.protocol import Annotation, CheckOutput
from tests.contract.conftest import app_key, double, running  # noqa: F401
from tests.contract.github_bench import APP_TOKEN

CHECK, SPEC = "factory / verdict", "link-expiry/"
RUN, OLD = f"{SPEC}20261122t211008-0123abcd-1", f"{SPEC}20261121t000000-0123abcd-1"
PLACE = "acme/shortener"
OUTPUT = CheckOutput(
    title="1 of 1 requirements met",
    summary="s",
    annotations=(
        Annotation(path="file", start_line=1, end_line=1, title="t", message="m", level="failure"),
    ),
)


@pytest.fixture
def commit(double):  # noqa: F811
    write = {"checks": "write"}
    forger = {"kind": "actions", "repositories": [PLACE], "permissions": write}
    tokens = double.state["tokens"] | {"forger": forger}
    double.control("state", {"tokens": tokens})
    return double.commit(PLACE)


def complete(double, token: str, commit: str, output: CheckOutput = OUTPUT, word="success"):  # noqa: F811
    forge = double.forge(FACTORY_TOKEN=token)
    forge.complete_check(PLACE, commit, CHECK, word, output, "", external_id=RUN)


def told(double) -> list[tuple]:  # noqa: F811
    return [
        (one["app"]["slug"], one["external_id"], one["status"], one["conclusion"], one["changes"])
        for one in double.state["check_runs"]
    ]


@pytest.mark.parametrize("output", [OUTPUT, CheckOutput(title="other", summary="other")])
def test_a_copy_of_ours_keeps_ours_from_nothing(double, commit, output):  # noqa: F811
    complete(double, "forger", commit, output)
    theirs = ("github-actions", RUN, "completed", "success", 0)
    assert told(double) == [theirs]
    for _ in range(2):
        complete(double, APP_TOKEN, commit)
    assert told(double) == [theirs, ("acme-factory", RUN, "completed", "success", 0)]


def test_a_newer_copy_does_not_hide_ours(double, commit):  # noqa: F811
    double.forge(FACTORY_TOKEN=APP_TOKEN).begin_check(PLACE, commit, CHECK, "", external_id=RUN)
    complete(double, "forger", commit)
    complete(double, APP_TOKEN, commit, word="failure")
    assert told(double) == [
        ("acme-factory", RUN, "completed", "failure", 1),
        ("github-actions", RUN, "completed", "success", 0),
    ]


def test_what_another_began_is_not_ended_in_our_name(double, commit):  # noqa: F811
    for token in ("forger", APP_TOKEN):
        double.forge(FACTORY_TOKEN=token).begin_check(PLACE, commit, CHECK, "", external_id=OLD)
    double.forge(FACTORY_TOKEN=APP_TOKEN).begin_check(
        PLACE, commit, CHECK, "", external_id=RUN, replaces=SPEC
    )
    assert told(double) == [
        ("github-actions", OLD, "in_progress", None, 0),
        ("acme-factory", OLD, "completed", "action_required", 1),
        ("acme-factory", RUN, "in_progress", None, 0),
    ]
    refused = [one for one in double.state["requests"] if one["method"] == "PATCH"]
    assert len(refused) == 1, "nobody even tries to change what is not ours"
