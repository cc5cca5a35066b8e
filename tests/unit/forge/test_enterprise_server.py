"""On a server of one's own no address, link or host key is github.com's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from factory.cli.wiring import scenario_source
from factory.errors import ConfigurationError
from factory.forge.address import api_url, full_name, server_url
from factory.forge.github import GitHubForge
from factory.forge.settings import Settings
from factory.spec.pages import page, project

ROOT = Path(__file__).parents[3]
OWN = {"GITHUB_SERVER_URL": "https://ghe.example", "GITHUB_API_URL": "https://ghe.example/api/v3"}
KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nbm9uZQ==\n-----END OPENSSH PRIVATE KEY-----"
# An address of GitHub's own in code or workflows; its documentation is named in comments.
ADDRESS = re.compile(r"(?:https?://|ssh://|git@)(?!docs\.)(?:[\w-]+\.)*github\.com")
KINDS = (".py", ".yml", ".yaml", ".md", ".json", ".j2", ".html", ".sh")


def sources():
    for name in ("factory", ".github", "scenario-runner/scenario_runner", "spec-templates"):
        for path in (ROOT / name).rglob("*"):
            if path.suffix in KINDS and path.is_file():
                yield path
    yield from (ROOT / "action.yml", ROOT / "scenario-runner" / "action.yml")


def test_addresses_come_from_the_environment_alone():
    found = {
        str(path.relative_to(ROOT)): ADDRESS.findall(path.read_text("utf-8"))
        for path in sources()
        if ADDRESS.search(path.read_text("utf-8"))
    }
    assert set(found) == {"factory/forge/address.py"}, found
    assert len(found["factory/forge/address.py"]) == 2, "the two that are meant where none is set"


def test_no_workflow_needs_a_reference_that_only_github_com_knows():
    """`$/…` and `job.workflow_*` are not on GitHub Enterprise Server."""
    for path in sources():
        if path.suffix in (".yml", ".yaml"):
            text = path.read_text("utf-8")
            assert not re.search(r"uses:\s*[\"']?\$/", text), path
            assert "job.workflow_" not in text, path


def test_every_address_is_on_the_server_at_hand(monkeypatch):
    for name, value in OWN.items():
        monkeypatch.setenv(name, value)
    assert (server_url(OWN), api_url(OWN)) == tuple(OWN.values())
    assert api_url({"GITHUB_SERVER_URL": "https://ghe.example"}) == OWN["GITHUB_API_URL"]
    assert GitHubForge(OWN).clone_url("a/b") == "https://ghe.example/a/b.git"
    assert Settings(OWN).clone_url("a/b") == "https://ghe.example/a/b.git"
    assert full_name("https://github.com/a/b", OWN["GITHUB_SERVER_URL"]) is None
    assert project() == "https://ghe.example/acme/dark-factory"
    assert page("vague-word").startswith(project())
    assert page("scenario-x").startswith(project())


@pytest.mark.parametrize("text", ["acme/scenarios", "git@ghe.example:acme/scenarios.git"])
def test_its_host_keys_must_be_told(monkeypatch, text):
    """Those of github.com would be offered in silence, and every connection refused."""
    monkeypatch.setenv("GITHUB_SERVER_URL", OWN["GITHUB_SERVER_URL"])
    monkeypatch.setenv("FACTORY_SCENARIOS_KEY", KEY)
    with pytest.raises(ConfigurationError, match=r"ghe\.example") as caught, scenario_source(text):
        pass
    assert "FACTORY_SCENARIOS_KNOWN_HOSTS" in caught.value.mend
    monkeypatch.setenv("FACTORY_SCENARIOS_KEY", KEY)
    with scenario_source("git@github.com:acme/scenarios.git") as source:
        assert source.env["GIT_SSH_COMMAND"], "those of github.com are known"
    monkeypatch.setenv("FACTORY_SCENARIOS_KEY", KEY)
    monkeypatch.setenv("FACTORY_SCENARIOS_KNOWN_HOSTS", "ghe.example ssh-ed25519 AAAAC3Nz")
    with scenario_source(text) as source:
        assert source.url == "git@ghe.example:acme/scenarios.git"


def test_an_empty_server_is_github_com(monkeypatch):
    monkeypatch.setenv("GITHUB_SERVER_URL", "")
    monkeypatch.setenv("FACTORY_SCENARIOS_KEY", KEY)
    with scenario_source("acme/scenarios") as source:
        assert source.url == "git@github.com:acme/scenarios.git"
