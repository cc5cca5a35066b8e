"""Why a verdict is what it is: a closed list of codes, each with the phrases that may be public.

A private `Verdict.reason` is `<code>: <private sentence>`. Only the code is ever read from it
again, and only to look up a phrase written here: no word of a subject or a scenario can pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Code of a private verdict's reason."""

    ALL_PASSED = "all-passed"
    SUBJECT_FAULT = "subject-fault"
    SCENARIOS_FAILED = "scenarios-failed"
    SHOULD_BELOW_THRESHOLD = "should-below-threshold"
    SUBJECT_DIED = "subject-died"
    MISMATCH = "mismatch"
    SUITE_EMPTY = "suite-empty"
    SUITE_STALE = "suite-stale"
    SUITE_INVALID = "suite-invalid"
    UNRECONCILED = "unreconciled"
    FACTORY_FAULT = "factory-fault"
    INCOMPLETE = "incomplete"
    FLAKE = "flake"
    FLAKES = "flakes"
    QUARANTINE = "quarantine"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """What may be said of an inconclusive verdict, and what to do about it.

    `scenarios_read` says that scenarios may have been read before it came to this, so that the
    message could tell something of them and is charged to the leak budget. `part` is what broke
    ("no verdict because of …"), and `who` has to see to it; both are told wherever the cause is.
    """

    cause: str
    mend: str
    part: str = ""
    who: str = "the people who run the factory"
    scenarios_read: bool = True


_SCENARIO_OWNERS = "the owners of the scenario repository"
_SPEC_OWNER = "the owner of the spec"
_BUDGET_OWNERS = "whoever sets the budget"
_AGAIN = "Run the evaluation again from the candidate record."
_OWNERS = "The owners of the scenario repository find the details in the private evidence."
_REPEATABLE = (
    "Make the behaviour repeatable in a new run, mend the scenarios, or put them in quarantine "
    f"with a reason; to draw again is no answer. {_OWNERS}"
)

INCONCLUSIVE: dict[Reason, Phrase] = {
    Reason.MISMATCH: Phrase(
        part="the records",
        cause="The records of this evaluation do not belong together.",
        mend=f"{_AGAIN} Never mix records of different runs or attempts.",
    ),
    Reason.SUITE_EMPTY: Phrase(
        part="the scenarios",
        who=_SCENARIO_OWNERS,
        cause="The scenario repository holds no required scenario for this spec.",
        mend="Write at least one @must scenario in scenarios/<spec-id>/ and run it again.",
    ),
    Reason.SUITE_STALE: Phrase(
        part="the scenarios",
        who=_SCENARIO_OWNERS,
        cause="The scenarios name a requirement that this version of the spec does not have.",
        mend="Bring the scenarios up to the version of the spec and run it again.",
    ),
    Reason.SUITE_INVALID: Phrase(
        part="the scenarios",
        who=_SCENARIO_OWNERS,
        cause="The scenarios cannot be carried out as they are written.",
        mend=f"Mend the scenarios and run it again. {_OWNERS}",
    ),
    Reason.UNRECONCILED: Phrase(
        part="the evaluation",
        cause="The scenarios observed are not the scenarios expected.",
        mend=f"{_AGAIN} {_OWNERS}",
    ),
    Reason.FACTORY_FAULT: Phrase(
        part="the evaluation",
        cause="The evaluation itself failed; this says nothing about the candidate.",
        mend=f"{_AGAIN} {_OWNERS}",
    ),
    Reason.INCOMPLETE: Phrase(
        part="the evaluation",
        cause="The evaluation did not come to its end.",
        mend=f"{_AGAIN} {_OWNERS}",
    ),
    # One or more: a count of scenarios would tell more of the suite than a reader needs.
    Reason.FLAKE: Phrase(
        part="what cannot be repeated",
        who=_SCENARIO_OWNERS,
        cause="One scenario did not answer the same twice, for the same candidate.",
        mend=_REPEATABLE,
    ),
    Reason.FLAKES: Phrase(
        part="what cannot be repeated",
        who=_SCENARIO_OWNERS,
        cause="Several scenarios did not answer the same twice, for the same candidate.",
        mend=_REPEATABLE,
    ),
    Reason.QUARANTINE: Phrase(
        part="the quarantine",
        who=_SCENARIO_OWNERS,
        cause="A requirement is left to scenarios in quarantine alone.",
        mend=f"Mend these scenarios, or write others, and run it again. {_OWNERS}",
    ),
    Reason.UNKNOWN: Phrase(
        part="the evaluation",
        cause="No verdict could be reached.",
        mend=f"{_AGAIN} {_OWNERS}",
    ),
}


