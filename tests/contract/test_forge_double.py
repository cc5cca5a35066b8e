"""The double holds to the limits that GitHub documents, and PyGithub can read it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import jwt
import pytest
from github import Auth, Github, GithubException

SERVER = Path(__file__).parents[1] / "doubles" / "github_api" / "server.py"
TOKEN, PAT, OTHER = "app" * 9, "pat" * 9, "other" * 9
COLUMNS_OF_LINES = {"end_line": 2, "start_column": 1}
MANY = {str(number): "" for number in range(26)}


@pytest.fixture(scope="module")
def key():
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    made = rsa.generate_private_key(65537, 2048)
    public = made.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return made, public.decode()


@pytest.fixture(scope="module")
def double(tmp_path_factory, key):
    """A running double with one commit on main of acme/shortener, pushed over HTTP."""
    folder = tmp_path_factory.mktemp("double")
    installation = {"id": 70, "account": "acme", "repositories": ["acme/shortener"]}
    permissions = {"contents": "write", "checks": "write", "actions": "write"}
    app = {
        "slug": "f",
        "public_key": key[1],
        "installations": [installation | {"permissions": permissions}],
    }
    bought = {"kind": "installation", "app_id": 7, "permissions": permissions}
    state = {
        "repositories": {"acme/shortener": {}, "acme/secret": {}},
        "apps": {"7": app},
        "tokens": {
            TOKEN: bought | {"repositories": ["acme/shortener"]},
            OTHER: bought | {"repositories": ["acme/secret"]},
            PAT: {"kind": "pat", "repositories": None},
        },
    }
    (folder / "state.json").write_text(json.dumps(state))
    words = ["--root", str(folder / "root"), "--state", str(folder / "state.json")]
    process = subprocess.Popen(
        [sys.executable, str(SERVER), *words, "--parent", str(os.getpid())],
        stdout=subprocess.PIPE,
    )
    url = json.loads(process.stdout.readline())["url"]
    work = folder / "work"
    subprocess.run(["git", "init", "-q", "-b", "main", str(work)], check=True)
    (work / "big").write_bytes(os.urandom(3_000_000))  # More than one post buffer: chunked.
    yield url, work, commit(work)
    process.terminate()
    process.wait(10)
    process.stdout.close()


def git(work, *words):
    done = subprocess.run(["git", "-C", str(work), *words], capture_output=True, check=False)
    return done.returncode, (done.stdout + done.stderr).decode()


def commit(work):
    git(work, "add", "-A")
    git(work, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "one")
    return git(work, "rev-parse", "HEAD")[1].strip()


def push(url, work, token, ref="main", repository="acme/shortener"):
    place = url.replace("://", f"://x-access-token:{token}@")
    return git(work, "push", f"{place}/{repository}.git", f"HEAD:refs/heads/{ref}")


@pytest.fixture(scope="module")
def pushed(double):
    url, work, sha = double
    code, said = push(url, work, TOKEN)
    assert code == 0, said
    return url, work, sha


def ask(url, method, path, body=None, token=TOKEN):
    """Status and body of one request."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    request = urllib.request.Request(url + path, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"null")


def note(line):
    return {
        "path": "big",
        "start_line": line,
        "end_line": line,
        "annotation_level": "notice",
        "message": "m",
    }


def run_of(sha, **changes):
    return {"name": "a check", "head_sha": sha, **changes}


def test_pygithub_reads_what_the_double_says(pushed):
    url, _, sha = pushed
    with Github(auth=Auth.Token(TOKEN), base_url=url, retry=None) as github:
        repository = github.get_repo("acme/shortener")
        assert repository.get_commit(sha).sha == sha
        assert repository.get_git_ref("heads/main").object.sha == sha
        run = repository.create_check_run("seen", sha, external_id="e", status="queued")
        run.edit(conclusion="neutral", output={"title": "t", "summary": "s"})
        (seen,) = repository.get_commit(sha).get_check_runs(check_name="seen")
        assert (seen.status, seen.conclusion, seen.external_id) == ("completed", "neutral", "e")
        assert seen.output.title == "t"


@pytest.mark.parametrize(
    "changes",
    [
        {"head_sha": "0" * 40},
        {"status": "completed"},
        {"conclusion": "stale"},
        {"output": {"title": "t"}},
        {"output": {"title": "t", "summary": "x" * 65_536}},
        {"output": {"title": "t", "summary": "s", "annotations": [note(1)] * 51}},
        {"output": {"title": "t", "summary": "s", "annotations": [note(0)]}},
        {"output": {"title": "t", "summary": "s", "annotations": [note(1) | {"path": "x"}]}},
        {"output": {"title": "t", "summary": "s", "annotations": [note(1) | COLUMNS_OF_LINES]}},
        {"actions": [{"label": "l" * 21, "description": "d", "identifier": "i"}]},
        {"actions": [{"label": "l", "description": "d", "identifier": "i"}] * 4},
        {"conclusion": "passed"},
        {"no such field": 1},
    ],
)  # fmt: skip
def test_a_check_run_out_of_its_limits_is_422(pushed, changes):
    url, _, sha = pushed
    status, body = ask(url, "POST", "/repos/acme/shortener/check-runs", run_of(sha, **changes))
    assert status == 422, body


