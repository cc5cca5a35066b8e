"""The local forge: folders and files, the same again the same."""

from __future__ import annotations

import json

import pytest

from factory.errors import ConfigurationError, ForgeError
from factory.forge.local import LocalForge
from factory.forge.protocol import CheckOutput

COMMIT = "c" * 40
OUTPUT = CheckOutput(title="Passed", summary="ü")


def test_a_check_is_begun_completed_and_stays(tmp_path):
    forge = LocalForge(tmp_path / "checks")
    forge.begin_check("/srv/p", COMMIT, "factory / verdict", "", external_id="run-1")
    (path,) = (tmp_path / "checks").iterdir()
    assert path.name == f"{COMMIT}-factory-verdict.json"
    assert json.loads(path.read_text())["status"] == "in_progress"
    words = ("/srv/p", COMMIT, "factory / verdict", "success", OUTPUT, "")
    forge.complete_check(*words, external_id="run-1")
    first = path.read_bytes()
    forge.complete_check(*words, external_id="run-1")
    assert path.read_bytes() == first
    assert json.loads(first) == {
        "name": "factory / verdict",
        "head_sha": COMMIT,
        "status": "completed",
        "repository": "/srv/p",
        "external_id": "run-1",
        "conclusion": "success",
        "title": "Passed",
        "summary": "ü",
        "annotations": [],
    }


def test_a_request_is_kept_once(tmp_path):
    forge = LocalForge(tmp_path)
    forge.request_attempt("/srv/specs", {"attempt": 2})
    forge.request_attempt("/srv/specs", {"attempt": 2})
    forge.request_attempt("/srv/specs", {"attempt": 3})
    kept = [json.loads(path.read_text()) for path in tmp_path.glob("request-*.json")]
    assert sorted(one["attempt"] for one in kept) == [2, 3]


def test_without_a_folder_nothing_is_kept(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    LocalForge(None).complete_check("/srv/p", COMMIT, "x", "success", OUTPUT, "")
    assert list(tmp_path.iterdir()) == []


def test_a_check_that_cannot_be_written_is_an_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ForgeError, match="cannot be written"):
        LocalForge(tmp_path / "file" / "checks").begin_check("/srv/p", COMMIT, "x", "")


def test_addresses(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "product").mkdir()
    forge = LocalForge()
    assert forge.clone_url("product") == forge.clone_url("./product") == str(tmp_path / "product")
    assert forge.clone_url("/srv/p.git") == "/srv/p.git"
    assert forge.clone_url("https://h.example/p.git") == "https://h.example/p.git"
    assert forge.clone_url("git@h.example:a/p.git") == "git@h.example:a/p.git"
    assert forge.git_environment("/srv/p.git") == {}
    with pytest.raises(ConfigurationError, match="no repository 'nowhere'"):
        forge.clone_url("nowhere")
