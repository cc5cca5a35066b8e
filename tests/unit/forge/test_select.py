"""Which forge answers for which repository, by how it is written."""

from __future__ import annotations

import pytest

from factory.errors import ConfigurationError, ForgeError
from factory.forge.address import api_url, full_name
from factory.forge.github import GitHubForge
from factory.forge.local import LocalForge
from factory.forge.select import select

GITHUB = "https://github.com"
ACTIONS = {"GITHUB_ACTIONS": "true", "GITHUB_TOKEN": "longfake"}


@pytest.mark.parametrize(
    ("repository", "name"),
    [
        ("acme/shortener", "acme/shortener"),
        ("acme/.github", "acme/.github"),
        ("https://github.com/acme/shortener", "acme/shortener"),
        ("https://github.com/acme/shortener.git", "acme/shortener"),
        ("git@github.com:acme/shortener.git", "acme/shortener"),
        ("ssh://git@github.com/acme/shortener.git", "acme/shortener"),
        ("ssh://git@github.com:22/acme/shortener", "acme/shortener"),
        ("https://gitlab.example/acme/shortener", None),
        ("https://github.com.evil.example/acme/shortener", None),
        ("https://github.com/acme", None),
        ("https://github.com/acme/a/b", None),
        ("git@elsewhere.example:acme/shortener.git", None),
        ("acme", None),
        ("acme/..", None),
        ("acme/shortener\n", None),
        ("-o/x", None),
        ("acme/a b", None),
        ("/acme/shortener", None),
    ],
)
def test_what_is_on_github(repository, name):
    assert full_name(repository, GITHUB) == name


def test_the_api_of_a_server():
    assert api_url({}) == "https://api.github.com"
    assert api_url({"GITHUB_SERVER_URL": "https://ghe.example/"}) == "https://ghe.example/api/v3"
    assert api_url({"GITHUB_API_URL": "http://127.0.0.1:9/"}) == "http://127.0.0.1:9"


@pytest.mark.parametrize("env", [{}, ACTIONS])
@pytest.mark.parametrize(
    ("repository", "kind"),
    [
        ("acme/shortener", GitHubForge),
        ("https://github.com/acme/shortener", GitHubForge),
        ("./products/shortener", LocalForge),
        ("/srv/shortener", LocalForge),
        ("~/shortener", LocalForge),
        ("file:///srv/shortener", LocalForge),
        ("https://gitlab.example/acme/shortener.git", LocalForge),
    ],
)
def test_a_repository_finds_its_forge(env, repository, kind):
    assert isinstance(select(env=env).of(repository), kind)


def test_a_folder_here_is_local_but_not_in_a_workflow(tmp_path, monkeypatch):
    (tmp_path / "acme" / "shortener").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert isinstance(select(env={}).of("acme/shortener"), LocalForge)
    assert isinstance(select(env=ACTIONS).of("acme/shortener"), GitHubForge)
    assert select(env={}).clone_url("acme/shortener") == str(tmp_path / "acme" / "shortener")


def test_the_choice_can_be_forced_but_not_for_a_folder():
    forced = select(env={**ACTIONS, "FACTORY_FORGE": "local"})
    assert isinstance(forced.of("acme/shortener"), LocalForge)
    with pytest.raises(ConfigurationError, match="no repository 'acme/shortener' on this machine"):
        forced.clone_url("acme/shortener")
    github = select(env={"FACTORY_FORGE": "github"})
    assert isinstance(github.of("/srv/shortener"), LocalForge)
    with pytest.raises(ConfigurationError, match="FACTORY_FORGE"):
        select(env={"FACTORY_FORGE": "gitlab"})


def test_github_has_addresses_and_headers_for_its_own_only():
    forge = GitHubForge({"GITHUB_TOKEN": "longfake"})
    assert forge.clone_url("acme/shortener") == "https://github.com/acme/shortener.git"
    env = forge.git_environment("acme/shortener")
    assert env["GIT_CONFIG_KEY_0"] == "http.https://github.com/acme/shortener.git.extraHeader"
    assert "longfake" not in str(env), "base64, as the header wants it"
    assert forge.git_environment("git@github.com:acme/shortener.git") == {}
    with pytest.raises(ForgeError, match="not a repository on"):
        forge.request_attempt("https://gitlab.example/a/b", {})
