"""`factory verify`, as a process, on what `factory verdict --publish` left on GitHub's double."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import msgspec
import pytest

from tests import forked
from tests.contract.test_verdict_published import JOB, ROOT, commit, world
from tests.unit.verdict.test_present import public_of
from tests.unit.verdict.test_statement import PRIVATE, PUBLIC, keys

__all__ = ["commit", "world"]
SUITE = "hmac-sha256:" + "d" * 64


@pytest.fixture
def judged(world):
    """Publishes a verdict on the world's candidate; gives its commit and what the command did."""

    def publish(word: str = "pass", **env: str):
        path = world.candidate(product=_own(world))
        public = public_of(
            world.order,
            verdict=word,
            candidate=world.commits["acme/specs"],
            suite_digest=SUITE,
            cause="",
            mend="",
        )
        public.write(world.folder / "public-verdict.json")
        return world.verdict(
            path, "--public", world.folder / "public-verdict.json", "--publish", **env
        )

    return publish


def _own(world):
    """The job's token may write checks in its own repository alone: there the product lies."""
    world.commits["acme/shortener"] = world.commits["acme/specs"]
    return msgspec.structs.replace(world.order.product, repository="acme/specs")


def verify(world, *words: object, key: str = PUBLIC, **env: str):
    (world.folder / "key.pub").write_text(key)
    return forked.run(
        [sys.executable, "-m", "factory.cli", "verify",
         "--key", str(world.folder / "key.pub"), *map(str, words)],
        env={"PATH": os.environ["PATH"], "GITHUB_API_URL": world.url,
             "GITHUB_SERVER_URL": world.url, "GITHUB_TOKEN": JOB,
             "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])} | env,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def checked(world, *words: object, **settings: str):
    return verify(world, world.commits["acme/specs"], "--repository", "acme/specs", *words,
                  **settings)  # fmt: skip


def test_a_pass_is_read_from_the_check_and_another_post_changes_nothing(world, judged):
    assert judged(FACTORY_SIGNING_KEY=PRIVATE).returncode == 0
    assert judged(FACTORY_SIGNING_KEY=PRIVATE).returncode == 0
    done = checked(world)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == f"{world.commits['acme/specs'][:12]}: pass"
    told = json.loads(checked(world, "--json").stdout)
    assert told["verdict"] == "pass"
    assert told["statement"]["predicate"]["dark-factory"]["suite"] == SUITE
    assert world.state["violations"] == []


@pytest.mark.parametrize(("word", "code"), [("fail", 1), ("inconclusive", 5)])
def test_nothing_else_lets_a_deployment_go_on(world, judged, word, code):
    assert judged(word, FACTORY_SIGNING_KEY=PRIVATE).returncode == code
    assert checked(world).returncode == code


def test_a_check_that_is_called_after_its_specs_is_read_as_well(world, judged):
    assert judged(FACTORY_SIGNING_KEY=PRIVATE).returncode == 0
    runs = [{**one, "name": "factory / verdict (link-expiry)"} for one in world.state["check_runs"]]
    world.control("state", {"check_runs": runs})
    assert checked(world).returncode == 0
    world.control("state", {"check_runs": [{**one, "name": "another"} for one in runs]})
    assert checked(world).returncode == 5


def test_without_a_key_verdicts_are_said_and_not_signed(world, judged):
    assert judged().returncode == 0
    done = checked(world)
    assert done.returncode == 5
    assert "there is no statement" in done.stderr and "FACTORY_SIGNING_KEY" in done.stderr


def test_with_a_key_that_is_no_good_the_check_is_posted_and_the_job_is_red(world, judged):
    done = judged(FACTORY_SIGNING_KEY="not a key")
    assert done.returncode == 2 and "openssl genpkey" in done.stderr
    assert {one["conclusion"] for one in world.state["check_runs"]} == {"success"}


def test_keys_that_openssl_made_serve(world, judged, needs):
    needs("openssl")
    made = subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519"], capture_output=True)
    public = subprocess.run(["openssl", "pkey", "-pubout"], input=made.stdout, capture_output=True)
    assert judged(FACTORY_SIGNING_KEY=made.stdout.decode()).returncode == 0
    assert checked(world, key=public.stdout.decode()).returncode == 0
    assert checked(world, key=keys()[1]).returncode == 5


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["abc", "--repository", "acme/specs"], "not a full commit id"),
        (["a" * 40], "one of --repository, --statement"),
        (["a" * 40, "--repository", "a/b", "--statement", "key.pub"], "where is the statement"),
    ],
)
def test_what_is_asked_badly_is_told(world, words, said):
    done = verify(world, *words)
    assert done.returncode == 2 and said in done.stderr
