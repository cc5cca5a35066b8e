"""A good spec in which one line is somebody else's: what the gate finds on it."""

from collections.abc import Mapping
from itertools import takewhile

from factory.spec.document import parse_spec
from factory.spec.gate import check_specs

_FEATURE = {
    "What": "Members of the rowing club reserve a boat for the next morning on its web page.",
    "Who": "The 120 members of the club, each with an account; the boatman.",
    "Inputs": (
        "- Valid: the name of a boat and a day within the next 30 days.\n"
        '- Invalid: another day: "A day within the next 30 days, please."'
    ),
    "Outputs": "- The list of the day: boat, member, hour; one row for each.",
    "Rules": "- R1: A boat that the boatman took off the water is grey in the list.",
    "Edge cases": '- E1: A day without any boat shows "No boat that day."',
    "Evaluation": (
        "- R1: Given a boat off the water, when a member opens the list, then its row is grey.\n"
        '- E1: Given a day without a boat, when a member opens it, then it says "No boat".\n'
        "- C1: Given 120 rows, when a member opens the list, then it appears within 2 seconds."
    ),
    "Constraints": "- C1: The list appears within 2 seconds with 120 rows.",
}
_ARCHITECTURE = {
    "What": "How the boat list and the door of the boat house share one calendar of the club.",
    "Who": "The two people who look after the club's web page.",
    "Components": "- `list` shows the calendar.\n- `door` is the lock of the boat house.",
    "Seams": "- `door` asks `list` with `GET /today`, which answers with names and hours.",
    "Data flow": "1. `list` writes the names to its disk.\n2. `door` reads them at 05:00.",
    "Never": "- `door` never opens for a name that the list of the day does not hold.",
    "Targets": "- `list` answers within 200 ms.",
    "Evaluation": "- Given 100 names, when `door` asks, then the answer arrives within 200 ms.",
}

# Neither a unit nor a measure is missing here.
CLEAR_NUMBERS = [
    "A member younger than 14 needs a parent.",
    "The pH lies between 6.5 and 8.5.",
    "The list shows at most 3 boats, in total 12 seats.",
    "The scale is 1 : 25000.",
    "A player with over 100 wins has a star.",
    "The path goes up by 12 m.",
]


def rules_of(section: str, text: str, *, kind: str = "feature") -> set[str]:
    """The rules that find something where `text` stands as the whole of a section."""
    return _found(kind, {section: text}, section)


def rules_for(sentence: str, section: str = "Rules") -> set[str]:
    """The rules that find something in a sentence, where it stands as a requirement."""
    letter = {"Rules": "R", "Edge cases": "E", "Constraints": "C"}[section]
    return _found("feature", {section: f"- {letter}1: {sentence}"}, section)


def severities(said: str, rule: str, section: str = "Rules") -> set[str]:
    """How bad a rule takes what it finds in a sentence, as a requirement or in another section."""
    text = f"- R1: {said}" if section == "Rules" else said
    found = check_specs([parse_spec(spec_text("feature", {section: text}), path="a.md")])
    return {one.severity for one in found if one.rule == rule}


def spec_text(kind: str, instead: Mapping[str, str], identity: str = "reserve-boat") -> str:
    """A good spec in which these sections say something else."""
    sections = {**(_FEATURE if kind == "feature" else _ARCHITECTURE), **instead}
    return (
        f"---\nid: {identity}\ntitle: Reserve a boat\n"
        f"kind: {kind}\nstatus: ready\nversion: 1\nproduct: club\n"
        'owner: "@club/page"\nstakes: low\n---\n\n'
        + "\n\n".join(f"## {name}\n\n{said}" for name, said in sections.items())
        + "\n"
    )


def _found(kind: str, instead: Mapping[str, str], section: str) -> set[str]:
    text = spec_text(kind, instead)
    lines = text.split("\n")
    first = lines.index(f"## {section}") + 1
    body = takewhile(lambda line: not line.startswith("## "), lines[first:])
    last = first + len(list(body))
    found = check_specs([parse_spec(text, path="example.md")])
    return {one.rule for one in found if first <= one.line <= last}
