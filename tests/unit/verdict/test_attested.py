"""A verdict that GitHub attested, by a Sigstore of the test's own: real certificates, real logs."""

from __future__ import annotations

import json
import sys
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import pytest
from click.testing import CliRunner
from local_sigstore import LocalSigstore

from factory.cli.main import group
from factory.errors import ConfigurationError, Inconclusive, UsageError
from factory.verdict import attestable, told
from tests.conftest import give_up
from tests.unit.verdict.test_statement import COMMIT, stated

WORKFLOW = "acme/dark-factory/.github/workflows/attest.yml@refs/tags/v1"
WHO = {
    "workflow": f"https://github.com/{WORKFLOW}",
    "source": "https://github.com/acme/specs",
    "ref": "refs/heads/main",
}
SIGNER = ["--signer", WORKFLOW, "--source", "acme/specs"]


@cache
def sigstore() -> LocalSigstore:
    if find_spec("sigstore") is None:
        give_up("needs the library sigstore")
    return LocalSigstore()


def bundle(word: str = "pass", **changes: str) -> dict:
    """An attestation as attest.yml has it made."""
    payload = json.dumps(attestable(stated(verdict=word))).encode()
    return sigstore().bundle(payload, **(WHO | changes))


def verified(folder: Path, text: str, *words: str, root: str | None = None):
    (folder / "bundle").write_text(text)
    (folder / "root.json").write_text(root or sigstore().trusted_root())
    given = ["verify", COMMIT, "--bundle", str(folder / "bundle"),
             "--trusted-root", str(folder / "root.json"), *(words or SIGNER)]  # fmt: skip
    return CliRunner().invoke(group, given, standalone_mode=False)


@pytest.mark.parametrize(("word", "code"), [("pass", 0), ("fail", 1), ("inconclusive", 5)])
def test_what_was_attested_is_read(tmp_path, word, code):
    done = verified(tmp_path, json.dumps(bundle(word), indent=2))
    assert done.return_value == code, done.exception
    assert done.output.splitlines()[0] == f"{COMMIT[:12]}: {word}"


def test_of_several_a_fail_counts_and_what_is_none_does_not_hide_it(tmp_path):
    lines = [json.dumps(one) for one in (bundle(), bundle("inconclusive"))]
    assert verified(tmp_path, "\n".join(lines)).return_value == 0
    lines += ["{}", "", json.dumps(bundle("fail"))]
    assert verified(tmp_path, "\n".join(lines)).return_value == 1


def test_the_subject_is_the_text_of_the_commits_id_and_nothing_else_changes():
    whole, made = stated(), attestable(stated())
    assert made["subject"] == [{
        "name": f"acme/shortener@{COMMIT}",
        "digest": {"sha256": sha256(COMMIT.encode()).hexdigest()},
    }]  # fmt: skip
    assert {**made, "subject": whole["subject"]} == whole
    assert told(made, COMMIT) == "pass"


def test_a_run_elsewhere_than_on_main_has_to_be_asked_for(tmp_path):
    text = json.dumps(bundle(ref="refs/heads/trunk"))
    assert isinstance(verified(tmp_path, text).exception, Inconclusive)
    assert verified(tmp_path, text, *SIGNER, "--source-ref", "refs/heads/trunk").return_value == 0


@pytest.mark.parametrize("words", [
    ["--signer", WORKFLOW],
    ["--source", "acme/specs"],
    ["--signer", "attest.yml", "--source", "acme/specs"],
    [*SIGNER, "--key", __file__],
    [*SIGNER, "--repository", "acme/shortener"],
])  # fmt: skip
def test_without_a_word_on_whose_signature_counts_nothing_is_read(tmp_path, words):
    assert isinstance(verified(tmp_path, "{}", *words).exception, UsageError)


@pytest.mark.parametrize("more", [[], ["--key", __file__, "--source", "acme/specs"]])
def test_checks_and_statements_need_a_key_and_no_signer(more):
    words = ["verify", COMMIT, "--statement", __file__, *more]
    done = CliRunner().invoke(group, words, standalone_mode=False)
    assert isinstance(done.exception, UsageError) and "--key" in done.exception.mend


def test_without_the_library_the_mend_says_how_to_get_it(tmp_path, monkeypatch):
    root = sigstore().trusted_root()
    monkeypatch.setitem(sys.modules, "sigstore", None)
    error = verified(tmp_path, "{}", root=root).exception
    assert isinstance(error, ConfigurationError) and "dark-factory[attestations]" in error.mend


def test_the_roots_of_private_repositories_have_no_log_and_are_for_gh(tmp_path):
    root = json.dumps({**json.loads(sigstore().trusted_root()), "tlogs": [], "ctlogs": []})
    error = verified(tmp_path, json.dumps(bundle()), root=root).exception
    assert isinstance(error, ConfigurationError) and "gh attestation verify" in error.mend


def test_roots_that_cannot_be_fetched_are_no_verdict(tmp_path, monkeypatch):
    sigstore()
    from sigstore.verify import Verifier

    def refuse():
        raise OSError("no network")

    monkeypatch.setattr(Verifier, "production", refuse)
    (tmp_path / "bundle").write_text(json.dumps(bundle()))
    words = ["verify", COMMIT, "--bundle", str(tmp_path / "bundle"), *SIGNER]
    error = CliRunner().invoke(group, words, standalone_mode=False).exception
    assert isinstance(error, Inconclusive) and "--trusted-root" in error.mend
