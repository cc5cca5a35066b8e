"""The pages of docs/rules as data, and their examples as specs repositories that can be checked.

An example is one or more fences. A path above a fence (`` `context/glossary.yml`: ``) names its
file, `` `specs/x.md` on main: `` a file as the base branch has it; without one it is a spec. Of a
spec an example shows only what matters: front matter lines replace those keys, and sections
replace all from the first to the last section that they name, of a template or of what was shown
of the spec before.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path

from markdown_it import MarkdownIt

from factory import resources
from factory.spec.form import SECTIONS

PAGES = Path(__file__).parents[3] / "docs" / "rules"
TEMPLATES = resources.folder("spec-templates")
FACTORY = """\
version: 1
products:
  shortener: {repository: acme/shortener, subject: {start: serve, port: 8080}}
scenarios: {repository: acme/scenarios}
agents: {builder: {uses: anthropic, model: claude-sonnet-5-5}}
"""
_PATH = re.compile(r"`([^`]+)`( on main)?:")
_SEVERITY = re.compile(r"Severity: (error|warning)\.")
_LABEL = re.compile(r"\*\*([\w ]+):\*\*")
_COMMENT = re.compile(r"`(<!-- gate: allow [^`]* -->|# gate: allow [^`]*)`")
_SECTION = re.compile(r"(?m)^(?=## )")
_KEY = re.compile(r"(?m)^(?=\S)")


@dataclass(frozen=True, kw_only=True)
class Example:
    """Texts by path in a specs repository; `on_main` are those of its base branch."""

    files: dict[str, str] = field(default_factory=dict)
    on_main: dict[str, str] = field(default_factory=dict)

    @property
    def lines(self) -> set[str]:
        """Every line that the page shows, and the first line of a spec."""
        return {line for text in self.files.values() for line in text.split("\n")} | {"---"}


@dataclass(kw_only=True)
class Page:
    """`labels` in bold, in order; `comment` silences the rule, None where nothing does."""

    title: str
    severity: str
    labels: list[str] = field(default_factory=list)
    comment: str | None = None
    before: Example = field(default_factory=Example)
    after: Example = field(default_factory=Example)


def read_page(path: Path) -> Page:
    """Read a page, whose first two blocks are its title and its severity."""
    tokens = [
        one
        for one in MarkdownIt("commonmark").parse(path.read_text("utf-8"))
        if one.type in ("inline", "fence")
    ]
    title, severity = tokens[0].content, _SEVERITY.match(tokens[1].content)
    assert severity, f"{path}: its second block says no severity"
    page = Page(title=title, severity=severity[1])
    named: re.Match[str] | None = None
    for token in tokens[2:]:
        if token.type == "fence":
            example = page.before if page.labels[-1] == "Before" else page.after
            files = example.on_main if named and named[2] else example.files
            files[named[1] if named else ""] = token.content
        elif label := _LABEL.match(token.content):
            page.labels.append(label[1])
            if label[1] == "To silence it":
                comment = _COMMENT.search(token.content)
                page.comment = comment[1] if comment else None
                assert bool(comment) != ("cannot be silenced" in token.content), path
        named = _PATH.fullmatch(token.content)
    return page


def build(folder: Path, example: Example, before: Example | None = None) -> None:
    """Write the specs repository of an example; `before` is the one that it mends.

    A spec is changed by what the base branch, Before and After show of it, in this order; other
    files are there where `example` shows them.
    """
    write(folder, {"factory.yml": FACTORY})
    write(folder, {path: text for path, text in example.files.items() if not _is_spec(path)})
    shown = [
        _specs(files) for one in (before, example) if one for files in (one.on_main, one.files)
    ]
    for path in dict.fromkeys(path for specs in shown for path in specs) or [""]:
        write_spec(folder, path, [specs[path] for specs in shown if path in specs])


def build_on_main(folder: Path, example: Example) -> None:
    """Write what an example has on its base branch."""
    write(folder, {"factory.yml": FACTORY})
    for path, part in example.on_main.items():
        write_spec(folder, path, [part])


def write_spec(folder: Path, path: str, parts: Sequence[str]) -> None:
    """Write a whole spec of these parts, each changed by the next."""
    path = path or "specs/example.md"
    named = merged(template_for(parts), f"---\nid: {Path(path).stem}\n---\n")
    write(folder, {path: reduce(merged, parts, named)})


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write texts by path, with the folders above them."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")


def _specs(files: Mapping[str, str]) -> dict[str, str]:
    return {path: text for path, text in files.items() if _is_spec(path)}


def _is_spec(path: str) -> bool:
    return not path or path.startswith("specs/")


def template_for(parts: Iterable[str]) -> str:
    """The template of the kind whose form the sections keep; a feature where none is kept."""
    names = list(dict.fromkeys(name for part in parts for name in _names(part)))
    kinds = (kind for kind, form in SECTIONS.items() if names == [n for n in form if n in names])
    return (TEMPLATES / f"{next(kinds, 'feature')}.md").read_text("utf-8")


def merged(spec: str, part: str) -> str:
    """A spec with what `part` shows in the place of what it says itself."""
    front, body = _split(spec)
    keys, sections = _split(part)
    for entry in filter(None, _KEY.split(keys)):
        key = entry.partition(":")[0]
        entries = [one for one in _KEY.split(front) if one and one.partition(":")[0] != key]
        front = "".join([*entries, entry])
    head, *have = _SECTION.split(body)
    _, *shown = _SECTION.split(sections)
    if shown:
        names, wanted = _names(body), _names(sections)
        places = [at for at, name in enumerate(names) if name in wanted]
        assert places, f"no section of the template has a name of {wanted}"
        shown[-1] = shown[-1].rstrip() + "\n\n"
        have[places[0] : places[-1] + 1] = shown
    return f"---\n{front}---\n{head}{''.join(have)}"


def _names(body: str) -> list[str]:
    return [one[3:].partition("\n")[0].strip() for one in _SECTION.split(body)[1:]]


def _split(text: str) -> tuple[str, str]:
    """Front matter and body; either may be missing."""
    if not text.startswith("---\n"):
        return "", text
    front, _, body = text[4:].partition("---\n")
    return front, body
