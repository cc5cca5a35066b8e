"""Agent: says that it spent more than it may: all that was set aside counts, and the day ends."""

from __future__ import annotations

import subprocess
from pathlib import Path

from factory import ledger
from tests.adversarial.subject_bench import ENVIRONMENT, feature, server
from tests.adversarial.tiny_line import factory, lay_out

WRONG = server('if self.path == "/hello":\n    return self.answer(b"no", 500)')["server.py"]


def test_the_next_attempt_is_refused_and_told_when_it_may_go_on(tmp_path: Path) -> None:
    ask = 'When I send GET "/hello"\nThen the response status is 200'
    suite = feature(ask, ask.replace("hello", "hello?again"))
    name = "scenarios/greeting/greeting.feature"
    suite[name] = suite[name].replace("@R1", "@R1 @R2 @E1")
    lay_out(tmp_path, server=WRONG, suite=suite, attempts=3)
    with (tmp_path / "agent" / "agent.py").open("a") as program:
        program.write("""print('{"total_cost_usd": 6}')\n""")
    specs = tmp_path / "specs"
    configuration = (specs / "factory.yml").read_text()
    assert "attempts: 3}" in configuration
    limited = configuration.replace("attempts: 3}", "attempts: 3}, day: {usd: 5}")
    (specs / "factory.yml").write_text(limited)
    subprocess.run(["git", "commit", "-qam", "limits"], cwd=specs, env=ENVIRONMENT, check=True)

    run = factory(tmp_path, "run", "--json")
    assert run.code == 4, run.err
    assert [one["verdict"] for one in run.data["attempts"]] == ["fail", "inconclusive"]
    refused = run.data["refused"]["greeting"]
    assert refused["level"] == "day" and refused["frees-at"].endswith("T00:00:00Z")
    assert "$5.0000 spent" in refused["message"]
    assert not (run.attempts[1] / "attempt.json").exists(), "nothing was begun"
    entries = ledger.read(url=str(specs), env={})
    told = {one.event: one for one in entries}
    assert told["reserved"].reserved_usd == told["released"].usd == 5 and told["built"].usd == 0

    again = factory(tmp_path, "run")
    assert again.code == 4
    assert "greeting: held up by the budget" in again.out and "mend: run again after" in again.out
    assert len(ledger.read(url=str(specs), env={})) == len(entries)