class Unavailable(StrEnum):
    """Why an evaluation never came to records that can be judged."""

    KEY_MISSING = "key-missing"
    KEY_REFUSED = "key-refused"
    SCENARIOS_UNREADABLE = "scenarios-unreadable"
    SUITE_INVALID = "suite-invalid"
    SANDBOX_UNAVAILABLE = "sandbox-unavailable"
    EVALUATE_CRASHED = "evaluate-crashed"
    EVIDENCE_MISSING = "evidence-missing"
    NOT_BUILT = "not-built"
    GUARD_REFUSED = "guard-refused"
    OVER_BUDGET = "over-budget"
    SPEC_OVER_BUDGET = "spec-over-budget"
    CONFIGURATION_UNREADABLE = "configuration-unreadable"
    NOTHING_TO_JUDGE = "nothing-to-judge"
    COMMIT_UNREADABLE = "commit-unreadable"
    CUT_SHORT = "cut-short"
    LEDGER_UNWRITABLE = "ledger-unwritable"


WITHOUT_CANDIDATE = (
    Unavailable.NOT_BUILT,
    Unavailable.GUARD_REFUSED,
    Unavailable.OVER_BUDGET,
    Unavailable.SPEC_OVER_BUDGET,
)


_KEY_PLACE = "secret FACTORY_SCENARIOS_KEY of the environment that the evaluate job names"

