"""What the agent is told: the spec, its surroundings, the rules of the workspace, the feedback."""

from __future__ import annotations

from factory.agents.protocol import WORKSPACE
from factory.records import Product, PublicVerdict

_FAILURES = {
    "build": "it could not be installed",
    "start": "it did not start, or never became ready",
    "timeout": "it took too long",
    "crash": "it crashed",
    "behaviour": "it behaves differently from what the spec asks",
}


def brief(given: str, product: Product) -> str:
    """The first thing an agent reads.

    Args:
        given: the work order's brief: the spec and what is given with it.
        product: what is being built; how it is started and what in it is protected.
    """
    task = _TASK.format(product=product.name, workspace=WORKSPACE)
    return "\n\n".join([task, _rules(product), given.strip()]) + "\n"


_TASK = """\
# Your task

Build what the spec below asks for, in the product `{product}`, whose files are in {workspace}.
You work alone: nobody answers questions. When the spec leaves something open, choose the plainest
reading and say so in the code or its README.

Your work is judged by scenarios that you will not see. They use the product from outside, as its
users do, and cover every numbered requirement of the spec (R rules, E edge cases, C constraints),
the exact statuses, messages and formats it names, and that what worked before still works. So read
each requirement, carry it out in full, and cover it with a test of your own."""


def _rules(product: Product) -> str:
    subject = product.subject
    lines = [
        f"- Work in {WORKSPACE}; only what is left there counts. /tmp is scratch.",
        "- There is no network, and no git history. Use what is installed.",
        "- Leave no process running and no generated files behind.",
    ]
    if subject.install:
        lines.append(f"- It is installed with `{subject.install}`, without network.")
    if subject.start:
        lines.append(
            f"- It is started with `{subject.start}` and must answer GET {subject.ready} on "
            f"127.0.0.1, port {subject.port} (environment PORT), within "
            f"{subject.start_seconds:g} seconds."
        )
    if subject.command:
        lines.append(f"- It is run as the command `{subject.command}`.")
    if product.protected:
        paths = ", ".join(f"`{pattern}`" for pattern in product.protected)
        lines.append(f"- Do not change these protected paths; doing so voids your work: {paths}.")
    lines.append(
        "- When all is done and your tests pass, end by calling the tool `finish` with a short "
        "summary, if you have that tool; otherwise just end."
    )
    return "# The rules of the workspace\n\n" + "\n".join(lines)


def feedback_text(public_verdict: PublicVerdict, *, kept: bool = True) -> str:
    """What the next attempt is told of the verdict: the public verdict's fields and no more.

    `kept` says whether the workspace holds what that attempt left, or begins at the base again.
    """
    lines = [
        f"# Attempt {public_verdict.attempt} was judged: {public_verdict.verdict}",
        f"{WORKSPACE} holds what that attempt left. Go on from there."
        if kept
        else f"{WORKSPACE} holds the product without what that attempt left. Begin anew.",
    ]
    if public_verdict.failure_class:
        lines.append(f"Kind of failure: {_FAILURES[public_verdict.failure_class]}.")
    if public_verdict.requirements_not_met:
        names = ", ".join(public_verdict.requirements_not_met)
        lines.append(f"Requirements of the spec found not met: {names}.")
    if public_verdict.other:
        lines.append("More was not met, which may not be named: go through every requirement.")
    if public_verdict.cause:
        lines.append(f"Cause: {public_verdict.cause}")
    if public_verdict.mend:
        lines.append(f"To mend: {public_verdict.mend}")
    return "\n\n".join(lines) + "\n"
