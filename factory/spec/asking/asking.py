"""Ask two readings of a model about specs, and warn where they differ or find no answer.

A spec can at worst talk both readers into the same wrong answers, so that warnings are missing:
no reader has a tool that does anything, no answer becomes an error, and the meter stops before
what may be spent is passed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from factory import money
from factory.agents.asking import Opened, asking
from factory.agents.failures import ContextFull, DeadlineReached
from factory.agents.meter import Meter
from factory.agents.model import BACKOFF_SECONDS
from factory.counted import counted
from factory.errors import AgentError, BudgetExceeded
from factory.spec.asking.answers import Answer
from factory.spec.asking.comparing import outcome
from factory.spec.asking.questions import ABOUT, Question, questions
from factory.spec.asking.reading import BATCH, MAX_TOKENS, most_nano, read
from factory.spec.document import SpecDocument
from factory.spec.finding import Finding, finding_in
from factory.spec.visible import cut

LONGEST_SECONDS = 30 * 60.0
SHOWN_CHARACTERS = 80


@dataclass(kw_only=True)
class Asked:
    """What came of asking: warnings, what it cost, and what could not be asked or read."""

    model: str
    usd: float = 0.0
    requests: int = 0
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def to_data(self) -> dict[str, Any]:
        """The field `asked` of `factory check --json`."""
        return {
            "model": self.model,
            "usd": round(self.usd, 6),
            "requests": self.requests,
            "notes": self.notes,
        }


def ask(
    documents: Sequence[SpecDocument],
    *,
    model: str,
    limit_usd: float,
    key: str,
    base_url: str | None = None,
    prices: Mapping[str, Any] | None = None,
    say: Callable[[str], None] = lambda _: None,
    backoff_seconds: float = BACKOFF_SECONDS,
) -> Asked:
    """Let two readers answer the questions about each spec; one after the other, in this order.

    Args:
        documents: specs that could be read.
        model: its name, as the Messages API knows it.
        limit_usd: what may be spent on all of them, at list prices.
        key: of the Messages API.
        base_url: of the Messages API; None for the provider's own.
        prices: of models that the list lacks.
        say: told which spec is being read.
        backoff_seconds: the first wait before a request is sent again.

    Raises:
        ConfigurationError: the model's price is not known, or there is no such model.
        AuthenticationError: there is no key, or it is refused.
    """
    result = Asked(model=model)
    with asking(
        model,
        limit_usd=limit_usd,
        key=key,
        base_url=base_url,
        max_tokens=MAX_TOKENS,
        seconds=LONGEST_SECONDS,
        instead="leave out --ask",
        prices=prices,
        backoff_seconds=backoff_seconds,
    ) as (meter, opened):
        _Asking(opened, meter, result, say).about(documents)
    result.usd, result.requests = meter.spent_usd, meter.requests
    return result


@dataclass
class _Asking:
    opened: Opened
    meter: Meter
    result: Asked
    say: Callable[[str], None]

    def about(self, documents: Sequence[SpecDocument]) -> None:
        too_dear: list[SpecDocument] = []
        for number, document in enumerate(documents, 1):
            self.say(f"{document.path} ({number} of {len(documents)})")
            try:
                self.one(document)
            except BudgetExceeded:
                too_dear.append(document)
            except ContextFull:
                self.note(f"{document.path} is too long for {self.result.model}")
            except (DeadlineReached, AgentError) as error:
                left = ", ".join(one.path for one in documents[number - 1 :])
                self.note(f"asking stopped: {_why(error)}. Not asked to the end: {left}")
                break
        if too_dear:
            self.note(
                f"{self.meter.spent_usd:.4f} USD were spent, and what is left does not pay for "
                f"{counted(len(too_dear), 'spec')}; --ask-usd {self.enough_usd(too_dear):.2f} "
                f"does in any case: {', '.join(one.path for one in too_dear)}"
            )

    def enough_usd(self, left: Sequence[SpecDocument]) -> float:
        """What may have to be spent until these are asked about too, in whole cents."""
        nano = self.meter.spent_nano + sum(
            most_nano(document, batch, self.meter.price)
            for document in left
            for batch in _batches(questions(document))
        )
        return math.ceil(nano * 100 / money.NANO) / 100

    def one(self, document: SpecDocument) -> None:
        asked = questions(document)
        unread = 0
        for batch in _batches(asked):
            first = read(self.opened, document, batch, backwards=False)
            second = read(self.opened, document, batch, backwards=True)
            both = [one for one in batch if one.id in first and one.id in second]
            unread += len(batch) - len(both)
            self.result.findings += [
                finding
                for one in both
                for finding in _compared(document, one, first[one.id], second[one.id])
            ]
        if unread:
            self.note(
                f"{document.path}: the answers to {unread} of {len(asked)} questions "
                "could not be read"
            )

    def note(self, text: str) -> None:
        self.result.notes.append(" ".join(text.split()))


def _batches(asked: Sequence[Question]) -> Iterator[Sequence[Question]]:
    for start in range(0, len(asked), BATCH):
        yield asked[start : start + BATCH]


def _why(error: DeadlineReached | AgentError) -> str:
    if isinstance(error, DeadlineReached):
        return "the time is up"
    return f"{error.message}. Mend: {error.mend}" if error.mend else error.message


def _compared(
    document: SpecDocument, question: Question, first: Answer, second: Answer
) -> Iterator[Finding]:
    came = outcome(question.kind, first, second)
    if came == "same":
        return
    about = ABOUT[question.kind]
    if came == "differs":
        rule = "question-differs"
        message = f"two readings of {question.subject} differ on {about}: "
        message += f"{_shown(first)} / {_shown(second)}"
    else:
        rule = "question-open"
        message = f"two readings of {question.subject} find no answer on {about}"
        guesses = [answer for answer in (first, second) if answer.text]
        if guesses:
            message += f"; assumed: {' / '.join(_quoted(one.text) for one in guesses)}"
    mend = f"say in {question.subject} {about}, so that only one reading is left"
    yield finding_in(
        document,
        rule,
        message,
        mend,
        line=question.line,
        column=question.column,
    )


def _shown(answer: Answer) -> str:
    if answer.stated:
        return _quoted(answer.text)
    return "nothing found" + (f", assumed {_quoted(answer.text)}" if answer.text else "")


def _quoted(text: str) -> str:
    return '"' + cut(text, SHOWN_CHARACTERS).replace('"', "'") + '"'
