"""A verdict as an in-toto statement: what deployments and auditors read, outside of GitHub too.

Statement v1 (in-toto.io/Statement/v1) with the predicate Test Result v0.1. Nothing in it is
private: the suite appears by its keyed digest, and no scenario, passed or failed, is named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, get_args

import msgspec

from factory.digest import digest_of
from factory.errors import RecordError
from factory.records import Candidate, PublicVerdict
from factory.records.verdict import VerdictWord

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "https://in-toto.io/attestation/test-result/v0.1"
PAYLOAD_TYPE = "application/vnd.in-toto+json"
EXTENSION = "dark-factory"
"""What the predicate holds beyond its type; readers ignore what they do not know (in-toto)."""

# Test Result knows no third result; whoever reads this field alone must not take it for a pass.
_RESULTS: Mapping[VerdictWord, str] = {"pass": "PASSED", "fail": "FAILED", "inconclusive": "FAILED"}


def statement(public: PublicVerdict, candidate: Candidate, *, version: str) -> dict[str, Any]:
    """The statement on a candidate; the same verdict always gives the same one.

    Args:
        public: its public verdict.
        candidate: what was judged.
        version: of the factory that judged.
    """
    order = candidate.work_order
    repository = order.product.repository
    return {
        "_type": STATEMENT_TYPE,
        "subject": [
            {
                "name": repository,
                "digest": {"gitCommit": candidate.commit, "gitTree": candidate.tree_id},
            }
        ],
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            "result": _RESULTS[public.verdict],
            "configuration": [
                _named(order.spec.path, order.spec.digest),
                *(_named(one.path, one.digest) for one in order.bound),
                *(_named(one.path, one.digest) for one in order.context),
            ],
            EXTENSION: {
                "verdict": public.verdict,
                "failureClass": public.failure_class,
                "requirementsNotMet": list(public.requirements_not_met),
                "spec": {"id": order.spec.id, "version": order.spec.version},
                "suite": public.suite_digest,
                "baseCommit": order.base_commit,
                "run": order.run_id,
                "attempt": order.attempt,
                "agent": {
                    "name": order.agent.name,
                    "uses": order.agent.uses,
                    # Its options may name hosts and folders that are nobody's business.
                    "profile": digest_of(msgspec.json.encode(order.agent, order="deterministic")),
                },
                "sandbox": {"uses": order.sandbox.uses, "image": order.sandbox.image},
                "spent": {"usd": candidate.spent_usd, "known": candidate.agent.usd_known},
                "factory": version,
            },
        },
    }


def statement_on_commit(
    judged: Sequence[tuple[Candidate, PublicVerdict]], word: VerdictWord, *, version: str
) -> dict[str, Any]:
    """One statement on a commit that several specs judge; of one spec it is `statement`'s own.

    Where there are more, its extension has `specs`, a list, in place of what it tells of one.

    Args:
        judged: at least one candidate, all of one commit, each with its public verdict.
        word: the verdict that they come to together.
        version: of the factory that judged.
    """
    every = [statement(public, candidate, version=version) for candidate, public in judged]
    whole = every[0]
    if len(every) == 1:
        return whole
    predicate = whole["predicate"]
    configuration = [item for one in every for item in one["predicate"]["configuration"]]
    predicate["configuration"] = list({item["name"]: item for item in configuration}.values())
    predicate["result"] = _RESULTS[word]
    kept = ("verdict", "failureClass", "requirementsNotMet", "spec", "suite")
    extension = predicate[EXTENSION]
    specs = [{key: one["predicate"][EXTENSION][key] for key in kept} for one in every]
    predicate[EXTENSION] = {
        "verdict": word,
        "specs": specs,
        **{key: value for key, value in extension.items() if key not in kept},
    }
    return whole


def attestable(whole: Mapping[str, Any]) -> dict[str, Any]:
    """A statement of ours for a signer that knows a subject by its SHA-256 alone.

    GitHub's attestations are such. A commit has none that git would know it by, so the subject
    is the text of the commit's id; the predicate is the same.
    """
    (subject,) = whole["subject"]
    commit = subject["digest"]["gitCommit"]
    name, digest = f"{subject['name']}@{commit}", {"sha256": _of_id(commit)}
    return {**whole, "subject": [{"name": name, "digest": digest}]}


def _of_id(commit: str) -> str:
    return sha256(commit.encode()).hexdigest()


def told(found: Any, commit: str) -> VerdictWord:
    """The verdict that a statement, of which the signature is known to be good, gives of a commit.

    It may be `attestable`.

    Raises:
        RecordError: it is no statement of ours, or one on something else.
    """
    try:
        (subject,) = found["subject"]
        digest, name = subject["digest"], str(subject["name"])
        about = digest.get("gitCommit") == commit or digest.get("sha256") == _of_id(commit)
        if (found["_type"], found["predicateType"]) != (STATEMENT_TYPE, PREDICATE_TYPE):
            raise RecordError(f"it is a statement of another type, {found['predicateType']!r}")
        predicate = found["predicate"]
        word, result = predicate[EXTENSION]["verdict"], predicate["result"]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RecordError("it is not an in-toto statement on a verdict") from error
    if not about:
        raise RecordError(f"it is about {digest.get('gitCommit') or name}, not {commit}")
    if word not in get_args(VerdictWord) or _RESULTS[word] != result:
        raise RecordError(f"it says {word!r} and {result!r}, which do not go together")
    return word  # type: ignore[no-any-return]


def _named(path: str, digest: str) -> dict[str, Any]:
    algorithm, _, value = digest.partition(":")
    return {"name": path, "digest": {algorithm: value}}
