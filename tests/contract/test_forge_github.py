"""factory.forge.github, through PyGithub, against the double of GitHub's API on loopback."""

from __future__ import annotations

import time

import pytest

from factory.errors import AuthenticationError, ForgeError, InputError
from factory.forge.calls import Patience
from factory.forge.github import GitHubForge
from factory.forge.protocol import CheckOutput
from factory.ports.git import tree
from tests.contract.github_bench import APP_TOKEN, FINE, JOB, PAT

CHECK = "factory / verdict"
OUTPUT = CheckOutput(title="Failed: it does not do what the spec says", summary="| a |\n| --- |")
RUN = "20261122t211008-0123abcd-1"


def complete(forge, commit, *, repository="acme/shortener", conclusion="failure", output=OUTPUT):
    forge.complete_check(repository, commit, CHECK, conclusion, output, "", external_id=RUN)


def test_a_check_is_begun_then_completed_then_left_alone(double):
    commit = double.commit("acme/shortener")
    forge = double.forge(FACTORY_TOKEN=APP_TOKEN)
    forge.begin_check("acme/shortener", commit, CHECK, "https://ci.example/1", external_id=RUN)
    (run,) = double.state["check_runs"]
    assert (run["status"], run["conclusion"]) == ("in_progress", None)
    assert run["details_url"] == "https://ci.example/1"
    complete(forge, commit)
    complete(forge, commit)
    (run,) = double.state["check_runs"]
    assert (run["name"], run["head_sha"], run["external_id"]) == (CHECK, commit, RUN)
    assert (run["status"], run["conclusion"]) == ("completed", "failure")
    assert run["output"] == {"title": OUTPUT.title, "summary": OUTPUT.summary}
    assert run["changes"] == 1, "the second completion changed nothing"


def test_a_rerun_updates_its_own_run_and_another_attempt_adds_one(double):
    commit = double.commit("acme/shortener")
    forge = double.forge(FACTORY_TOKEN=APP_TOKEN)
    complete(forge, commit, conclusion="action_required")
    forge.begin_check("acme/shortener", commit, CHECK, "", external_id=RUN)
    (run,) = double.state["check_runs"]
    assert (run["status"], run["conclusion"]) == ("in_progress", None)
    complete(forge, commit, conclusion="success")
    complete_other = forge.complete_check
    complete_other("acme/shortener", commit, CHECK, "success", OUTPUT, "", external_id="another")
    runs = double.state["check_runs"]
    assert [(one["external_id"], one["conclusion"]) for one in runs] == [
        (RUN, "success"),
        ("another", "success"),
    ]


def test_an_answer_that_got_lost_does_not_double_the_check(double):
    commit = double.commit("acme/shortener")
    double.fault(method="POST", path="check-runs$", status=502, after=True)
    complete(double.forge(FACTORY_TOKEN=APP_TOKEN), commit)
    assert [run["conclusion"] for run in double.state["check_runs"]] == ["failure"]
    assert double.pauses == [1.0]


@pytest.mark.parametrize(
    ("fault", "pauses"),
    [
        ({"status": 502, "times": 2}, [1.0, 2.0]),
        ({"drop": True}, [1.0]),
        ({"status": 403, "headers": {"Retry-After": "7"}}, [7.0]),
        ({"status": 429, "headers": {"Retry-After": "3"}}, [3.0]),
        (
            {
                "status": 403,
                "body": {"message": "You have exceeded a secondary rate limit."},
            },
            [60.0],
        ),
    ],
)
def test_a_busy_github_is_waited_for(double, fault, pauses):
    commit = double.commit("acme/shortener")
    double.fault(method="POST", path="check-runs$", **fault)
    complete(double.forge(FACTORY_TOKEN=APP_TOKEN), commit)
    assert [run["conclusion"] for run in double.state["check_runs"]] == ["failure"]
    assert double.pauses == pauses


def test_the_primary_limit_is_waited_for_until_its_reset(double):
    commit = double.commit("acme/shortener")
    headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(time.time()) + 40)}
    double.fault(method="POST", path="check-runs$", status=403, headers=headers)
    complete(double.forge(FACTORY_TOKEN=APP_TOKEN), commit)
    assert len(double.pauses) == 1 and 35 < double.pauses[0] <= 41


@pytest.mark.parametrize(
    "fault",
    [{"status": 503, "times": 99}, {"status": 403, "headers": {"Retry-After": "3600"}}],
)
def test_patience_ends_and_says_that_nothing_was_posted(double, fault):
    commit = double.commit("acme/shortener")
    double.fault(method="POST", path="check-runs$", **fault)
    with pytest.raises(ForgeError, match="did not answer"):
        complete(double.forge(FACTORY_TOKEN=APP_TOKEN, tries=4), commit)
    assert double.state["check_runs"] == []
    assert sum(double.pauses) <= 180