def test_annotations_add_up_over_updates(pushed):
    url, _, sha = pushed
    output = {"title": "t", "summary": "s", "annotations": [note(1)] * 50}
    place = "/repos/acme/shortener/check-runs"
    _, made = ask(url, "POST", place, run_of(sha, output=output))
    status, body = ask(url, "PATCH", f"{place}/{made['id']}", {"output": output})
    assert (status, body["output"]["annotations_count"]) == (200, 100)


@pytest.mark.parametrize(
    ("token", "status"), [(PAT, 403), (OTHER, 404), ("unheard-of", 401), ("", 404)]
)
def test_who_may_not_write_checks(pushed, token, status):
    url, _, sha = pushed
    place = "/repos/acme/shortener/check-runs"
    assert ask(url, "POST", place, run_of(sha), token)[0] == status


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("dispatches", {"event_type": "e", "client_payload": {"a": 1}}, 204),
        ("dispatches", {"event_type": "e" * 101}, 422),
        ("dispatches", {"event_type": "e", "client_payload": {str(n): n for n in range(11)}}, 422),
        ("dispatches", {"event_type": "e", "client_payload": {"a": "x" * 65_536}}, 422),
        ("actions/workflows/f.yml/dispatches", {"ref": "main", "inputs": {}}, 204),
        ("actions/workflows/f.yml/dispatches", {"ref": "nowhere"}, 422),
        ("actions/workflows/f.yml/dispatches", {"ref": "main", "inputs": MANY}, 422),
    ],
)  # fmt: skip
def test_dispatches_have_limits(pushed, path, body, status):
    assert ask(pushed[0], "POST", f"/repos/acme/shortener/{path}", body)[0] == status


def test_a_status_has_140_characters(pushed):
    url, _, sha = pushed
    place = f"/repos/acme/shortener/statuses/{sha}"
    assert ask(url, "POST", place, {"state": "error", "description": "x" * 140}, PAT)[0] == 201
    assert ask(url, "POST", place, {"state": "error", "description": "x" * 141}, PAT)[0] == 422
    assert ask(url, "POST", place, {"state": "green"}, PAT)[0] == 422
    assert ask(url, "POST", place, {"state": "error"}, TOKEN)[0] == 403, "not permitted"


def signed(key, **changes):
    now = int(time.time())
    return jwt.encode({"iat": now - 60, "exp": now + 300, "iss": "7", **changes}, key, "RS256")


def test_an_app_gets_no_more_than_it_has(pushed, key):
    url = pushed[0]
    good = signed(key[0])
    assert ask(url, "GET", "/repos/acme/shortener/installation", token=good)[1]["id"] == 70
    assert ask(url, "GET", "/repos/acme/secret/installation", token=good)[0] == 404
    place = "/app/installations/70/access_tokens"
    wanted = {"repositories": ["shortener"], "permissions": {"checks": "write"}}
    status, bought = ask(url, "POST", place, wanted, good)
    assert status == 201
    for more in ({"repositories": ["secret"]}, {"permissions": {"administration": "write"}}):
        assert ask(url, "POST", place, more, good)[0] == 422
    token = bought["token"]
    assert (
        ask(url, "POST", "/repos/acme/shortener/dispatches", {"event_type": "e"}, token)[0] == 403
    )


@pytest.mark.parametrize("changes", [{"exp": int(time.time()) + 3600}, {"exp": 1}, {"iss": "8"}])
def test_a_jwt_out_of_its_limits_is_401(pushed, key, changes):
    assert ask(pushed[0], "GET", "/app", token=signed(key[0], **changes))[0] == 401
    assert ask(pushed[0], "GET", "/app", token="nonsense")[0] == 401


def test_pushes_need_the_right_token_and_leave_workflows_alone(pushed):
    url, work, sha = pushed
    for token, repository in (
        (OTHER, "acme/shortener"),
        (TOKEN, "acme/secret"),
        ("no", "acme/shortener"),
    ):
        assert push(url, work, token, "x", repository)[0] != 0
    (work / ".github" / "workflows").mkdir(parents=True)
    (work / ".github" / "workflows" / "x.yml").write_text("on: push")
    commit(work)
    code, said = push(url, work, TOKEN, "workflows")
    assert code != 0 and "without `workflows` permission" in said
    assert push(url, work, PAT, "workflows")[0] == 0
    git(work, "reset", "-q", "--hard", sha)


def test_deploy_keys_are_for_administrators(pushed):
    place = "/repos/acme/shortener/keys"
    key = {"title": "t", "key": "ssh-ed25519 AAAA", "read_only": True}
    assert ask(pushed[0], "POST", place, key)[0] == 403
    assert ask(pushed[0], "POST", place, key, PAT)[0] == 201
    assert ask(pushed[0], "POST", place, key, PAT)[0] == 422
    assert [one["read_only"] for one in ask(pushed[0], "GET", place, token=PAT)[1]] == [True]


def test_what_is_not_there_is_404(pushed):
    with (
        Github(auth=Auth.Token(TOKEN), base_url=pushed[0], retry=None) as github,
        pytest.raises(GithubException) as caught,
    ):
        github.get_repo("acme/nothing")
    assert caught.value.status == 404


def test_no_response_broke_githubs_own_description(pushed):
    broken = [
        one
        for one in ask(pushed[0], "GET", "/_control/state")[1]["violations"]
        if "response to" in one
    ]
    assert broken == []
