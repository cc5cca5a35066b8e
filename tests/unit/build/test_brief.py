"""What the agent is told."""

from __future__ import annotations

import msgspec
import pytest

from factory.build.brief import brief, feedback_text
from factory.records import Product, PublicVerdict, Subject

VERDICT = PublicVerdict(
    run_id="20261122t211008-0123abcd",
    nonce="f" * 32,
    attempt=1,
    spec_id="greeting",
    spec_version=1,
    spec_digest="sha256:" + "1" * 64,
    candidate="a" * 40,
    suite_digest="hmac-sha256:" + "2" * 64,
    verdict="fail",
)


def test_the_brief_holds_what_is_given_and_the_rules():
    product = Product(
        name="shortener",
        repository="acme/shortener",
        subject=Subject(start="python3 -m shortener", ready="/health", port=8090),
        protected=(".github/**", "CODEOWNERS"),
    )
    text = brief("- R1: It shortens.\n", product)
    for part in ("- R1: It shortens.", "/workspace", "`.github/**`", "`CODEOWNERS`",
                 "`python3 -m shortener`", "/health", "8090", "no network", "finish"):  # fmt: skip
        assert part in text
    assert "acme" not in text


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"requirements_not_met": ("R1", "E2")}, "R1, E2"),
        ({"other": True}, "every requirement"),
        ({"failure_class": "start"}, "did not start"),
        ({"cause": "no scenarios", "verdict": "inconclusive"}, "no scenarios"),
        ({"mend": "fix the suite"}, "fix the suite"),
    ],
)
def test_feedback_tells_what_the_public_verdict_holds(changes, part):
    assert part in feedback_text(msgspec.structs.replace(VERDICT, **changes))
    assert part not in feedback_text(VERDICT)


def test_feedback_holds_no_ids_that_help_nobody():
    text = feedback_text(VERDICT)
    for private in (VERDICT.nonce, VERDICT.suite_digest, VERDICT.spec_digest):
        assert private not in text
