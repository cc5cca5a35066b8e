"""What to add to a suite that let a mutant live, in one sentence."""

from __future__ import annotations

from factory.scenarios.strength.escape import Escape

_BY_OPERATOR = {
    "Number": "at the bound itself, and one just beyond it",
    "ReplaceComparison": "where both sides are equal, and one where they differ by the least",
    "AddNot": "where this condition holds, and one where it does not",
    "ReplaceUnaryOperator_Delete_Not": "where this condition holds, and one where it does not",
    "ReplaceAndWithOr": "where only one of the two conditions holds",
    "ReplaceOrWithAnd": "where only one of the two conditions holds",
    "ReplaceBreak": "with more than one item to go through",
    "ReplaceContinue": "with more than one item to go through",
    "ZeroIteration": "with at least one item to go through, and look at what comes of it",
    "Exception": "in which this error happens",
    "RemoveDecorator": "in which it matters what this decorator does",
    "ReplaceTrue": "that tells what this switch does",
    "ReplaceFalse": "that tells what this switch does",
}


def advice(operator: str, escape: Escape) -> str:
    """A sentence on what to write, and for which requirement."""
    ending = next(
        (text for name, text in _BY_OPERATOR.items() if operator.startswith(name)),
        "whose answer depends on this value",
    )
    whole = f"Write a scenario {ending}"
    if escape.at_start:
        return f"{whole}; this line runs when the product starts, so look for what it is for."
    if not escape.requirements:
        return f"{whole}: no scenario depends on this line so far."
    return f"{whole}: those that depend on this line look at something else."
