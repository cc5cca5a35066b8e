"""The form of each kind of spec: which sections, in which order. A team's own wins over ours."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from factory.errors import InputError
from factory.spec.language.late import late

if TYPE_CHECKING:
    from markdown_it.token import Token

    from factory.spec.document import SpecDocument

FOLDER = "spec-templates"
# Our own, written out so that no run has to parse them; a test compares them with the templates.
SECTIONS = {
    "feature": (
        "What",
        "Who",
        "Inputs",
        "Outputs",
        "Rules",
        "Edge cases",
        "Evaluation",
        "Constraints",
    ),
    "architecture": (
        "What",
        "Who",
        "Components",
        "Seams",
        "Data flow",
        "Never",
        "Targets",
        "Evaluation",
    ),
    "constraint": ("What", "Applies to", "Constraints", "Evaluation"),
}
KINDS = tuple(SECTIONS)
_NAMES = {name.lower(): name for names in SECTIONS.values() for name in names}
_STANDS_FOR = late(rf".*\S\s*\(({'|'.join(_NAMES)})\)", re.IGNORECASE)
_OPTIONAL = late(r"<!--\s*optional\s*-->", re.IGNORECASE)


class FormSection(msgspec.Struct, frozen=True, dict=True):
    """One `##` section of a form; a spec may leave it out where it is not `required`.

    `heading` is as the team's template writes it, "" where that is the name. `texts` are what the
    template says below it, block by block, as `plain_text` gives it; none in a form of ours.
    """

    name: str
    required: bool = True
    heading: str = ""
    texts: tuple[str, ...] = ()

    @property
    def written(self) -> str:
        """The heading that a spec is asked for."""
        return self.heading or self.name

    @cached_property
    def said(self) -> frozenset[str]:
        """The texts, to look one up."""
        return frozenset(self.texts)


class Form(msgspec.Struct, frozen=True):
    """The sections that a spec of this kind has, in their order."""

    kind: str
    sections: tuple[FormSection, ...]


FORMS: Mapping[str, Form] = {
    kind: Form(kind, tuple(map(FormSection, names))) for kind, names in SECTIONS.items()
}


def meaning_of(heading: str) -> str:
    """The section that a heading means: `Acceptance (Evaluation)` is Evaluation, others themselves.

    A team calls its sections as it likes, and whoever reads a spec knows without the template.
    """
    found = _STANDS_FOR.fullmatch(heading) if heading.endswith(")") else None
    return _NAMES[found[1].lower()] if found else heading


def team_template(root: Path, kind: str) -> Path | None:
    """The team's own template for that kind; raises InputError for one that is of no kind."""
    paths = team_templates(root)
    for path in paths:
        _require_kind(path)
    return next((path for path in paths if path.stem == kind), None)


def team_templates(root: Path) -> list[Path]:
    """Every file that a team may mean as a template, by name; raises InputError for the folder."""
    folder = root / FOLDER
    try:
        if not stat.S_ISDIR(folder.lstat().st_mode):  # A link leads out of what was reviewed.
            raise InputError(
                "is no folder", path=str(folder), mend="make it one, with a template for each kind"
            )
        paths = sorted(folder.iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", path=str(folder)) from error
    return [
        path for path in paths if path.suffix.lower() == ".md" and path.stem.lower() != "readme"
    ]


def read_template(path: Path) -> SpecDocument:
    """Read one template.

    Raises:
        InputError: it is of no kind or cannot be read; with file, line and mend.
    """
    _require_kind(path)
    from factory.spec.document import parse_spec
    from factory.spec.text_file import SPEC_LIMIT_BYTES, decode, read_bytes

    shown = str(path)
    text = decode(read_bytes(path, shown, SPEC_LIMIT_BYTES), shown=shown)
    if text.partition("\n")[0].strip() != "---":
        raise _refused(
            path, 1, "a template begins with front matter between two lines of three hyphens",
            f"write `---`, `kind: {path.stem}` and `---` above it, each on a line of its own; "
            "`factory new` adds the other keys",
        )  # fmt: skip
    return parse_spec(text, path=shown)


def form_in(document: SpecDocument) -> Form:
    """The form that a template asks for.

    Raises:
        InputError: it is of another kind than its name says, or says nothing clear.
    """
    path = Path(document.path)
    kind = document.meta.get("kind", path.stem)
    if kind != path.stem:
        line, column = document.front.place(("kind",))
        raise InputError(
            f"the template {path.name} is of the kind {kind!r}",
            path=str(path),
            line=line,
            column=column,
            mend=f"write `kind: {path.stem}`, or give the file the name of its kind",
        )
    from factory.spec.document import plain_text

    sections: dict[str, FormSection] = {}
    for heading, required, line in _sections(document.text, path):
        name = meaning_of(heading)
        if name in sections:
            raise _refused(path, line, f"the section {name!r} stands twice", "remove one of them")
        section = document.section(name)
        texts = tuple(map(plain_text, section.blocks)) if section else ()
        sections[name] = FormSection(
            name, required, heading if heading != name else "", tuple(filter(None, texts))
        )
    if not sections:
        raise _refused(
            path, document.front_end, "the template has no `##` heading, so it asks for nothing",
            "write the sections that a spec needs, or remove the file to use ours",
        )  # fmt: skip
    return Form(path.stem, tuple(sections.values()))


def _require_kind(path: Path) -> None:
    if path.name not in {f"{kind}.md" for kind in KINDS}:
        raise _refused(
            path, 1, "is a template of no kind",
            f"the kinds are {', '.join(KINDS)}; a file has the name of its kind",
        )  # fmt: skip
    if path.is_symlink() or not path.is_file():
        raise _refused(path, 1, "is no plain file", "put the template itself here")


def _sections(text: str, path: Path) -> Iterator[tuple[str, bool, int]]:
    """(heading, required, 1-based line) of each `##` heading."""
    from markdown_it import MarkdownIt

    from factory.spec.visible import body_of

    tokens = MarkdownIt("commonmark").enable("table").parse(body_of(text))
    for index, token in enumerate(tokens):
        if token.type != "heading_open" or token.tag != "h2" or token.level:
            continue
        line = (token.map or [0])[0] + 1
        heading = tokens[index + 1]
        name = heading.content.strip()
        if not name:
            raise _refused(path, line, "a heading without a name", "name the section")
        if any(child.type == "html_inline" for child in heading.children or ()):
            raise _refused(
                path, line, "a comment stands in a heading", "write it on a line of its own below"
            )
        yield name, not _is_optional(tokens, index + 3), line


def _is_optional(tokens: list[Token], start: int) -> bool:
    """Whether one of the comments that stand at `start`, right below a heading, says so."""
    for token in tokens[start:]:
        if token.type != "html_block":
            return False
        if _OPTIONAL.fullmatch(token.content.strip()):
            return True
    return False


def _refused(path: Path, line: int, message: str, mend: str) -> InputError:
    return InputError(message, path=str(path), line=line, column=1, mend=mend)
