"""`factory judge` on one machine: what it prints, and by which code it ends."""

from __future__ import annotations

import json

import pytest

from factory.cli.main import main
from tests.adversarial.outside_product import RUDE, lay_out


@pytest.fixture
def run(needs, tmp_path, monkeypatch, capsys):
    """`run(*words)`: exit code, stdout and stderr of a run in the product's folder."""
    needs("git", "bwrap")
    for name in ("GITHUB_ACTIONS", "GITHUB_REPOSITORY", "FACTORY_SCENARIOS"):
        monkeypatch.delenv(name, raising=False)
    outside = lay_out(tmp_path)
    outside.push(RUDE)
    monkeypatch.chdir(outside.product)

    def start(*words):
        with pytest.raises(SystemExit) as ended:
            main(["judge", *words])
        told = capsys.readouterr()
        return ended.value.code, told.out, told.err

    return start


def test_it_says_the_verdict_and_keeps_the_evidence(run, tmp_path):
    code, out, _ = run("--commit", "change", "--scenarios", "../scenarios", "--out", "../kept")
    assert code == 1
    assert out.splitlines() == [
        "fail: 1 of 3 requirements not met: not shippable",
        "  greeting version 1: fail: not met: R1",
    ]
    assert (tmp_path / "kept" / "greeting" / "verdict.json").is_file()


@pytest.mark.parametrize(
    ("words", "code", "kind"),
    [
        (["--commit", "gone"], 2, "input"),
        (["--scenarios", "../gone"], 2, "input"),
        (["--base", "gone"], 2, "input"),
        (["unknown"], 3, "nothing"),
        (["--cause", "cut-short"], 2, "usage"),
    ],
)
def test_what_it_cannot_do_ends_by_the_codes_of_every_command(run, words, code, kind):
    found, out, _ = run(*words, "--json")
    assert found == code
    assert json.loads(out)["error"]["code"] == kind
