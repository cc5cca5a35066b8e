"""Which repositories `factory doctor --github` is about: from factory.yml, origin and the job."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from factory.cli.github_places import places_of
from factory.errors import ConfigurationError

TEXT = """\
version: 1
products: {{shop: {{{product}subject: {{command: x}}}}}}
scenarios: {{repository: {scenarios}}}
agents: {{a: {{uses: anthropic}}, b: {{uses: codex, model: m, minutes: 5, tokens: 9}}}}
"""


def factory(
    folder: Path, product: str = "repository: acme/shop, ", scenarios: str = "acme/s"
) -> Path:
    (folder / "factory.yml").write_text(TEXT.format(product=product, scenarios=scenarios))
    return folder


@pytest.mark.parametrize("called", ["factory", "factory-attested"])
def test_factory_yml_names_them_and_the_workflow_says_whose_action_it_is(
    tmp_path: Path, called: str
) -> None:
    workflows = factory(tmp_path) / ".github" / "workflows"
    workflows.mkdir(parents=True)
    used = f"jobs: {{a: {{uses: mirror/dark-factory/.github/workflows/{called}.yml@v1}}}}"
    (workflows / "factory.yml").write_text(used)
    found = places_of(tmp_path, "acme/specs", {})
    assert (found.specs, found.scenarios, found.action) == (
        "acme/specs", "acme/s", "mirror/dark-factory",
    )  # fmt: skip
    assert [one.repository for one in found.products] == ["acme/shop"]
    assert found.keys == ("ANTHROPIC_API_KEY", "OPENAI_API_KEY") and not found.alone
    assert found.calls == {"factory"}


@pytest.mark.parametrize(
    ("job", "calls"),
    [
        ("uses: acme/dark-factory/.github/workflows/spec-gate.yml@v1", {"spec-gate"}),
        ("uses: ./.github/workflows/factory.yml", {"factory"}),
        ("steps: [{uses: acme/dark-factory@v1, with: {command: plan}}]", {"factory"}),
        ("steps: [{uses: acme/dark-factory@v1, with: {command: evaluate}}]", {"holdouts"}),
        ("steps: [{uses: acme/dark-factory@v1, with: {command: build}}]", set()),
    ],
)
def test_what_the_workflows_begin_is_read_from_them(tmp_path: Path, job: str, calls: set) -> None:
    workflows = factory(tmp_path) / ".github" / "workflows"
    workflows.mkdir(parents=True)
    (workflows / "any.yaml").write_text(f"jobs: {{a: {{{job}}}}}")
    assert places_of(tmp_path, "acme/specs", {}).calls == calls


@pytest.mark.parametrize("origin", ["https://ghe.example/acme/specs", "git@ghe.example:acme/specs"])
def test_the_specs_repository_is_where_origin_is(tmp_path: Path, origin: str) -> None:
    subprocess.run(["git", "init", "-q", str(factory(tmp_path))], check=True)
    words = ["git", "-C", str(tmp_path), "remote", "add", "origin", f"{origin}.git"]
    subprocess.run(words, check=True)
    env = {"GITHUB_SERVER_URL": "https://ghe.example"}
    assert places_of(tmp_path, None, env).specs == "acme/specs"
    assert places_of(tmp_path, None, {**env, "GITHUB_REPOSITORY": "acme/job"}).specs == "acme/job"
    with pytest.raises(ConfigurationError, match="which repository") as caught:
        places_of(tmp_path, None, {})
    assert "GITHUB_SERVER_URL" in caught.value.mend, "origin is on another server"


def test_a_folder_that_is_not_there_is_called_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="there is no such folder"):
        places_of(tmp_path / "specs", "acme/specs", {})


def test_a_product_that_names_no_repository_is_the_one_of_the_file(tmp_path: Path) -> None:
    found = places_of(factory(tmp_path, product=""), "acme/shop", {})
    assert found.alone and found.products[0].repository == "acme/shop"


@pytest.mark.parametrize("names", [{"scenarios": "../s"}, {"product": "repository: ../p, "}])
def test_what_is_not_on_github_is_not_looked_for_there(tmp_path: Path, names: dict) -> None:
    with pytest.raises(ConfigurationError, match="in a repository on"):
        places_of(factory(tmp_path, **names), "acme/specs", {})
