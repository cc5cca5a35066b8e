"""docs/cli.md says what `--help` says; docs/errors.md knows every error."""

from pathlib import Path

from factory import errors
from factory.cli.reference import rendered

DOCS = Path(__file__).resolve().parents[3] / "docs"


def test_the_page_is_what_the_commands_say() -> None:
    assert (DOCS / "cli.md").read_text("utf-8") == rendered(), "python -m factory.cli.reference"


def test_every_error_code_is_documented() -> None:
    page = (DOCS / "errors.md").read_text("utf-8")
    kinds = [
        one
        for one in vars(errors).values()
        if isinstance(one, type) and issubclass(one, errors.FactoryError)
    ]
    assert len(kinds) > 10
    for kind in kinds:
        assert f"`{kind.code}`" in page, kind


def test_the_readme_s_workflow_is_the_one_of_the_github_page() -> None:
    def first_yaml(path: Path) -> str:
        return path.read_text("utf-8").split("```yaml\n", 1)[1].split("```", 1)[0]

    assert first_yaml(DOCS.parent / "README.md") == first_yaml(DOCS / "github.md")
