"""Ten thousand randomised runs under a model's server that lies: is any level ever passed?

    python bench/budget.py [--runs N]

Half are single attempts against one server, half whole factories: attempts that reserve, ask,
crash, go on and release, on a clock of their own (tests/doubles/messages_api/factory_of_runs.py).
Any level passed by a nano-dollar or a token, and any end that is not a defined one, stops it.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "doubles")]


def main() -> None:
    """Run them and print what they met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=10_000)
    runs = parser.parse_args().runs

    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import strategies as st
    from hypothesis.stateful import run_state_machine_as_test
    from messages_api import factory_of_runs as machines

    met: Counter[str] = Counter()
    planned = machines.FactoryOfRuns.planned

    def counted(self, body):
        plan = planned(self, body)
        met[plan["kind"]] += 1
        return plan

    machines.FactoryOfRuns.planned = counted
    profile = settings(
        max_examples=runs // 2, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    plans = st.lists(machines.dishonest | machines.honest, min_size=1, max_size=4)

    @profile
    @given(plans, st.sampled_from((20, 45, 150)), st.none() | st.integers(10_000, 60_000))
    def attempts(asked, cents, tokens):
        met["attempts"] += 1
        machines.one_attempt(asked, cents, tokens)

    began = time.monotonic()
    attempts()
    run_state_machine_as_test(
        machines.FactoryOfRuns, settings=settings(profile, stateful_step_count=12)
    )
    print(f"{runs} runs in {time.monotonic() - began:.0f} s; no level was passed")
    print("answers: " + ", ".join(f"{kind} {count}" for kind, count in met.most_common()))


if __name__ == "__main__":
    main()
