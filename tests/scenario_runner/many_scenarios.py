"""Many short scenarios in one run: what must pass, and what must fail with which words."""

from __future__ import annotations

import textwrap


def feature(cases):
    """A feature file of one scenario a case, each the text of its steps."""
    text = "Feature: F\n"
    for number, steps in enumerate(cases):
        body = textwrap.indent(textwrap.dedent(steps).strip("\n"), "    ")
        text += f"  Scenario: case {number}\n{body}\n"
    return {"many.feature": text}


def messages(ran):
    return {each["name"]: each.get("message", "") for each in ran.private if "name" in each}


def all_pass(suite, run, subject, cases, **more):
    ran = run(suite(feature(cases)), subject=subject, **more)
    assert ran.code == 0, [each.get("message") for each in ran.private] or ran.report["errors"]


def all_fail(suite, run, subject, cases, **more):
    """`cases`: steps, and a part of the message of the step that fails, which is the last."""
    ran = run(suite(feature([steps for steps, _ in cases])), subject=subject, **more)
    assert ran.code == 1, ran.report["errors"]
    failed = [each for each in ran.private if "message" in each]
    assert len(failed) == len(cases)
    for (steps, words), each in zip(cases, failed, strict=True):
        assert words in each["message"], (steps, each["message"])
        outcomes = [step["outcome"] for step in each["steps"]]
        assert outcomes[-1] == "failed", (steps, each["message"])
