"""Files in the folder of specs that nobody reads, though their authors surely mean specs."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from factory.spec.finding import Finding

_MARKDOWN = (".md", ".markdown", ".mdown", ".mkdown", ".mkdn", ".mkd", ".mdwn", ".mdtext")
# What else people write a text in.
_TEXTS = (".txt", ".text", ".mdx", ".rst", ".adoc", ".asciidoc", ".org", ".textile", ".rtf", ".doc",
          ".docx", ".odt", ".pages")  # fmt: skip
_OTHER_TEXTS = frozenset(("readme", "license", "licence", "copying", "notice", "codeowners"))


def is_stray(name: str) -> bool:
    """Whether a file, by its bare name, is a text that is not read as a spec."""
    stem, dot, _ = name.rpartition(".")
    if not stem or name.startswith(".") or stem.lower() in _OTHER_TEXTS:
        return False
    return bool(dot) and name.lower().endswith((*_MARKDOWN, *_TEXTS)) and not name.endswith(".md")


def stray_findings(paths: Iterable[str]) -> Iterator[Finding]:
    """What is wrong with each of these."""
    from factory.spec.finding import finding_at

    for path in paths:
        if os.path.islink(path):  # noqa: PTH114 - as the texts that paths are here
            yield finding_at(
                path, "unreadable", "is a link, which nobody follows",
                "put what it leads to in its place, or take it out",
            )  # fmt: skip
            continue
        stem, _, suffix = path.rpartition("/")[2].rpartition(".")
        name = f"`{stem.removesuffix('.md')}.md`"
        markdown = f".{suffix.lower()}" in _MARKDOWN or stem.endswith(".md")
        how = f"rename it to {name}" if markdown else f"write it in Markdown, as {name}"
        yield finding_at(
            path, "unreadable", "is read by nobody: the name of a spec ends in `.md`",
            f"{how}, or move it out of the folder of specs",
        )  # fmt: skip
