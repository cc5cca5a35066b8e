r"""Say a pattern that Python has parsed in RE2's words, with the same meaning.

Python's `\w`, `\d` and `\s` know every script, its `$` stands before a newline at the end as well;
RE2's do neither. Only `\b` is left as RE2 has it: between ASCII words.
"""

from __future__ import annotations

import re
from typing import Any

_CLASSES = {
    "CATEGORY_DIGIT": r"\p{Nd}",
    "CATEGORY_WORD": r"\p{L}\p{N}_",
    "CATEGORY_SPACE": r"\t-\r\x1c-\x1f\x85\p{Z}",
}
_ASCII_CLASSES = {
    "CATEGORY_DIGIT": "0-9",
    "CATEGORY_WORD": "a-zA-Z0-9_",
    "CATEGORY_SPACE": r"\t-\r ",
}
_PLACES = {
    "AT_BEGINNING_STRING": r"\A",
    "AT_END_STRING": r"\z",
    "AT_BOUNDARY": r"\b",
    "AT_NON_BOUNDARY": r"\B",
}
# Referring back to a group is refused by patterns.py, before it comes here.
_NOT_IN_RE2 = {
    "ASSERT": "it looks ahead or back",
    "ASSERT_NOT": "it looks ahead or back",
    "ATOMIC_GROUP": "it holds an atomic group",
    "POSSESSIVE_REPEAT": "it holds a possessive repeat",
}


class NoWords(Exception):
    """RE2 cannot say this; the text ends the sentence that says why."""


def written(parsed: Any, flags: int) -> str:
    """`parsed` is what re._parser gives; `flags` are those of the compiled pattern."""
    return "".join(_one(str(operator), argument, flags) for operator, argument in parsed)


def _one(name: str, argument: Any, flags: int) -> str:
    if name == "LITERAL":
        return _cased(_literal(argument), flags)
    if name == "NOT_LITERAL":
        return _cased(f"[^{_literal(argument)}]", flags)
    if name == "ANY":
        return "(?s:.)" if flags & re.DOTALL else r"[^\n]"
    if name == "IN":
        return _cased(_set(argument, flags), flags)
    if name == "AT":
        return _place(str(argument), flags)
    if name == "BRANCH":
        return "(?:" + "|".join(written(branch, flags) for branch in argument[1]) + ")"
    if name == "SUBPATTERN":
        _number, added, taken, inner = argument
        return f"(?:{written(inner, (flags | added) & ~taken)})"
    if name in ("MAX_REPEAT", "MIN_REPEAT"):
        low, high, inner = argument
        upper = "" if str(high) == "MAXREPEAT" else str(high)
        return f"(?:{written(inner, flags)}){{{low},{upper}}}"
    raise NoWords(_NOT_IN_RE2.get(name, f"{name} is not known"))


def _set(parts: Any, flags: int) -> str:
    classes = _ASCII_CLASSES if flags & re.ASCII else _CLASSES
    negated = bool(parts) and str(parts[0][0]) == "NEGATE"
    inside, beside = "", []
    for operator, argument in parts[1:] if negated else parts:
        kind = str(operator)
        if kind == "LITERAL":
            inside += _literal(argument)
        elif kind == "RANGE":
            inside += f"{_literal(argument[0])}-{_literal(argument[1])}"
        elif "_NOT_" in str(argument):
            beside.append(f"[^{classes[str(argument).replace('_NOT_', '_')]}]")
        else:
            inside += classes[str(argument)]
    if negated and beside:
        raise NoWords(r"it negates a set that holds \W, \D or \S")
    if negated:
        return f"[^{inside}]"
    choices = ([f"[{inside}]"] if inside else []) + beside
    return choices[0] if len(choices) == 1 else f"(?:{'|'.join(choices)})"


def _place(name: str, flags: int) -> str:
    if name == "AT_BEGINNING":
        return "(?m:^)" if flags & re.MULTILINE else r"\A"
    if name == "AT_END":
        return "(?m:$)" if flags & re.MULTILINE else r"(?:\n?\z)"
    return _PLACES[name]


def _literal(code: int) -> str:
    return f"\\x{{{code:x}}}"


def _cased(text: str, flags: int) -> str:
    return f"(?i:{text})" if flags & re.IGNORECASE else text
