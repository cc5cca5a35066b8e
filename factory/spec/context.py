"""The context library: what an agent is told besides the spec, in a fixed order."""

from __future__ import annotations

from pathlib import Path

from factory.errors import InputError
from factory.spec.visible import without_comments

FILES = ("product.md", "standards.md", "glossary.yml")
SIZE_LIMIT_BYTES = 256 * 1024


def read_context(folder: Path) -> list[tuple[str, str]]:
    """(name, text) of each context file that exists: product, standards, glossary, decisions.

    Raises:
        InputError: one is not UTF-8 or longer than 256 KiB.
    """
    root = folder / "context"
    paths = [root / name for name in FILES]
    paths += sorted((root / "decisions").glob("[0-9][0-9][0-9][0-9]-*.md"))
    found = []
    for path in paths:
        if not path.is_file() or path.is_symlink():
            continue
        if path.stat().st_size > SIZE_LIMIT_BYTES:
            raise InputError(f"longer than {SIZE_LIMIT_BYTES} bytes", path=str(path))
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError as error:
            raise InputError("not UTF-8", path=str(path), mend="save it as UTF-8") from error
        found.append((str(path.relative_to(folder)), text))
    return found


def assemble(spec_text: str, context: list[tuple[str, str]]) -> str:
    """The text an agent is given: the spec first, then each context file under its name.

    Of all of it only what a reader of the rendered pages sees: no HTML comments.
    """
    parts = ["# The spec to build\n\n" + without_comments(spec_text).strip()]
    parts += [f"# Context: {name}\n\n{_shown(name, text).strip()}" for name, text in context]
    return "\n\n".join(parts) + "\n"


def _shown(name: str, text: str) -> str:
    return without_comments(text) if name.endswith(".md") else text
