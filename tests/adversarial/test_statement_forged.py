"""Attack: somebody who may write checks, or hands over a file, wants a commit to be deployed."""

from __future__ import annotations

import base64
import json

import pytest
from click.testing import CliRunner

from factory.cli.main import group
from factory.errors import Inconclusive
from factory.verdict import signed, statement_text
from tests.unit.verdict.test_statement import COMMIT, PRIVATE, PUBLIC, keys, stated

OTHER = "d" * 40
GOOD = signed(stated(), PRIVATE)


def payload_of(envelope: str, **changes) -> str:
    """The envelope with other words under the same signature."""
    data = json.loads(envelope)
    told = json.loads(base64.b64decode(data["payload"])) | changes
    data["payload"] = base64.b64encode(json.dumps(told).encode()).decode()
    return json.dumps(data)


FAILED = signed(stated(verdict="fail"), PRIVATE)
SUBJECT = [{"name": "acme/shortener", "digest": {"gitCommit": OTHER, "gitTree": "e" * 40}}]
FORGED = {
    "unsigned": json.dumps(stated()),
    "another key's": signed(stated(), keys()[0]),
    "a fail made a pass": payload_of(FAILED, predicate=stated()["predicate"]),
    "of another commit": signed({**stated(), "subject": SUBJECT}, PRIVATE),
    "two subjects": signed({**stated(), "subject": [*stated()["subject"], *SUBJECT]}, PRIVATE),
    "no signatures": json.dumps({**json.loads(GOOD), "signatures": []}),
    "another type": json.dumps({**json.loads(GOOD), "payloadType": "text/plain"}),
    "signed twice by one": json.dumps(
        {**json.loads(FAILED), "signatures": json.loads(FAILED)["signatures"] * 2}
    ),
    "a passed result alone": signed(
        {**stated(verdict="fail"), "predicate": {**stated(verdict="fail")["predicate"],
                                                 "result": "PASSED"}}, PRIVATE
    ),
    "deep": "[" * 50_000,
    "long": GOOD + " " * 100_000,
    "empty": "",
}  # fmt: skip


def verified(tmp_path, text: str, commit: str = COMMIT):
    (tmp_path / "statement").write_text(text)
    (tmp_path / "key").write_text(PUBLIC)
    words = [commit, "--statement", str(tmp_path / "statement"), "--key", str(tmp_path / "key")]
    return CliRunner().invoke(group, ["verify", *words], standalone_mode=False)


def test_the_honest_one_is_believed(tmp_path):
    assert verified(tmp_path, GOOD).return_value == 0
    assert verified(tmp_path, statement_text(GOOD)).return_value == 0


@pytest.mark.parametrize("kind", FORGED)
def test_no_forgery_lets_anything_be_deployed(tmp_path, kind):
    done = verified(tmp_path, FORGED[kind])
    assert isinstance(done.exception, Inconclusive), done.output


def test_a_good_statement_says_nothing_of_another_commit(tmp_path):
    assert isinstance(verified(tmp_path, GOOD, OTHER).exception, Inconclusive)


def test_what_is_printed_of_a_statement_cannot_steer_a_terminal(tmp_path):
    told = stated()
    told["predicate"]["dark-factory"]["run"] = "\x1b[2Jrun\u202e"
    done = verified(tmp_path, signed(told, PRIVATE))
    assert done.return_value == 0 and "\x1b" not in done.output and "\u202e" not in done.output