def test_a_personal_token_falls_back_to_a_commit_status_and_says_so(double):
    commit = double.commit("acme/shortener")
    for token in (PAT, FINE):
        forge = double.forge(FACTORY_TOKEN=token)
        complete(forge, commit)
        complete(forge, commit)
        (remark, *_) = forge.remarks
        assert "only GitHub Apps may" in remark and token not in remark
    state = double.state
    assert state["check_runs"] == []
    (status,) = state["statuses"]  # Said four times, set once.
    assert (status["context"], status["state"]) == (CHECK, "failure")
    assert status["description"] == OUTPUT.title


def test_a_status_behind_many_others_is_not_set_again(double):
    sha = double.commit("acme/shortener")
    forge = double.forge(FACTORY_TOKEN=PAT)
    complete(forge, sha)
    (ours,) = double.state["statuses"]
    others = [ours | {"id": number, "context": f"ci / {number}"} for number in range(130)]
    double.control("state", {"statuses": [ours, *others]})
    complete(forge, sha)
    assert len(double.state["statuses"]) == 131


@pytest.mark.parametrize(
    ("conclusion", "state"),
    [("success", "success"), ("failure", "failure"), ("action_required", "error")],
)
def test_only_success_is_a_green_status(double, conclusion, state):
    commit = double.commit("acme/shortener")
    long = CheckOutput(title="é" * 300, summary="")
    forge = double.forge(FACTORY_TOKEN=PAT)
    forge.begin_check("acme/shortener", commit, CHECK, "", external_id=RUN)
    complete(forge, commit, conclusion=conclusion, output=long)
    assert [one["state"] for one in double.state["statuses"]] == ["pending", state]


def test_the_app_buys_a_token_for_one_repository_and_one_permission(double, app_key):
    commit = double.commit("acme/shortener")
    forge = double.forge(FACTORY_APP_ID="7", FACTORY_APP_PRIVATE_KEY=app_key[0])
    complete(forge, commit)
    bought = [one for token, one in double.state["tokens"].items() if token.startswith("ghs_7_")]
    assert [(one["repositories"], one["permissions"]) for one in bought] == [
        (["acme/shortener"], {"checks": "write"})
    ]
    (run,) = double.state["check_runs"]
    assert run["app"]["slug"] == "acme-factory"
    complete(forge, commit, conclusion="success")
    bought = [token for token in double.state["tokens"] if token.startswith("ghs_7_")]
    assert len(bought) == 1, "a token is good for an hour and not bought for each call"


def test_an_expired_token_is_bought_anew_once(double, app_key):
    commit = double.commit("acme/shortener")
    forge = double.forge(FACTORY_APP_ID="7", FACTORY_APP_PRIVATE_KEY=app_key[0])
    complete(forge, commit)
    tokens = double.state["tokens"]
    spent = {token: one | {"expires_at": 1} for token, one in tokens.items() if "ghs_7" in token}
    double.control("state", {"tokens": spent})
    complete(forge, commit, conclusion="success")
    assert [run["conclusion"] for run in double.state["check_runs"]] == ["success"]


def test_where_the_app_is_not_installed_the_jobs_own_token_serves(double, app_key):
    commit = double.commit("acme/specs")
    env = {"FACTORY_APP_ID": "7", "FACTORY_APP_PRIVATE_KEY": app_key[0], "GITHUB_TOKEN": JOB}
    forge = double.forge(**env)
    complete(forge, commit, repository="acme/specs")
    complete(forge, double.commit("acme/shortener"))
    assert [run["app"]["slug"] for run in double.state["check_runs"]] == [
        "github-actions",
        "acme-factory",
    ]


def test_a_token_of_another_repository_is_an_error_with_a_mend(double):
    commit = double.commit("acme/secret")
    with pytest.raises(AuthenticationError) as caught:
        complete(
            double.forge(GITHUB_TOKEN=JOB, FACTORY_TOKEN=APP_TOKEN),
            commit,
            repository="acme/secret",
        )
    assert "FACTORY_TOKEN: 404" in caught.value.message
    assert "GITHUB_TOKEN: 404" in caught.value.message
    assert "checks: write" in caught.value.mend
    assert JOB not in str(caught.value) and APP_TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({}, "there is no token"),
        ({"FACTORY_TOKEN": "unheard-of"}, "401"),
        ({"FACTORY_APP_ID": "8"}, "there is no token"),
    ],
)
def test_no_or_bad_tokens_are_an_error(double, env, said):
    with pytest.raises(AuthenticationError, match=said):
        complete(double.forge(**env), double.commit("acme/shortener"))


def test_a_bad_app_key_is_an_error(double, app_key):
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    stranger = (
        rsa.generate_private_key(65537, 2048)
        .private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        .decode()
    )
    commit = double.commit("acme/shortener")
    for key, said in ((stranger, "does not take the App 7: 401"), ("no key", "not a private key")):
        with pytest.raises(AuthenticationError, match=said) as caught:
            complete(double.forge(FACTORY_APP_ID="7", FACTORY_APP_PRIVATE_KEY=key), commit)
        assert "PRIVATE KEY-----" not in str(caught.value)


def test_a_commit_that_github_does_not_have_is_an_error(double):
    with pytest.raises(ForgeError, match="No commit found"):
        complete(double.forge(FACTORY_TOKEN=APP_TOKEN), "0" * 40)


