"""Obvious steps: routes, statuses, fields, command lines and exit codes in a spec's own words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from factory.scenarios.drafting.parts import DraftStep, Keyword, missing
from factory.scenarios.text import HEADER, METHOD

_ROUTE = re.compile(rf"`({METHOD}) (/(?>(?:[^`\s<]|<[^<>`]{{1,60}}>){{0,300}}))`")
_BODY = re.compile(r"\bwith `(\{[^`]{1,1000}\})`")
_CODE = re.compile(r"`([^`]{1,300})`")
_STATUS = re.compile(
    r"\b(?:answer(?:s|ed)?|status|gets?)\b[^.;]{0,60}?(?<![\w.`])([1-5]\d\d)(?!\w|\.\d)"
)
_CODED = re.compile(r"(?<![\w.])[1-5]\d\d `([a-z][a-z0-9_]{2,60})`")
_EXIT = re.compile(r"\bexit(?:s| code(?: is| of)?)?(?: with)?(?: code)? (\d{1,3})(?!\w|\.\d)")
_VALUE = r"(true|false|null|-?\d+(?:\.\d+)?|`\"[^`\"]{0,200}\"`|`[\w-]{1,60}`)"
_FIELD_IS = re.compile(
    rf"`([A-Za-z_][\w.]*)`(?: and `([A-Za-z_][\w.]*)`)? (?:is|are) {_VALUE}(?![\w%])"
)
_JSON = re.compile(r"true|false|null|-?\d+(?:\.\d+)?|\".*\"")
_FIELD_OF = re.compile(r"`([A-Za-z_][\w.]*)` is (a number|a string|a list|an object)\b")
_BOUND = re.compile(r"`([A-Za-z_][\w.]*)` is at (most|least) (-?\d+(?:\.\d+)?)(?![\w%])")
_NO_HEADER = re.compile(r"\bwithout `([A-Z][A-Za-z]*(?:-[A-Z][A-Za-z]*)*)`")
_CONTAINS = re.compile(r"\b(?:the )?(error output|output)( does not)? contains? `([^`]{1,300})`")
_OUTPUT_IS = re.compile(r"\bthe (error output|output) is `([^`]{1,300})`")
_NOTHING = re.compile(r"\b(?:nothing is printed to the output|prints nothing)\b")
_PLACE = re.compile(r"<([^<>]{1,60})>|(?<!\$)\{([A-Za-z_][\w -]{0,60})\}")
_CAPITALS = re.compile(r"(?<![\w$\{-])([A-Z][A-Z_]+|[A-Z]{4}-[A-Z]{2})(?![\w\}-])")
_OPTIONAL = re.compile(r"\s*\[[^\]]*\]")
_WORD = re.compile(r"\w+")
# Words that say nothing beside a step that was found.
_FILLERS = frozenset(
    [
        "a",
        "an",
        "and",
        "answer",
        "answers",
        "are",
        "as",
        "asked",
        "asks",
        "each",
        "for",
        "is",
        "it",
        "its",
        "of",
        "run",
        "runs",
        "sends",
        "sent",
        "so",
        "than",
        "that",
        "the",
        "then",
        "to",
        "which",
        "with",
    ]
)
_REFERENCE = re.compile(r"\$\{([^{}]+)\}")


def acts(says: str, program: str) -> list[DraftStep]:
    """The Whens that stand in some words of a spec: requests and command lines in backticks.

    Where that is not all that the words say, a last step is to be written for the rest.
    """
    found = list(_acts(says, program))
    return _with_rest(
        "When",
        says,
        [(one, step) for one, _, step in found],
        [body for _, body, _ in found if body],
    )


def first_act(says: str, program: str) -> tuple[DraftStep, str] | None:
    """The first When that stands in some words, and the words that it expresses."""
    for one, body, step in _acts(says, program):
        return step, says[one.start() : (body or one).end()]
    return None


_Act = tuple[re.Match[str], re.Match[str] | None, DraftStep]


def _acts(says: str, program: str) -> Iterator[_Act]:
    """Each When with the words of a route or a command line, and those of the request's body."""
    for one in _ROUTE.finditer(says):
        request = f'I send {one[1]} "{_named(one[2])}"'
        body = _BODY.match(says, one.end() + 1)
        if body:
            yield one, body, _step("When", f"{request} with JSON:", says, _json(body[1]))
        else:
            yield one, None, _step("When", request, says)
    for one in _CODE.finditer(says):
        words = one[1].split(" ")
        if program and words[0] == program:
            rest = _OPTIONAL.sub("", _named(_capitals(" ".join(words[1:])))).strip()
            text = f'I run it with "{_quoted(rest)}"' if rest else "I run it with no arguments"
            yield one, None, _step("When", text, says)