UNAVAILABLE: dict[Unavailable, Phrase] = {
    Unavailable.KEY_MISSING: Phrase(
        part="the deploy key",
        cause="There is no deploy key for the scenario repository.",
        mend=(
            "Add a read-only deploy key to the scenario repository, "
            f"and its private half as {_KEY_PLACE}."
        ),
        scenarios_read=False,
    ),
    Unavailable.KEY_REFUSED: Phrase(
        part="the deploy key",
        cause="The scenario repository could not be read with the deploy key.",
        mend=(
            "Check that the public half of the key is a deploy key of the scenario repository, "
            f"and its private half the {_KEY_PLACE}."
        ),
        scenarios_read=False,
    ),
    Unavailable.SCENARIOS_UNREADABLE: Phrase(
        part="the scenario repository",
        cause="The scenario repository, or the ref asked for, could not be read.",
        mend="Check `scenarios` in factory.yml: its repository, its ref and who may read it.",
        scenarios_read=False,
    ),
    # Charged to the leak budget: it tells of files that nobody but their owners has read.
    Unavailable.SUITE_INVALID: Phrase(
        part="the scenarios",
        who=_SCENARIO_OWNERS,
        cause=(
            "The scenarios have errors or answer another version of the spec, "
            "so none of them was run."
        ),
        mend=(
            "Run `scenario-runner inventory` on the scenario repository, mend what it names, "
            "then run the evaluation again."
        ),
    ),
    Unavailable.SANDBOX_UNAVAILABLE: Phrase(
        part="the sandbox",
        cause="No sandbox that holds could be started, so nothing was run.",
        mend="Run `factory doctor` on the machine that evaluates and install what it names.",
        scenarios_read=False,
    ),
    Unavailable.EVALUATE_CRASHED: Phrase(
        part="the evaluation",
        cause="The evaluation ended before there was anything to judge.",
        mend=(
            "Run the job again. Where the scenarios may be seen, `factory evaluate` and "
            "`factory judge` say what went wrong."
        ),
    ),
    Unavailable.EVIDENCE_MISSING: Phrase(
        part="the evaluation",
        cause="The verdict of the evaluation is missing or cannot be read.",
        mend="Read the log of the evaluate job, then run it again.",
    ),
    Unavailable.NOT_BUILT: Phrase(
        part="the build",
        cause="No candidate was built, so there was nothing to evaluate.",
        mend="Read the logs of the build and hold jobs, then run the one that failed again.",
        scenarios_read=False,
    ),
    Unavailable.OVER_BUDGET: Phrase(
        part="the budget",
        who=_BUDGET_OWNERS,
        cause="The budget of the day or of the factory leaves nothing, so nothing was built.",
        mend=(
            "The spec is planned again by itself once that changes. The log of the reserve job "
            "says which limit and when; to go on before, raise `budget` in factory.yml."
        ),
        scenarios_read=False,
    ),
    Unavailable.SPEC_OVER_BUDGET: Phrase(
        part="the budget",
        who=_BUDGET_OWNERS,
        cause="The budget of this spec leaves nothing, so nothing was built.",
        mend=(
            "Read the log of the reserve job, which says how much was used. Raise `budget` in "
            "factory.yml, then plan the spec again by its name."
        ),
        scenarios_read=False,
    ),
    Unavailable.GUARD_REFUSED: Phrase(
        part="what the agent left",
        who=_SPEC_OWNER,
        cause=(
            "What the agent left was refused: it changes nothing, or holds or changes "
            "something that must never enter the product."
        ),
        mend=(
            "Read the log of the hold job, which names it. Mend the spec, or `protected` in "
            "factory.yml, and start a new run."
        ),
        scenarios_read=False,
    ),
    Unavailable.CONFIGURATION_UNREADABLE: Phrase(
        part="the configuration",
        cause=(
            "factory.yml or a spec could not be read. They are taken from the default branch, "
            "never from the commit that is judged."
        ),
        mend="Run `factory judge` on a clone of the default branch, and mend what it names.",
        scenarios_read=False,
    ),
    Unavailable.NOTHING_TO_JUDGE: Phrase(
        part="the scenarios",
        who=_SCENARIO_OWNERS,
        cause="There is no folder of scenarios for any ready feature spec of this product.",
        mend=(
            "Write scenarios/<spec-id>/*.feature in the scenario repository; the folder has the "
            "id of a spec whose `product` in factory.yml is this repository."
        ),
        scenarios_read=False,
    ),
    Unavailable.COMMIT_UNREADABLE: Phrase(
        part="the commit",
        cause="The commit could not be fetched, or holds what is never written out.",
        mend=(
            "Take submodules, links that lead out of the tree and names like .git out of it; "
            "if there are none, run the job again."
        ),
        scenarios_read=False,
    ),
    Unavailable.CUT_SHORT: Phrase(
        part="the job",
        cause="The job was cancelled, ran out of time or broke off before there was a verdict.",
        mend="Read the log of the job, then run it again.",
        scenarios_read=False,
    ),
    Unavailable.LEDGER_UNWRITABLE: Phrase(
        part="the ledger",
        cause="The verdict could not be entered into the ledger, so it is not told.",
        mend=(
            "Read the log of the verdict job, mend the branch factory/ledger or who may push to "
            "it, then run the job again."
        ),
        scenarios_read=False,
    ),
}

NO_MORE_TO_TELL = Phrase(
    cause="No verdict could be reached, and the leak budget of this spec version is spent.",
    mend=_OWNERS,
)


def code_of(reason: str) -> Reason:
    """The code that a private reason starts with; anything else is `UNKNOWN`."""
    try:
        return Reason(reason.partition(":")[0])
    except ValueError:
        return Reason.UNKNOWN


def phrase_of(cause: str) -> Phrase | None:
    """The phrase whose cause a public verdict tells; None for one of another version of ours."""
    return _BY_CAUSE.get(cause)


_BY_CAUSE = {
    one.cause: one for one in (*INCONCLUSIVE.values(), *UNAVAILABLE.values(), NO_MORE_TO_TELL)
}