def test_texts_are_cut_at_githubs_limits_before_they_are_sent(double):
    commit = double.commit("acme/shortener")
    long = CheckOutput(title="t" * 300, summary="é" * 70_000)
    complete(double.forge(FACTORY_TOKEN=APP_TOKEN), commit, output=long)
    (run,) = double.state["check_runs"]
    assert len(run["output"]["title"]) == 255
    assert len(run["output"]["summary"].encode()) <= 65_535
    assert run["output"]["summary"].endswith("(cut at GitHub's limit)")


def test_a_forged_check_of_the_same_name_is_not_taken_for_ours(double):
    commit = double.commit("acme/shortener")
    write = {"checks": "write"}
    forger = {"kind": "actions", "repositories": ["acme/shortener"], "permissions": write}
    double.control("state", {"tokens": {"forger-token": forger}})
    complete(double.forge(FACTORY_TOKEN="forger-token"), commit, conclusion="success")
    complete(double.forge(FACTORY_TOKEN=APP_TOKEN), commit)
    assert [(run["app"]["slug"], run["conclusion"]) for run in double.state["check_runs"]] == [
        ("github-actions", "success"),
        ("acme-factory", "failure"),
    ]


def test_the_next_attempt_is_asked_for_by_repository_dispatch(double):
    payload = {"run_id": "20261122t211008-0123abcd", "attempt": 2, "feedback": {"verdict": "fail"}}
    double.forge(GITHUB_TOKEN=JOB).request_attempt("acme/specs", payload)
    (sent,) = double.state["dispatches"]
    assert (sent["repository"], sent["event_type"]) == ("acme/specs", "factory-attempt")
    assert sent["client_payload"] == payload


@pytest.mark.parametrize(
    "payload", [{str(key): key for key in range(11)}, {"feedback": "x" * 65_536}]
)
def test_a_request_out_of_githubs_limits_is_never_sent(double, payload):
    with pytest.raises(ForgeError, match="GitHub takes 10 keys"):
        double.forge(GITHUB_TOKEN=JOB).request_attempt("acme/specs", payload)
    assert double.state["requests"] == []


def test_a_refused_request_for_an_attempt_is_an_error(double):
    with pytest.raises(AuthenticationError, match="ask for the next attempt"):
        double.forge(GITHUB_TOKEN=JOB).request_attempt("acme/shortener", {"attempt": 2})
    assert double.state["dispatches"] == []


def test_git_fetches_and_pushes_over_http_with_the_token_in_the_environment(
    double, tmp_path, app_key
):
    commit = double.commit("acme/shortener")
    env = {"FACTORY_APP_ID": "7", "FACTORY_APP_PRIVATE_KEY": app_key[0], "GITHUB_TOKEN": JOB}
    forge = double.forge(**env)
    url = forge.clone_url("acme/shortener")
    assert url == f"{double.url}/acme/shortener.git"
    git_env = forge.git_environment("acme/shortener")
    bare = tree.mirror(url, tmp_path / "bare.git", refs=["main"], env=git_env)
    ref = "refs/heads/factory/hold/link-expiry/20261122t211008-0123abcd"
    tree.push(bare, url, commit, ref, expected=None, env=git_env)
    assert tree.remote_head(url, ref.removeprefix("refs/heads/"), git_env) == commit
    callers = {one["caller"] for one in double.state["requests"] if ".git/" in one["path"]}
    assert "installation" in callers and "actions" not in callers


def test_git_takes_the_token_that_the_repository_is_shown_to(double):
    commit = double.commit("acme/specs")
    forge = double.forge(FACTORY_TOKEN=APP_TOKEN, GITHUB_TOKEN=JOB)
    env = forge.git_environment("acme/specs")
    assert tree.remote_head(forge.clone_url("acme/specs"), "main", env) == commit


def test_git_without_a_token_cannot_see_what_is_private(double):
    double.commit("acme/secret")
    forge = double.forge()
    assert forge.git_environment("acme/secret") == {}
    with pytest.raises((AuthenticationError, InputError)):
        tree.remote_head(forge.clone_url("acme/secret"), "main", {})


def test_the_token_is_for_one_address_only_and_nobody_elses(double):
    forge = double.forge(GITHUB_TOKEN=JOB, FACTORY_TOKEN=APP_TOKEN)
    env = forge.git_environment("acme/specs")
    assert env["GIT_CONFIG_KEY_0"] == f"http.{double.url}/acme/specs.git.extraHeader"
    assert forge.git_environment("https://elsewhere.example/acme/specs.git") == {}
    assert forge.git_environment("git@host.example:acme/specs.git") == {}


def test_a_server_of_ones_own_has_its_api_below_api_v3(double):
    commit = double.commit("acme/shortener")
    env = {"GITHUB_SERVER_URL": double.url, "FACTORY_TOKEN": APP_TOKEN}
    forge = GitHubForge(env, Patience(sleep=lambda seconds: None))
    complete(forge, commit)
    assert forge.api == f"{double.url}/api/v3"
    assert len(double.state["check_runs"]) == 1
