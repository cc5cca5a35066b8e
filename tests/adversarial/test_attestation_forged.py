"""Attack: somebody with a certificate, or with a good bundle of another's, wants a deployment."""

from __future__ import annotations

import base64
import json

import pytest
from local_sigstore import LocalSigstore

from factory.errors import Inconclusive
from factory.verdict import attestable, signed
from tests.unit.verdict.test_attested import WHO, bundle, sigstore, verified
from tests.unit.verdict.test_statement import PRIVATE, stated

ELSEWHERE = "https://github.com/mallory/dark-factory/.github/workflows/attest.yml@refs/tags/v1"
PASSED = json.dumps(attestable(stated())).encode()


def changed(name: str) -> dict:
    """A bundle that one thing is wrong with."""
    good = bundle()
    material = good["verificationMaterial"]
    envelope = good["dsseEnvelope"]
    entry = material["tlogEntries"][0]
    if name == "a fail made a pass":
        good = bundle("fail")
        good["dsseEnvelope"]["payload"] = base64.b64encode(PASSED).decode()
    elif name == "a fail with the signature of a pass":
        good["dsseEnvelope"] = {**bundle("fail")["dsseEnvelope"],
                                "signatures": envelope["signatures"]}  # fmt: skip
    elif name == "no entry of the log":
        material["tlogEntries"] = []
    elif name == "another's entry of the log":
        material["tlogEntries"] = bundle("fail")["verificationMaterial"]["tlogEntries"]
    elif name == "no promise of the log":
        del entry["inclusionPromise"]
    elif name == "logged at another time":
        entry["integratedTime"] = str(int(entry["integratedTime"]) - 30)
    elif name == "another's certificate":
        material["certificate"] = bundle()["verificationMaterial"]["certificate"]
    elif name == "two signatures":
        envelope["signatures"] *= 2
    return good


WRONG = {
    "the same workflow of another's fork": {"workflow": ELSEWHERE},
    "another workflow of ours": {"workflow": WHO["workflow"].replace("attest", "line")},
    "an older release": {"workflow": WHO["workflow"].replace("v1", "v0")},
    "a branch of ours": {"workflow": WHO["workflow"].replace("tags/v1", "heads/v1")},
    "called by another repository": {"source": "https://github.com/mallory/specs"},
    "called on a branch that anybody may push": {"ref": "refs/heads/topic"},
    "another issuer": {"issuer": "https://accounts.example"},
    "no statement": {"kind": "text/plain"},
}
CHANGED = (
    "a fail made a pass", "a fail with the signature of a pass", "no entry of the log",
    "another's entry of the log", "no promise of the log", "logged at another time",
    "another's certificate", "two signatures",
)  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_another_signer_is_not_believed(tmp_path, name):
    done = verified(tmp_path, json.dumps(bundle(**WRONG[name])))
    assert isinstance(done.exception, Inconclusive), done.output


@pytest.mark.parametrize("name", CHANGED)
def test_a_bundle_put_together_anew_is_not_believed(tmp_path, name):
    assert verified(tmp_path, json.dumps(bundle())).return_value == 0
    done = verified(tmp_path, json.dumps(changed(name)))
    assert isinstance(done.exception, Inconclusive), done.output


@pytest.mark.parametrize("kind", ["unsigned", "a key's", "deep", "list", "empty"])
def test_what_is_no_bundle_is_no_verdict(tmp_path, kind):
    text = {
        "unsigned": PASSED.decode(),
        "a key's": signed(stated(), PRIVATE),
        "deep": "[" * 50_000,
        "list": "[[[]]]",
        "empty": "",
    }[kind]
    assert isinstance(verified(tmp_path, text).exception, Inconclusive)


def test_an_authority_of_the_attackers_own_is_not_trusted(tmp_path):
    sigstore()
    theirs = json.dumps(LocalSigstore().bundle(PASSED, **WHO))
    assert isinstance(verified(tmp_path, theirs).exception, Inconclusive)


def test_a_good_attestation_says_nothing_of_another_commit(tmp_path):
    other = {**attestable(stated()), "subject": attestable(stated())["subject"]}
    other["subject"][0]["digest"]["sha256"] = "0" * 64
    text = json.dumps(sigstore().bundle(json.dumps(other).encode(), **WHO))
    done = verified(tmp_path, text)
    assert isinstance(done.exception, Inconclusive) and "it is about" in done.exception.message
