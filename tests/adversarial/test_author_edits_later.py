"""Spec author: changes the spec after the gate; what counts is the text that was gated."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import msgspec
import pytest

from factory.errors import FactoryError
from factory.plan import request_retry
from factory.records import Candidate, PublicVerdict, RetryRequest, WorkOrder, read
from factory.ship import ship
from tests.adversarial.subject_bench import ENVIRONMENT, feature, server
from tests.adversarial.tiny_line import Run, factory, lay_out
from tests.conftest import require

SERVER = server('if self.path == "/hello":\n    return self.answer(b"hello")')["server.py"]
SUITE = feature('When I send GET "/hello"\nThen the response status is 500')


@pytest.fixture(scope="module")
def failed(tmp_path_factory) -> Run:
    """A run whose first attempt has failed, with a second one left."""
    require("git", "bwrap")
    folder = lay_out(tmp_path_factory.mktemp("line"), server=SERVER, suite=SUITE, attempts=2)
    run = factory(folder, "run", "--json")
    assert run.code == 1 and len(run.attempts) == 2, run.err
    return run


@pytest.fixture
def request_file(failed: Run, tmp_path: Path) -> Path:
    first = failed.attempts[0]
    candidate = read(Candidate, first / "candidate.json")
    request = request_retry(candidate, read(PublicVerdict, first / "public-verdict.json"))
    assert isinstance(request, RetryRequest)
    return request.write(tmp_path / "retry.json")


def edit(failed: Run, old: str, new: str) -> None:
    """Change the merged spec and merge that too."""
    path = failed.folder / "specs/specs/greeting.md"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    for words in (["add", "-A"], ["commit", "-qm", "x"]):
        subprocess.run(["git", *words], cwd=path.parent, env=ENVIRONMENT, check=True)


def test_the_order_holds_the_text_that_was_gated(failed: Run) -> None:
    for folder in failed.attempts:
        order = read(WorkOrder, folder / "work-order.json")
        digest = hashlib.sha256(order.spec.text.encode()).hexdigest()
        assert order.spec.digest == f"sha256:{digest}"
        assert order.spec.text.split("---\n")[2].strip() in order.brief
        public = read(PublicVerdict, folder / "public-verdict.json")
        assert public.spec_digest == order.spec.digest


def test_an_attempt_at_a_text_that_has_changed_is_refused(
    failed: Run, request_file: Path, tmp_path: Path
) -> None:
    words = ("plan", "--retry", str(request_file), "--out", str(tmp_path / "out"), "--json")
    run = factory(failed.folder, *words)
    assert run.code == 0 and run.data["orders"][0]["attempt"] == 2, run.err
    for old, new in (("status 200", "status 200 and a back door"), ("version: 1", "version: 2")):
        edit(failed, old, new)
        out = tmp_path / new[-6:].strip()
        run = factory(failed.folder, "plan", "--retry", str(request_file), "--out", str(out))
        edit(failed, new, old)
        assert run.code == 2 and "changed" in run.err
        assert not list(out.rglob("work-order.json"))


def test_a_verdict_on_the_old_text_ships_nothing(failed: Run, tmp_path: Path) -> None:
    folder = failed.attempts[-1]
    candidate = read(Candidate, folder / "candidate.json")
    public = read(PublicVerdict, folder / "public-verdict.json")
    passed = msgspec.structs.replace(
        public, verdict="pass", failure_class=None, other=False, spec_digest="sha256:" + "0" * 64
    )

    def main() -> str:
        found = subprocess.run(
            ["git", "rev-parse", "main"], cwd=failed.folder / "product", env=ENVIRONMENT,
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return found.stdout.strip()

    before = main()
    with pytest.raises(FactoryError, match="spec_digest"):
        ship(
            candidate,
            passed,
            out=tmp_path,
            clone_url=str(failed.folder / "product"),
            git_environment={},
            now="2026-11-22T21:00:00Z",
        )
    assert main() == before
