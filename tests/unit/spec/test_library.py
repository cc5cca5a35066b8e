"""Which specs are checked when somebody names files and folders."""

from pathlib import Path

import pytest

from factory import resources
from factory.errors import ConfigurationError, InputError
from factory.spec.asked import batches
from factory.spec.gate import check_files, check_paths, check_repository

FEATURE = (resources.folder("spec-templates") / "feature.md").read_text("utf-8")
CONFIGURATION = """version: 1
products: {shortener: {repository: ../product, subject: {command: x}}}
scenarios: {repository: ../scenarios}
"""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "specs-repository"
    (folder / "specs" / "deep").mkdir(parents=True)
    (folder / "factory.yml").write_text(CONFIGURATION)
    one = FEATURE.replace("depends-on: []", "depends-on: [other]")
    (folder / "specs" / "one.md").write_text(one)
    (folder / "specs" / "deep" / "other.md").write_text(
        FEATURE.replace("id: shorten-url", "id: other")
    )
    (folder / "specs" / "README.md").write_text("# no spec\n")
    monkeypatch.chdir(tmp_path)
    return folder


def test_one_file_is_checked_among_all_of_its_repository(repository: Path) -> None:
    findings, count = check_files([repository / "specs" / "one.md"])
    assert (findings, count) == ([], 1)  # `other` is found, though nobody named it.


def test_only_what_was_named_is_told(repository: Path) -> None:
    (repository / "specs" / "deep" / "other.md").write_text("no spec\n")
    findings, _ = check_files([repository / "specs" / "one.md"])
    assert [one.rule for one in findings] == ["dependency"]
    findings, count = check_files([repository])
    assert {one.rule for one in findings} == {"dependency", "unreadable"} and count == 2


