"""CODEOWNERS: who owns a path, by the rules that GitHub documents.

https://docs.github.com/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from factory.ports.git.patterns import Patterns

LOCATIONS = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""Where GitHub looks, in its order; the first one that is there counts."""

SIZE_LIMIT_BYTES = 3_000_000
_WORD = re.compile(r"(?:\\.|\\$|[^\s\\])+")
_OWNER = re.compile(r"@[A-Za-z0-9_-]+(?:/[A-Za-z0-9_.-]+)?|[^\s@]+@[^\s@]+")


class CodeOwners:
    """The owners that the text of a CODEOWNERS file names.

    Lines that GitHub takes for invalid are skipped, as it does: a pattern with `!`, `[` or `\\#`,
    an owner that is neither `@user`, `@org/team` nor an e-mail address.
    """

    def __init__(self, text: str) -> None:
        self._lines = list(_parsed(text))

    def of(self, path: str) -> tuple[str, ...]:
        """The owners of `path`, as written; the last line that matches it decides, also with
        nobody."""
        for pattern, patterns, owners in reversed(self._lines):
            # Unlike in .gitignore, `docs/*` does not reach into the folders below.
            flat = pattern.endswith("/*")
            if patterns.decide(path, False) if flat else patterns.covers(path):
                return owners
        return ()


def _parsed(text: str) -> Iterator[tuple[str, Patterns, tuple[str, ...]]]:
    for line in text.splitlines():
        words = _WORD.findall(line)
        at = next((at for at, word in enumerate(words) if word.startswith("#")), len(words))
        if not words[:at]:
            continue
        pattern, *owners = words[:at]
        if pattern.startswith(("!", "\\#")) or re.search(r"[\[\]]", pattern):
            continue
        if not all(_OWNER.fullmatch(owner) for owner in owners):
            continue
        try:
            yield pattern, Patterns([pattern]), tuple(owners)
        except ValueError:
            continue