def checks(says: str, *, of_http: bool, has_errors: bool, done: str = "") -> list[DraftStep]:
    """The Thens that stand in some words of a spec, with a rest as in `acts`.

    Args:
        says: the words.
        of_http: whether the subject is a service; else it is a command.
        has_errors: whether answers have a field `error`.
        done: what of the words a When expresses already.
    """
    pairs = _of_a_service(says, has_errors) if of_http else _of_a_command(says)
    found = [(one, _step("Then", text, says, block)) for one, text, block in pairs]
    expressed = re.search(re.escape(done), says) if done else None
    return _with_rest("Then", says, found, [expressed] if expressed else [])


def _of_a_service(says: str, has_errors: bool) -> Iterator[tuple[re.Match[str], str, str | None]]:
    for one in _STATUS.finditer(says):
        yield one, f"the response status is {one[1]}", None
    for one in _CODED.finditer(says) if has_errors else ():
        yield one, f'the response JSON at "error" is "{one[1]}"', None
    for one in _FIELD_IS.finditer(says):
        value = one[3].strip("`")
        value = value if _JSON.fullmatch(value) else f'"{value}"'
        for name in one.group(1, 2):
            if name:
                yield one, f'the response JSON at "{name}" is {value}', None
    for one in _FIELD_OF.finditer(says):
        yield one, f'the response JSON at "{one[1]}" is {one[2]}', None
    for one in _BOUND.finditer(says):
        yield one, f'the response JSON at "{one[1]}" is at {one[2]} {one[3]}', None
    for one in HEADER.finditer(says):
        yield one, f'the response header "{one[1]}" is "{_quoted(_named(one[2]))}"', None
    for one in _NO_HEADER.finditer(says):
        yield one, f'the response header "{one[1]}" is absent', None


def _of_a_command(says: str) -> Iterator[tuple[re.Match[str], str, str | None]]:
    for one in _EXIT.finditer(says):
        yield one, f"the exit code is {one[1]}", None
    for one in _CONTAINS.finditer(says):
        verb = f"{one[2]} contain" if one[2] else " contains"
        yield one, f'the {one[1]}{verb} "{_quoted(_named(_capitals(one[3])))}"', None
    for one in _OUTPUT_IS.finditer(says):
        yield one, f"the {one[1]} is:", _named(one[2])
    for one in _NOTHING.finditer(says):
        yield one, "the output is empty", None


def _with_rest(
    keyword: Keyword,
    says: str,
    found: list[tuple[re.Match[str], DraftStep]],
    more: list[re.Match[str]],
) -> list[DraftStep]:
    """The steps, and one to be written where the words say more than they express."""
    steps = list(dict.fromkeys(step for _, step in found))
    left = list(says)
    for one in [*(match for match, _ in found), *more]:
        left[one.start() : one.end()] = " " * (one.end() - one.start())
    rest = [word for word in _WORD.findall("".join(left)) if word.lower() not in _FILLERS]
    if steps and rest:
        steps.append(missing(keyword, "all else of it", says=says))
    return steps


def values(steps: list[DraftStep]) -> list[str]:
    """The names of the values that steps need and no step makes."""
    whole = "\n".join(f"{one.text}\n{one.docstring or ''}" for one in steps)
    return list(dict.fromkeys(_REFERENCE.findall(whole)))


def _step(keyword: Keyword, text: str, says: str, docstring: str | None = None) -> DraftStep:
    return DraftStep(keyword=keyword, text=text, says=says, docstring=docstring)


def _named(text: str) -> str:
    """`<alias>` and `{alias}` as `${alias}`: what has to be put there has a name."""
    return _PLACE.sub(lambda one: _made(one[1] or one[2]), text)


def _made(text: str) -> str:
    name = re.sub(r"\W+", "_", text).strip("_").lower() or "value"
    return f"${{{name}}}"


def _json(text: str) -> str:
    """A body with its places named; as it is where that makes no JSON."""
    named = re.sub(r"<([^<>]{1,60})>", lambda one: _made(one[1]), text)
    named = re.sub(r"(?<=: )([A-Z]+)(?=[,}])", lambda one: _made(one[1]), named)
    try:
        json.loads(_REFERENCE.sub("0", named))
    except ValueError:
        return text
    return named


def _capitals(text: str) -> str:
    """`FILE` as `${file}`: on a command line a word in capitals is put there by who runs it."""
    return _CAPITALS.sub(lambda one: _made(one[1]), text)


def _quoted(text: str) -> str:
    return text.replace('"', '\\"')
