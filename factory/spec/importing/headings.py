"""Which section of our form a heading or label of a foreign document means.

Only what a heading says plainly is placed. All else is kept where it stands, or among the notes.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

NOTES = "Notes from the source"

# The first line of each section: names that say no more than the name of our section says.
# The second: names that say more, so that they stay as headings below it.
_NAMES: dict[str, tuple[str, str]] = {
    "What": (
        "what, overview, summary, purpose, description, introduction, abstract, tl;dr, "
        "zusammenfassung, überblick, beschreibung, zweck, einleitung, kurzbeschreibung",
        "why, what changes, background, problem, problem statement, the problem, motivation, "
        "goal, goals, objective, objectives, context, context and goals, vision, key entities, "
        "primary user story, primary user journey, executive summary, business context, entities, "
        "key concepts, hintergrund, ziel, ziele, problemstellung, ausgangslage, motivation",
    ),
    "Who": (
        "who, users, user roles, roles, actors, personas, audience, target users, target audience, "
        "users and roles, nutzer, benutzer, rollen, zielgruppe, zielgruppen, akteure, anwender",
        "stakeholders, user personas, user stories, user stories (prioritized), nutzergruppen",
    ),
    "Inputs": (
        "input, inputs, eingabe, eingaben",
        "parameters, request, input format, valid inputs, invalid inputs, eingabeformat",
    ),
    "Outputs": (
        "output, outputs, ausgabe, ausgaben",
        "response, responses, output format, ausgabeformat, ergebnis",
    ),
    "Rules": (
        "rules, requirement, requirements, functional requirement, functional requirements, "
        "anforderungen, funktionale anforderungen, regeln",
        "business rules, user requirements, system requirements, product requirements, "
        "acceptance rules, essential, must have, must haves, geschäftsregeln, muss",
    ),
    "Edge cases": (
        "edge case, edge cases, randfälle, grenzfälle, sonderfälle",
        "corner cases, error cases, error handling, error scenarios, failure modes, "
        "exceptions, boundary conditions, fehlerfälle, fehlerbehandlung",
    ),
    "Evaluation": (
        "evaluation, acceptance criteria, acceptance scenarios, acceptance tests, scenarios, "
        "akzeptanzkriterien, abnahmekriterien",
        "acceptance criteria and tests, test cases, test scenarios, testfälle",
    ),
    "Constraints": (
        "constraint, constraints, measurable outcomes, einschränkungen, randbedingungen",
        "non functional requirement, non functional requirements, nonfunctional requirements, nfr, "
        "nfrs, success criteria, success metrics, metrics, measures of success, performance, "
        "limits, quality requirements, performance requirements, kpis, erfolgskriterien, "
        "nicht funktionale anforderungen, nichtfunktionale anforderungen, leistung",
    ),
}
# Headings that only hold others.
_SHELLS = ("user scenarios and testing", "user scenarios and tests", "user scenarios")
_GUIDANCE = re.compile(r"(mandatory|required|optional|pflicht|include if .*|if applicable)", re.I)
_NUMBERING = re.compile(r"(\d+(\.\d+)*|[A-Z]|[IVX]+)[.)]\s+|\d+(\.\d+)+\s+")
_LONGEST = 100
_SAME = str.maketrans({"&": "and", "-": " ", "\u2019": "'"})
_IN_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]\s*$")


# Said plainly not to be required now, or not to be about the product.
_NOT_REQUIRED = (
    "nice to have, nice to haves, could have, could haves, won't have, out of scope, "
    "non goals, not in scope, future work, later, assumptions, dependencies, risks, rationale, "
    "notes, clarifications, examples, open items, kann, annahmen, abhängigkeiten, risiken, "
    "nicht ziele, außerhalb des umfangs, anmerkungen"
)
_ASKING = (
    "open questions, open points, open issues, questions, unresolved questions, offene fragen, "
    "offene punkte"
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """A section of our form, or "" for a heading that only holds others.

    `says_more`: the heading holds more than the section's name, so that it must stay, as `shown`.
    `asks`: what stands under it are open questions.
    """

    section: str
    says_more: bool = False
    shown: str = ""
    asks: bool = False


def _table() -> dict[str, Meaning]:
    table = {one: Meaning("") for one in _SHELLS}
    for section, (plain, more) in _NAMES.items():
        table |= {name: Meaning(section, says_more=True) for name in more.split(", ")}
        table |= {name: Meaning(section) for name in plain.split(", ")}
    table |= {name: Meaning(NOTES, says_more=True) for name in _NOT_REQUIRED.split(", ")}
    table |= {name: Meaning(NOTES, says_more=True, asks=True) for name in _ASKING.split(", ")}
    return table


_TABLE = _table()


def meaning_of(title: str) -> Meaning | None:
    """What a heading means, or None where it is not plain."""
    if len(title) > _LONGEST:
        return None
    shown, remark = _without_guidance(title)
    found = _TABLE.get(_plain(shown))
    if found is None:
        return None
    return replace(found, says_more=found.says_more or bool(remark), shown=shown + remark)


def _without_guidance(title: str) -> tuple[str, str]:
    """(the heading, what it says in brackets at its end but a template's guidance)."""
    remark = ""
    while found := _IN_BRACKETS.search(title):
        if not _GUIDANCE.fullmatch(found[1].strip()):
            remark = found[0].rstrip() + remark
        title = title[: found.start()]
    return title, remark


def _plain(title: str) -> str:
    """The heading in lower case, without numbering and ornament."""
    text = "".join(one if _is_word(one) else " " for one in title)
    text = _NUMBERING.sub("", text.strip(), count=1)
    text = text.strip(" :.").casefold().translate(_SAME)
    return " ".join(text.split())


def _is_word(char: str) -> bool:
    """Not an emoji or another ornament."""
    return char in " :.)&-;'\u2019" or unicodedata.category(char)[0] in "LNM"