def test_files_without_a_repository_are_checked_together(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.md").write_text(FEATURE)
    [batch] = batches([tmp_path])
    assert batch.root is None and len(batch.files) == 2
    findings, _ = check_files([tmp_path])
    assert [one.rule for one in findings if one.rule == "id-twice"]


def test_what_a_lone_file_depends_on_may_well_exist(repository: Path, tmp_path: Path) -> None:
    lone = tmp_path / "one.md"
    lone.write_text((repository / "specs" / "one.md").read_text())
    [found], _ = check_files([lone])
    assert (found.rule, found.severity) == ("dependency", "warning")
    assert found.message == "depends on 'other', which is none of the specs looked at here"
    (repository / "specs" / "deep" / "other.md").unlink()
    [found], _ = check_files([repository / "specs" / "one.md"])
    assert (found.rule, found.severity) == ("dependency", "error")
    assert found.message == "depends on 'other', which does not exist"


def test_context_and_templates_are_no_specs(repository: Path) -> None:
    for folder in ("context", "agents", "spec-templates"):
        (repository / folder).mkdir()
        (repository / folder / "x.md").write_text("# x\n")
    [batch] = batches([repository.parent])
    assert {Path(name).name for name in batch.named} == {"one.md", "other.md"}


@pytest.mark.parametrize("folder", ["context", "agents", ".github", ".drafts"])
def test_below_specs_every_folder_is_of_specs(repository: Path, folder: str) -> None:
    (repository / "specs" / folder).mkdir()
    (repository / "specs" / folder / "x.md").write_text("no spec\n")
    findings, count = check_files([repository])
    assert [(one.rule, Path(one.path).name) for one in findings] == [("unreadable", "x.md")]
    assert count == 3


def test_a_link_that_nobody_follows_is_told(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "x.md").write_text("no spec\n")
    (repository / "specs" / "linked.md").symlink_to(tmp_path / "elsewhere" / "x.md")
    (repository / "specs" / "folder").symlink_to(tmp_path / "elsewhere")
    findings, count = check_files([repository])
    told = {(Path(one.path).name, one.rule, one.message) for one in findings}
    why = ("unreadable", "is a link, which nobody follows")
    assert told == {("linked.md", *why), ("folder", *why)}
    assert count == 2


def test_a_mark_that_leads_nowhere_marks_a_repository_all_the_same(repository: Path) -> None:
    (repository / "factory.yml").unlink()
    (repository / "factory.yml").symlink_to("nowhere.yml")
    with pytest.raises(ConfigurationError):
        check_files([repository / "specs" / "one.md"])


@pytest.mark.parametrize("name", ["nowhere", "nowhere/x.md"])
def test_a_path_that_does_not_exist(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="no such"):
        batches([tmp_path / name])


def test_a_folder_without_specs(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no spec"):
        batches([tmp_path])


@pytest.fixture
def with_context(repository: Path) -> Path:
    """The glossary, an agent's notes and a template are wrong, and so is one of the specs."""
    for folder in ("context", "agents", "spec-templates"):
        (repository / folder).mkdir()
    (repository / "context" / "product.md").write_text("# Links\n\nThey are short.\n")
    (repository / "context" / "glossary.yml").write_text("terms: link\n")
    (repository / "agents" / "nobody.md").write_text("Be kind.\n")
    (repository / "spec-templates" / "feature.md").write_text("no front matter\n")
    (repository / "specs" / "one.md").write_text("no spec\n")
    return repository


GLOSSARY = ("context/glossary.yml", "context-glossary")
NOTES = ("agents/nobody.md", "context-agent")
TEMPLATE = ("spec-templates/feature.md", "template")


@pytest.mark.parametrize(
    ("named", "found", "others"),
    [
        ("context/glossary.yml", [GLOSSARY], 1),
        ("context", [GLOSSARY], 2),
        ("context/product.md", [], 1),
        ("agents", [NOTES], 1),
        ("agents/nobody.md", [NOTES], 1),
        ("spec-templates", [TEMPLATE], 1),
        ("spec-templates/feature.md", [TEMPLATE], 1),
        ("factory.yml", [], 1),
    ],
)
def test_what_surrounds_specs_is_checked_by_itself(
    with_context: Path, named: str, found: list[tuple[str, str]], others: int
) -> None:
    outcome = check_paths([with_context / named])
    here = with_context.name
    assert [(one.path, one.rule) for one in outcome.findings] == [
        (f"{here}/{path}", rule) for path, rule in found
    ]
    assert (outcome.specs, outcome.others) == (0, others)


def test_from_within_the_repository(with_context: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(with_context / "context")
    (one,) = check_paths([Path("glossary.yml")]).findings
    assert one.path == "glossary.yml"
    (one,) = check_paths([Path()]).findings
    assert one.path == "glossary.yml"


def test_specs_and_what_surrounds_them_together(with_context: Path) -> None:
    named = [with_context / "specs" / "deep" / "other.md", with_context / "context"]
    outcome = check_paths(named)
    assert {one.rule for one in outcome.findings} == {"context-glossary", "template"}
    assert (outcome.specs, outcome.others) == (1, 2)


def test_a_file_in_a_folder_that_nobody_looks_into_is_told(with_context: Path) -> None:
    (with_context / "context" / "more").mkdir()
    (with_context / "context" / "more" / "x.md").write_text("# x\n")
    (one,) = check_paths([with_context / "context" / "more" / "x.md"]).findings
    assert (one.rule, one.path) == ("context-unreadable", f"{with_context.name}/context/more")


@pytest.mark.parametrize("name", ["README.md", "specs/README.md", "context/README.md", "x.png",
                                  "LICENSE", "Makefile"])  # fmt: skip
def test_what_the_gate_does_not_read_is_no_spec(with_context: Path, name: str) -> None:
    (with_context / name).write_text("x\n")
    with pytest.raises(InputError, match="is no spec") as caught:
        check_paths([with_context / name])
    assert caught.value.mend


def test_a_folder_named_context_without_specs_beside_it_holds_what_it_holds(
    tmp_path: Path,
) -> None:
    (tmp_path / "context").mkdir()
    (tmp_path / "context" / "x.md").write_text(FEATURE)
    assert check_paths([tmp_path / "context" / "x.md"]) == ([], 1, 0)


@pytest.mark.parametrize(
    ("name", "mend"),
    [
        ("x.MD", "rename it to `x.md`"),
        ("deep/x.markdown", "rename it to `x.md`"),
        ("x.Md", "rename it to `x.md`"),
        ("x.md.txt", "rename it to `x.md`"),
        ("x.txt", "write it in Markdown, as `x.md`"),
        ("x.docx", "write it in Markdown, as `x.md`"),
    ],
)
def test_a_text_in_specs_that_nobody_reads_is_told(repository: Path, name: str, mend: str) -> None:
    (repository / "specs" / name).write_bytes(b"\x00\xff")
    wanted = [("unreadable", f"{repository.name}/specs/{name}", 1)]
    for path in (repository, repository / "specs", repository / "specs" / name):
        outcome = check_paths([path])
        assert [(one.rule, one.path, one.line) for one in outcome.findings] == wanted
        assert outcome.findings[0].mend.startswith(mend)
    assert check_paths([repository / "specs" / "one.md"]).findings == []
    assert check_repository(repository)[1] == 2


@pytest.mark.parametrize(
    "name",
    ["README.txt", "Readme.MD", "LICENSE.txt", ".notes.txt", "a.png", "data.csv", "CODEOWNERS"],
)
def test_what_is_no_text_of_a_spec_may_lie_beside_them(repository: Path, name: str) -> None:
    (repository / "specs" / name).write_text("x\n")
    assert check_files([repository]) == ([], 2)


def test_elsewhere_a_text_may_be_anything(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(FEATURE)
    (tmp_path / "requirements.txt").write_text("x\n")
    assert check_files([tmp_path]) == ([], 1)


def test_a_repository_without_specs_is_checked_for_the_rest(with_context: Path) -> None:
    for path in (with_context / "specs").rglob("*.md"):
        path.unlink()
    wanted = {"context-glossary", "context-agent", "template"}
    assert {one.rule for one in check_paths([with_context]).findings} == wanted
    (with_context / "specs" / "deep").rmdir()
    (with_context / "specs").rmdir()
    assert {one.rule for one in check_paths([with_context]).findings} == wanted
    findings, specs = check_repository(with_context)
    assert ({one.rule for one in findings}, specs) == (wanted, 0)


def test_where_there_is_nothing_to_find_either_there_is_no_spec(repository: Path) -> None:
    for path in (repository / "specs").rglob("*.md"):
        path.unlink()
    with pytest.raises(InputError, match="no spec found"):
        check_paths([repository])
    assert check_repository(repository) == ([], 0)
