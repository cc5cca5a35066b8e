"""The checks of the context library, one fault at a time, each with its place."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factory import resources
from factory.errors import InputError
from factory.spec.context import check_context, read_context
from factory.spec.finding import Finding

TEMPLATES = resources.folder("spec-templates")
DECISION = "# 1. A title\n\n## Status\n\n{status}\n\n## Context\n\nc\n\n## Decision\n\nd\n\n" \
           "## Consequences\n\ne\n"  # fmt: skip
GOOD = DECISION.format(status="accepted")


def lay_out(root: Path, files: dict[str, str | bytes]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


def found(root: Path, files: dict[str, str | bytes], agents: set[str] | None = None) -> list[str]:
    """Each finding as `rule path:line:column`, an error unless it says otherwise."""
    return [shown(one, root) for one in check_context(lay_out(root, files), agents)]


def shown(one: Finding, root: Path) -> str:
    assert one.message and one.mend
    place = f"{os.path.relpath(one.path, os.path.relpath(root))}:{one.line}:{one.column}"
    return f"{one.rule} {place}" + (" warning" if one.severity == "warning" else "")


def test_the_templates_are_models() -> None:
    assert check_context(TEMPLATES, {"builder"}) == []
    kinds = [one.kind for one in read_context(TEMPLATES, "builder").files]
    assert kinds == ["product", "standards", "glossary", "decision", "agent"]


def test_without_a_library_there_is_nothing_to_say(tmp_path: Path) -> None:
    assert check_context(tmp_path, set()) == []
    assert check_context(tmp_path / "nowhere") == []
    assert read_context(tmp_path, "builder").files == ()


def test_paths_are_those_of_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(tmp_path, {"acme/context/product.md": b"\xff"})
    monkeypatch.chdir(tmp_path)
    for root in (Path("acme"), tmp_path / "acme"):
        assert [one.path for one in check_context(root)] == ["acme/context/product.md"]


@pytest.mark.parametrize("name", ["product.md", "standards.md", "decisions/0001-a.md"])
@pytest.mark.parametrize(
    ("text", "place"),
    [
        (b"# A\n\nb\xffc\n", "3:2"),
        (b"\xef\xbb\xbf\xff", "1:1"),
        ("ä".encode() + b"\xff", "1:2"),
        (b"# A\n\nb\x00", "3:2"),
        (b"x" * 10 * 1024 * 1024, "1:1"),
    ],
)
def test_what_cannot_be_read(tmp_path: Path, name: str, text: bytes, place: str) -> None:
    assert found(tmp_path, {f"context/{name}": text}) == [
        f"context-unreadable context/{name}:{place}"
    ]
    with pytest.raises(InputError) as caught:
        read_context(tmp_path, "builder")
    assert f"{caught.value.line}:{caught.value.column or 1}" == place


@pytest.mark.parametrize(
    "name",
    ["context/product.md", "context/glossary.yml", "context/decisions/0001-a.md", "agents/b.md"],
)
def test_hidden_characters(tmp_path: Path, name: str) -> None:
    text = "# words\n# more \u202e and \u200b words\n# \u2028\n"
    assert found(tmp_path, {name: text}) == [
        f"hidden-character {name}:2:8", f"hidden-character {name}:3:3",
    ]  # fmt: skip


def test_dos_files_and_ordinary_scripts_are_fine(tmp_path: Path) -> None:
    text = "\ufeff# Über\r\n\r\nمی‌خواهم · 👩‍💻\r\n"
    assert found(tmp_path, {"context/product.md": text, "agents/b.md": text}) == []


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("context/product.md", "", "1:1"),
        ("context/product.md", "<!-- x -->\n[//]: # (y)\n", "1:1"),
        ("context/product.md", "Only words.\n", "1:1"),
        ("context/standards.md", "\n\n# Standards\n<!-- x -->\n## More\n", "3:1"),
        ("context/glossary.yml", "# nothing\n", "1:1"),
        ("context/glossary.yml", "terms: []\n", "1:1"),
        ("agents/builder.md", "\n<!-- x -->\n", "1:1"),
    ],
)
def test_what_says_nothing_is_a_warning(tmp_path: Path, name: str, text: str, wanted: str) -> None:
    assert found(tmp_path, {name: text}, {"builder"}) == [f"context-empty {name}:{wanted} warning"]
    files = read_context(tmp_path, "builder").files
    assert [one.path for one in files] == ([name] if "Only" in text or "More" in text else [])


def test_notes_to_an_agent_that_factory_yml_does_not_have(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"agents/Builder.md": "x", "agents/builder.md": "x"}
    assert found(tmp_path, files, {"builder", "second"}) == ["context-agent agents/Builder.md:1:1"]
    assert found(tmp_path, {}, None) == []


@pytest.mark.parametrize(
    ("name", "rule", "mend"),
    [
        ("context/glossary.yaml", "context-glossary", "`glossary.yml`"),
        ("context/Glossary.yml", "context-glossary", "`glossary.yml`"),
        ("context/glossary.md", "context-glossary", "`glossary.yml`"),
        ("context/standard.md", "context-unreadable", "`standards.md`"),
        ("context/Product.md", "context-unreadable", "`product.md`"),
        ("context/roadmap.md", "context-unreadable", "out of"),
        ("context/notes/x.md", "context-unreadable", "out of"),
        ("context/decision/0001-a.md", "context-decision", "`decisions`"),
        ("context/0001-a.md", "context-decision", "decisions/NNNN"),
        ("context/decisions/use-sqlite.md", "context-decision", "decisions/NNNN"),
        ("context/decisions/1-a.md", "context-decision", "decisions/NNNN"),
        ("context/decisions/0001_a.md", "context-decision", "decisions/NNNN"),
        ("context/decisions/0001-a.markdown", "context-decision", "decisions/NNNN"),
        ("context/decisions/0001-a b.md", "context-decision", "decisions/NNNN"),
        ("context/decisions/0001-a\nb.md", "context-decision", "decisions/NNNN"),
        ("context/decisions/2026/0001-a.md", "context-decision", "decisions/NNNN"),
        ("agents/builder.txt", "context-agent", "`builder.md`"),
        ("agents/builder/notes.md", "context-agent", "`builder.md`"),
    ],
)
def test_what_nobody_reads_is_reported(tmp_path: Path, name: str, rule: str, mend: str) -> None:
    (one,) = check_context(lay_out(tmp_path, {name: GOOD}))
    assert (one.rule, one.severity, one.line, one.column) == (rule, "error", 1, 1)
    assert (tmp_path / name).is_relative_to(Path(one.path).resolve())
    assert mend in one.mend
    assert read_context(tmp_path, "builder").files == ()


def test_readmes_and_dot_files_are_nobodys_context(tmp_path: Path) -> None:
    names = (
        "context/README.md",
        "context/.gitkeep",
        "context/decisions/readme.md",
        "agents/README.md",
    )
    assert found(tmp_path, dict.fromkeys(names, b"\xff"), set()) == []


@pytest.mark.parametrize(
    "link", ["context/product.md", "context/decisions/0001-a.md", "agents/builder.md"]
)
def test_links_to_files_are_not_followed(tmp_path: Path, link: str) -> None:
    (tmp_path / link).parent.mkdir(parents=True)
    (tmp_path / link).symlink_to("/etc/passwd")
    assert found(tmp_path, {}, {"builder"}) == [f"context-unreadable {link}:1:1"]
    assert read_context(tmp_path, "builder").files == ()


@pytest.mark.parametrize("link", ["context", "context/decisions", "agents"])
def test_links_to_folders_are_not_followed(tmp_path: Path, link: str) -> None:
    outside = tmp_path / "outside"
    lay_out(outside, {"product.md": "# A\n\nb\n", "0001-a.md": GOOD, "decisions/0001-a.md": GOOD})
    root = tmp_path / "root"
    (root / link).parent.mkdir(parents=True)
    (root / link).symlink_to(outside)
    assert found(root, {}, set()) == [f"context-unreadable {link}:1:1"]
    assert read_context(root, "0001-a").files == ()


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "context/standards.md").mkdir(parents=True)
    os.mkfifo(tmp_path / "context/product.md")
    (tmp_path / "agents").write_text("x")
    assert found(tmp_path, {}) == [
        "context-unreadable agents:1:1",
        "context-unreadable context/product.md:1:1",
        "context-unreadable context/standards.md:1:1",
    ]


WORDS = st.text(alphabet="# -*:<>![]()\n\r\t\x0b\x85\u2028\\\"'&{},?|`termsynoig019", max_size=80)
NAMES = ("context/product.md", "context/glossary.yml", "context/decisions/0001-a.md", "agents/b.md")


@settings(max_examples=150)
@given(
    st.sampled_from(NAMES),
    st.one_of(
        st.binary(max_size=200),
        WORDS.map(str.encode),
        WORDS.map(lambda text: f"terms:\n  - term: a\n    meaning: {text}".encode()),
        WORDS.map(lambda text: DECISION.format(status=text).encode()),
    ),
)
def test_any_bytes_are_answered_with_lines_that_exist(name: str, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = lay_out(Path(folder), {name: data})
        findings = check_context(root, {"b"})
        text = data.decode("utf-8-sig", "replace").replace("\r\n", "\n").split("\n")
        for one in findings:
            assert 1 <= one.line <= len(text), one
            assert 1 <= one.column <= len(text[one.line - 1]) + 1, one
        try:
            files = read_context(root, "b").files
        except InputError as error:
            assert error.line is not None and 1 <= error.line <= len(text)
            assert any(one.severity == "error" for one in findings)
            return
        for file in files:
            file.text.encode()
