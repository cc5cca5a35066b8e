"""`factory new` as a process: what it writes, what it knows by itself, what it refuses."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from factory.spec.document import read_spec
from tests import forked

FACTORY = "version: 1\nproducts:\n{}scenarios: {{repository: ../scenarios}}\n"
PRODUCT = "  {}: {{repository: ../product, subject: {{command: x}}}}\n"


def new(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return forked.run(
        [sys.executable, "-m", "factory.cli", "new", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    """A specs repository with one product and no spec."""
    (tmp_path / "factory.yml").write_text(FACTORY.format(PRODUCT.format("till")), "utf-8")
    return tmp_path


def write(specs: Path, spec_id: str, owner: str, name: str = "") -> None:
    assert new(specs, "feature", spec_id, "--owner", owner).returncode == 0
    if name:
        (specs / "specs" / name).parent.mkdir(exist_ok=True)
        (specs / "specs" / f"{spec_id}.md").rename(specs / "specs" / name)


def test_it_says_where_the_file_is_and_what_to_do(specs: Path) -> None:
    done = new(specs, "feature", "pay-a-bill", "--title", "Pay a bill")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("wrote specs/pay-a-bill.md\nnext:\n  - write your answer ")
    meta = read_spec(specs / "specs" / "pay-a-bill.md").meta
    assert (meta["product"], meta["owner"], meta["status"]) == ("till", "TODO", "draft")


def test_json(specs: Path) -> None:
    done = new(specs.parent, "constraint", "answer-times", "--specs", specs.name, "--json")
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    assert data["path"] == f"{specs.name}/specs/answer-times.md"
    assert (data["id"], data["kind"], data["template"]) == ("answer-times", "constraint", None)
    assert data["next"][1] == f"see what is still open: factory check {specs.name}"


def test_the_owner_whom_all_others_name_is_taken(specs: Path) -> None:
    write(specs, "one-spec", "@acme/till")
    (specs / "specs" / "broken.md").write_text("no spec", "utf-8")
    assert new(specs, "feature", "two-spec").returncode == 0
    assert read_spec(specs / "specs" / "two-spec.md").meta["owner"] == "@acme/till"
    write(specs, "three-spec", "@acme/other")
    assert new(specs, "feature", "four-spec").returncode == 0
    assert read_spec(specs / "specs" / "four-spec.md").meta["owner"] == "TODO"


def test_a_factory_yml_that_leads_nowhere_is_told(specs: Path) -> None:
    (specs / "factory.yml").unlink()
    (specs / "factory.yml").symlink_to("gone.yml")
    done = new(specs, "feature", "pay-a-bill")
    assert done.returncode == 2 and "factory.yml" in done.stderr
    assert not (specs / "specs").exists()


def test_one_product_of_several_must_be_named(specs: Path) -> None:
    products = PRODUCT.format("till") + PRODUCT.format("shop")
    (specs / "factory.yml").write_text(FACTORY.format(products), "utf-8")
    done = new(specs, "feature", "pay-a-bill")
    assert done.returncode == 2 and "--product: till, shop" in done.stderr
    done = new(specs, "feature", "pay-a-bill", "--product", "stall")
    assert done.returncode == 2 and "no product 'stall'" in done.stderr
    assert not (specs / "specs").exists()
    assert new(specs, "feature", "pay-a-bill", "--product", "shop").returncode == 0
    assert read_spec(specs / "specs" / "pay-a-bill.md").meta["product"] == "shop"


def test_a_folder_of_specs_without_configuration_will_do(tmp_path: Path) -> None:
    (tmp_path / "specs").mkdir()
    assert new(tmp_path, "feature", "pay-a-bill").returncode == 0
    assert read_spec(tmp_path / "specs" / "pay-a-bill.md").meta["product"] == "TODO"
    assert new(tmp_path, "feature", "pay-by-card", "--product", "till").returncode == 0
    assert new(tmp_path, "feature", "pay-in-cash", "--product", "No way").returncode == 2


def test_a_team_s_template_wins(specs: Path) -> None:
    (specs / "spec-templates").mkdir()
    text = "---\nid: x\ntitle: x\n---\n\n## Why\n\nBecause.\n"
    (specs / "spec-templates" / "feature.md").write_text(text, "utf-8")
    done = new(specs, "feature", "pay-a-bill", "--title", "Pay")
    assert "from your own spec-templates/feature.md\n" in done.stdout
    written = (specs / "specs" / "pay-a-bill.md").read_text("utf-8")
    assert written.startswith("---\nid: pay-a-bill\ntitle: Pay\nproduct: till\n")
    assert written.endswith("---\n\n## Why\n\nBecause.\n")
    (specs / "spec-templates" / "feature.md").write_text("---\nid: x\n---\n\nno heading\n", "utf-8")
    done = new(specs, "feature", "pay-by-card", "--json")
    assert done.returncode == 2
    error = json.loads(done.stdout)["error"]
    assert (error["path"], error["line"]) == ("spec-templates/feature.md", 3)
    (specs / "spec-templates" / "feature.md").write_text("# Our feature\n\n## Rules\n", "utf-8")
    done = new(specs, "feature", "pay-by-card", "--json")
    assert done.returncode == 2
    error = json.loads(done.stdout)["error"]
    assert error["line"] == 1 and "`kind: feature`" in error["mend"]
    assert "factory new feature" not in error["mend"]
    assert not (specs / "specs" / "pay-by-card.md").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("features", "pay-a-bill"), "is not one of 'feature', 'architecture', 'constraint'"),
        (("feature",), "Missing argument 'ID'"),
        (("feature", "Pay a bill"), "pay-a-bill"),
        (("feature", "readme"), "another id"),
        (("feature", "other-spec"), "the id 'other-spec' is that of specs/deep/other.md"),
        (("feature", "one-spec"), "the id 'one-spec' is that of specs/one-spec.md"),
        (("feature", "pay-a-bill", "--title", "ab"), "3 to 120 characters"),
        (("feature", "pay-a-bill", "--owner", ""), "owner"),
        (("feature", "pay-a-bill", "--specs", "nowhere"), "--specs"),
    ],
)
def test_what_cannot_be_is_exit_2_and_writes_nothing(
    specs: Path, words: tuple[str, ...], said: str
) -> None:
    write(specs, "other-spec", "@acme/till", "deep/other.md")
    write(specs, "one-spec", "@acme/till")
    before = {path: path.read_bytes() for path in specs.rglob("*") if path.is_file()}
    done = new(specs, *words)
    assert done.returncode == 2
    assert said in done.stderr
    assert {path: path.read_bytes() for path in specs.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("link", [False, True])
def test_a_file_that_is_there_is_left_alone(specs: Path, link: bool) -> None:
    (specs / "specs").mkdir()
    path = specs / "specs" / "pay-a-bill.md"
    if link:
        path.symlink_to(specs / "outside")
    else:
        path.write_text("mine", "utf-8")
    done = new(specs, "feature", "pay-a-bill")
    assert done.returncode == 2 and "such a file already" in done.stderr
    assert not (specs / "outside").exists()
    assert link or path.read_text("utf-8") == "mine"


def test_specs_that_lead_elsewhere_are_not_followed(specs: Path) -> None:
    (specs / "elsewhere").mkdir()
    (specs / "specs").symlink_to(specs / "elsewhere")
    assert new(specs, "feature", "pay-a-bill").returncode == 2
    assert list((specs / "elsewhere").iterdir()) == []


def test_a_broken_factory_yml_is_named(specs: Path) -> None:
    (specs / "factory.yml").write_text("version: 1\nproduct: {}\n", "utf-8")
    done = new(specs, "feature", "pay-a-bill")
    assert done.returncode == 2 and "factory.yml:2" in done.stderr
