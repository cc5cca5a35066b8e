"""A model's server that lies, floods, breaks off: no level of the budget is ever passed.

bench/budget.py runs both ten thousand times.
"""

from __future__ import annotations

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from messages_api.factory_of_runs import FactoryOfRuns, dishonest, honest, one_attempt

# Without shrinking: each step asks a model, and a failing run is short as it is.
PHASES = (Phase.explicit, Phase.generate)

TestFactoryOfRuns = FactoryOfRuns.TestCase
TestFactoryOfRuns.settings = settings(max_examples=30, stateful_step_count=12, phases=PHASES)


@settings(max_examples=80, phases=PHASES)
@given(
    st.lists(dishonest | honest, min_size=1, max_size=4),
    st.sampled_from((20, 45, 150)),
    st.none() | st.integers(10_000, 60_000),
)
def test_one_attempt_is_never_charged_more_than_it_may_spend(plans, cents, tokens):
    one_attempt(plans, cents, tokens)
