"""What tests need of a source and of a draft: drafts of a text, and the words of both."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from markdown_it import MarkdownIt

from factory.spec.document import SpecDocument, parse_spec
from factory.spec.importing import Answers, Format, Imported, import_documents

CASES = Path(__file__).resolve().parents[3] / "cases" / "imports"
DOCUMENTS = sorted(
    [
        *(CASES / "spec-kit").glob("*/spec.md"),
        *(CASES / "openspec" / "specs").glob("*/spec.md"),
        *(CASES / "openspec" / "changes").iterdir(),
        *(CASES / "plain").glob("*.md"),
    ]
)
FORM = ["What", "Who", "Inputs", "Outputs", "Rules", "Edge cases", "Evaluation", "Constraints"]
NOTES = "Notes from the source"


def import_one(path: Path) -> Imported:
    [draft], _ = import_documents([path], answers=Answers())
    return draft


def draft_of(text: str, *, name: str = "source.md", format: Format | None = None) -> Imported:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_text(text, encoding="utf-8", newline="")
        [draft], _ = import_documents([path], format=format, answers=Answers())
        return draft


def document(draft: Imported) -> SpecDocument:
    return parse_spec(draft.text, path="draft.md")


def body(draft: Imported) -> str:
    """The draft below its front matter, up to the notes."""
    return draft.text.split("\n---\n", 1)[1]


def section(draft: Imported, name: str) -> str:
    """The text below a heading of our form."""
    return body(draft).split(f"\n## {name}\n", 1)[1].split("\n## ", 1)[0].strip()


def files(path: Path) -> list[Path]:
    """The files that make the draft of this document."""
    return [path] if path.is_file() else [path / "proposal.md", *path.glob("specs/*/spec.md")]


def statements(text: str) -> list[str]:
    """Every heading, paragraph, item and cell of a document, as its reader sees it."""
    found = []
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type == "inline":
            seen = [
                " " if child.type.endswith("break") else child.content
                for child in token.children or ()
                if child.type in ("text", "code_inline", "softbreak", "hardbreak")
                or (child.type == "html_inline" and not child.content.startswith("<!"))
            ]
            found.append("".join(seen))
        elif token.type in ("fence", "code_block"):
            found.append(token.content)
    return found


def words(text: str) -> list[str]:
    """The words of a text in lower case: no punctuation, no marks of Markdown."""
    return re.findall(r"[^\W_]+", text.replace("\\", "").casefold())
