"""What the forge does to GitHub, done to a GitHub that others have written (`emulator`)."""

from __future__ import annotations

import socket

import pytest

from factory.errors import AuthenticationError
from factory.forge.calls import Patience
from factory.forge.github import GitHubForge
from factory.forge.protocol import CheckOutput
from tests.contract.emulator import APP_ID, Emulator, emulator

CHECK = "factory / verdict"
OUTPUT = CheckOutput(title="Failed: it does not do what the spec says", summary="| a |\n| --- |")
RUN = "20261122t211008-0123abcd-1"
PRODUCT = "acme/shortener"


@pytest.fixture(scope="module")
def github(tmp_path_factory, app_key):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    permissions = {"checks": "write", "contents": "write", "metadata": "read"}
    with emulator(tmp_path_factory.mktemp("emulate"), port, app_key[0], permissions) as running:
        yield running


@pytest.fixture
def commit(github) -> str:
    """The one commit of the product."""
    return str(github.get(f"/repos/{PRODUCT}/commits")[0]["sha"])


def forge(github: Emulator, **env: str) -> GitHubForge:
    given = {"FACTORY_APP_ID": APP_ID, "FACTORY_APP_PRIVATE_KEY": github.key, **env}
    addresses = {"GITHUB_API_URL": github.url, "GITHUB_SERVER_URL": github.url}
    return GitHubForge({**addresses, **given}, Patience(tries=3, seconds=30.0))


def of(github: Emulator, commit: str, external_id: str) -> list[dict]:
    return [one for one in github.checks(PRODUCT, commit) if one["external_id"] == external_id]


def test_a_check_is_begun_then_completed_then_left_alone(github, commit):
    ours = forge(github)
    ours.begin_check(PRODUCT, commit, CHECK, "https://ci.example/1", external_id=RUN)
    (run,) = of(github, commit, RUN)
    assert (run["status"], run["conclusion"], run["name"]) == ("in_progress", None, CHECK)
    assert run["details_url"] == "https://ci.example/1"
    for _ in range(2):
        ours.complete_check(PRODUCT, commit, CHECK, "failure", OUTPUT, "", external_id=RUN)
    (run,) = of(github, commit, RUN)
    assert (run["status"], run["conclusion"]) == ("completed", "failure")
    assert (run["output"]["title"], run["output"]["summary"]) == (OUTPUT.title, OUTPUT.summary)


def test_one_token_serves_until_it_ends(github, commit):
    def bought() -> int:
        return len(github.get("/_emulate/installation-tokens")["installation_tokens"])

    ours, before = forge(github), bought()
    for external_id in ("x", "y", "z"):
        ours.begin_check(PRODUCT, commit, CHECK, "", external_id=external_id)
    assert bought() == before + 1


def test_another_attempt_adds_a_run_and_a_rerun_does_not(github, commit):
    ours = forge(github)
    for external_id, conclusion in (("a", "action_required"), ("a", "success"), ("b", "success")):
        ours.complete_check(PRODUCT, commit, CHECK, conclusion, OUTPUT, "", external_id=external_id)
    assert [one["conclusion"] for one in of(github, commit, "a")] == ["success"]
    assert [one["conclusion"] for one in of(github, commit, "b")] == ["success"]


def test_the_text_of_a_check_is_read_again(github, commit):
    ours = forge(github)
    output = CheckOutput(title="Passed", summary="all", text="a statement")
    ours.complete_check(PRODUCT, commit, "factory / read", "success", output, "", external_id="t")
    assert ours.check_texts(PRODUCT, commit, "factory / read") == ["a statement"]


@pytest.mark.parametrize(
    ("repository", "act", "missing"),
    [
        ("acme/unknown", "check", "checks: write"),
        ("octo/elsewhere", "check", "checks: write"),
        (PRODUCT, "label", "pull_requests: read"),
    ],
)
def test_what_the_app_may_not_do_names_the_missing_right(github, commit, repository, act, missing):
    ours = forge(github)
    with pytest.raises(AuthenticationError) as caught:
        if act == "check":
            ours.begin_check(repository, commit, CHECK, "", external_id="x")
        else:
            ours.label_set_by(repository, 1, "waived")
    assert missing in f"{caught.value.message} {caught.value.mend}"


def test_a_key_of_another_app_is_told(github, commit):
    with pytest.raises(AuthenticationError, match="does not take the App"):
        forge(github, FACTORY_APP_ID="999").begin_check(PRODUCT, commit, CHECK, "", external_id="x")
