"""What a product is about, in its author's words."""

from __future__ import annotations

from factory.spec.document import SpecDocument


def title_and(document: SpecDocument, *sections: str) -> str:
    """The title of a spec and what these of its sections say, as written, on one line."""
    parts = [str(document.meta.get("title", ""))]
    for name in sections:
        section = document.section(name)
        parts += [block.text for block in section.blocks] if section else []
    return " ".join(parts)
