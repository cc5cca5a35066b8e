"""What a person may call a spec: its id, its title, its owner."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from factory.config.validate import load_schema
from factory.errors import UsageError
from factory.spec.document import FRONT_MATTER_SCHEMA

_CODE_OWNER = re.compile(
    r"@[A-Za-z0-9][A-Za-z0-9_-]*(?:/[A-Za-z0-9_][A-Za-z0-9._-]*)?"
    r"|[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
)
KNOWN_SHOWN = 20


def known_ids(wanted: str, ids: Iterable[str]) -> str:
    """The mend for an id that no spec has: the nearest of `ids`, and some of those there are."""
    known = sorted(set(ids))
    close = difflib.get_close_matches(wanted, known, n=3)
    near = f"did you mean {' or '.join(close)}? " if close else ""
    more = f" and {len(known) - KNOWN_SHOWN} more" if len(known) > KNOWN_SHOWN else ""
    return f"{near}known: {', '.join(known[:KNOWN_SHOWN]) or 'none'}{more}"


def require_id(text: str) -> str:
    """`text`, if it can be the id of a spec; raises UsageError with a suggestion."""
    rule = _rule("id")
    if not re.match(rule["pattern"], text):
        raise UsageError(
            f"no spec can have the id {text!r}",
            mend=f"write {suggested_id(text)}, for instance: {rule['description']}",
        )
    if text == "readme":
        raise UsageError("a file readme.md is taken for no spec", mend="choose another id")
    return text


def require_line(key: str, text: str) -> str:
    """`text` without white space around it, if it can be the front matter's `key`.

    Raises:
        UsageError: it has several lines or hidden characters, or the schema does not take it.
    """
    rule = _rule(key)
    if any(_is_hidden(char) for char in text):
        raise UsageError(
            f"the {key} holds a line end or a character that nobody sees",
            mend="write it as one line of plain text",
        )
    kept = text.strip()
    fits = rule.get("minLength", 0) <= len(kept) <= rule.get("maxLength", len(kept))
    if not fits or not re.match(rule.get("pattern", ""), kept):
        raise UsageError(f"the {key} cannot be {kept!r}", mend=f"write {rule['description']}")
    return kept


def require_code_owner(text: str) -> str:
    """`text`, if a file CODEOWNERS can name it; raises UsageError."""
    if not _CODE_OWNER.fullmatch(text):
        raise UsageError(
            f"{text!r} can own no code", mend="write @user, @organisation/team or an e-mail address"
        )
    return text


def suggested_id(text: str) -> str:
    """The id that the words of `text` make."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = "-".join(re.findall(r"[a-z0-9]+", plain)).lstrip("0123456789-")[:63].rstrip("-")
    return words if len(words) > 1 and words != "readme" else "shorten-url"


def title_of(spec_id: str) -> str:
    """The title that the words of an id make."""
    words = " ".join(spec_id.replace("-", " ").split())
    return words[0].upper() + words[1:] if len(words) > 2 else f"Spec {words}"


def _rule(key: str) -> dict[str, Any]:
    rule: dict[str, Any] = load_schema(FRONT_MATTER_SCHEMA)["properties"][key]
    return rule


def _is_hidden(char: str) -> bool:
    """Controls, and what is not shown but the joiners, which scripts need."""
    return char not in "\u200c\u200d" and unicodedata.category(char) in (
        "Cc",
        "Cf",
        "Cs",
        "Zl",
        "Zp",
    )
