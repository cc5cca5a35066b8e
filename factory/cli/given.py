"""What the agent of a spec would be given if the specs in a folder were merged as they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from factory import build
from factory.agents.conversation import most_tokens
from factory.agents.estimate import likely_tokens
from factory.config.factory_file import load_configuration
from factory.errors import UsageError
from factory.plan import product_of, routed
from factory.spec.binding import not_yet_bound
from factory.spec.brief import Part
from factory.spec.context import check_context, read_context
from factory.spec.document import SpecDocument
from factory.spec.finding import Finding
from factory.spec.gather import gather
from factory.spec.library import read_library
from factory.spec.naming import known_ids
from factory.spec.visible import HIDDEN

BOUND = (
    "estimated by Anthropic's 3.5 and 2.5 characters of English a token; at most, here and below: "
    "the bytes of the text as JSON, since a token is at least one byte, which a budget sets aside "
    "before anything is sent (--count MODEL asks the provider)"
)


@dataclass(frozen=True, kw_only=True)
class Counted:
    """One file of a brief with its frame, and its tokens."""

    part: Part
    tokens: int


@dataclass(frozen=True, kw_only=True)
class Given:
    """`text` is the whole of it. Tokens are an upper bound, by the `rule` named, where there is a
    `likely` number beside them, from and to; else they were counted."""

    spec: str
    agent: str
    text: str
    tokens: int
    likely: tuple[int, int] | None
    rule: str
    parts: tuple[Counted, ...]
    notes: tuple[str, ...]

    def to_data(self) -> dict[str, Any]:
        """The shape of `factory context show --json` (stable; fields may be added)."""
        return {
            "spec": self.spec,
            "agent": self.agent,
            "tokens": self.tokens,
            "estimated": self.likely is not None,
            "estimate": self.likely and {"from": self.likely[0], "to": self.likely[1]},
            "rule": self.rule,
            "parts": [
                {
                    "kind": one.part.kind,
                    "path": one.part.path,
                    "digest": one.part.digest,
                    "tokens": one.tokens,
                }
                for one in self.parts
            ],
            "notes": list(self.notes),
            "brief": self.text,
        }


def given(spec_id: str, specs: Path, model: str | None) -> Given:
    """Put together what the build stage would hand to the agent of a feature spec.

    Args:
        spec_id: the spec.
        specs: the folder of the specs repository, as it is.
        model: let the provider count the tokens for this model; None for an estimate.

    Raises:
        UsageError: there is no such spec, or it is not one that is built.
        InputError, ConfigurationError: something in the folder cannot be read.
        AuthenticationError, AgentError: the provider does not count.
    """
    configuration = load_configuration(specs)
    documents = read_library(specs)
    document = _feature(documents, spec_id)
    product = product_of(document, configuration)
    agent = routed(document, configuration)
    brief = gather(document, documents, read_context(specs, agent.name, agent.system), specs)
    text = build.brief(brief.text, product)
    framed = [brief.framed(number) for number in range(1, len(brief.parts) + 1)]
    total, *each = _tokens([text, *framed], model)
    counted = [
        Counted(part=part, tokens=tokens) for part, tokens in zip(brief.parts, each, strict=True)
    ]
    return Given(
        spec=document.id,
        agent=agent.name,
        text=text,
        tokens=total,
        likely=likely_tokens(text) if model is None else None,
        rule=f"counted by the provider for {model}" if model else BOUND,
        parts=tuple(counted),
        notes=(
            *_notes_on_specs(document, documents),
            *_notes(text, check_context(specs, configuration.agents)),
        ),
    )


def _tokens(texts: Sequence[str], model: str | None) -> list[int]:
    if model is None:
        return [most_tokens(one) for one in texts]
    from factory.agents.counting import count_tokens

    return count_tokens(texts, model)


def _feature(documents: Sequence[SpecDocument], spec_id: str) -> SpecDocument:
    found = next((one for one in documents if one.id == spec_id), None)
    if found is None:
        known = [one.id for one in documents if one.meta.get("kind") == "feature"]
        raise UsageError(f"there is no spec {spec_id!r}", mend=known_ids(spec_id, known))
    if found.meta.get("kind") != "feature":
        raise UsageError(
            f"{spec_id} is of kind {found.meta.get('kind')}, which binds others and is not built "
            "by itself",
            mend="name a feature that it binds",
        )
    return found


def _notes_on_specs(document: SpecDocument, library: Sequence[SpecDocument]) -> Iterator[str]:
    status = document.meta.get("status")
    if status != "ready":
        yield f"{document.id} has status {status}: nothing is built from it until it is ready"
    for one in not_yet_bound(document, library):
        yield (
            f"{one.id}, of kind {one.meta['kind']}, has status {one.meta['status']}: it is left "
            f"out until it is ready, and binds {document.id} then"
        )


def _notes(text: str, findings: Sequence[Finding]) -> Iterator[str]:
    errors = [one for one in findings if one.severity == "error"]
    if errors:
        first = errors[0]
        yield (
            f"nothing is built while the context has errors ({len(errors)}); the first: "
            f"{first.path}:{first.line}:{first.column}: {first.message}"
        )
    if HIDDEN.search(text):
        yield "it holds characters that nobody sees, shown as escapes here; the gate refuses them"
