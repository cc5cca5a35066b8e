"""`factory check`: the shape others parse, exit codes, files left as they were."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from factory import resources
from tests import forked

FEATURE = (resources.folder("spec-templates") / "feature.md").read_text("utf-8")


def check(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return forked.run(
        [sys.executable, "-m", "factory.cli", "check", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "good.md").write_text(FEATURE, encoding="utf-8")
    return tmp_path


def test_without_errors(specs: Path) -> None:
    done = check(specs, "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout) == {"findings": [], "specs": 1}


def test_a_finding_has_the_contract_s_shape(specs: Path) -> None:
    (specs / "specs" / "bad.md").write_text(
        FEATURE.replace("id: shorten-url", "id: Bad"), encoding="utf-8"
    )
    (specs / "specs" / "worse.md").write_bytes(b"\xff")
    done = check(specs, "--json")
    assert done.returncode == 1
    data = json.loads(done.stdout)
    assert data["specs"] == 3
    assert {one["path"] for one in data["findings"]} == {"specs/bad.md", "specs/worse.md"}
    for one in data["findings"]:
        assert set(one) == {"rule", "severity", "path", "line", "column", "message", "mend"}
        assert one["severity"] in ("error", "warning")
        assert one["line"] >= 1 and one["column"] >= 1 and one["mend"]
    assert ("front-matter", 2) in {(one["rule"], one["line"]) for one in data["findings"]}


def test_a_bad_factory_yml_is_exit_2_with_its_line(specs: Path) -> None:
    (specs / "factory.yml").write_text("version: 1\nproduct: {}\n", encoding="utf-8")
    done = check(specs, "--json")
    assert done.returncode == 2
    error = json.loads(done.stdout)["error"]
    assert (error["line"], error["path"]) == (2, "factory.yml")
    assert "products" in error["mend"]


@pytest.mark.parametrize("words", [("nowhere",), ("--nonsense",)])
def test_usage_is_exit_2(specs: Path, words: tuple[str, ...]) -> None:
    assert check(specs, *words).returncode == 2


def test_terminal_escapes_of_a_spec_are_not_printed(specs: Path) -> None:
    (specs / "specs" / "evil.md").write_text(
        FEATURE.replace("stakes: normal", 'stakes: "\\e[31mred\\u202e"'), encoding="utf-8"
    )
    done = check(specs)
    assert done.returncode == 1
    assert "\x1b[31mred" not in done.stdout and "\u202e" not in done.stdout


def test_a_glossary_is_checked_by_itself_and_counted_as_a_file(specs: Path) -> None:
    (specs / "context").mkdir()
    glossary = specs / "context" / "glossary.yml"
    glossary.write_text("terms: []\n", encoding="utf-8")
    done = check(specs, "context/glossary.yml")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (
        0, "1 file checked: 0 errors, 1 warning"
    )  # fmt: skip
    glossary.write_text("terms: link\n", encoding="utf-8")
    done = check(specs, "context", "specs/good.md")
    assert done.returncode == 1
    assert done.stdout.startswith("context/glossary.yml:1:8: error[context-glossary]")
    assert done.stdout.splitlines()[-1] == "1 spec, 1 other file checked: 1 error, 0 warnings"
    done = check(specs, "context", "--format", "github")
    assert "1 file checked: 1 error, 0 warnings" in done.stdout


def test_what_is_no_spec_is_called_so(specs: Path) -> None:
    (specs / "README.md").write_text("# Ours\n", encoding="utf-8")
    done = check(specs, "README.md")
    assert done.returncode == 2
    assert "README.md: is no spec" in done.stderr
