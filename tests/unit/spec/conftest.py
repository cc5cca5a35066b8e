"""No test of the gate may pass because the gate failed: such a finding is raised instead."""

from collections.abc import Iterator

import pytest

from factory.spec.finding import Finding


@pytest.fixture(scope="session", autouse=True)
def gate_that_may_not_fail() -> Iterator[None]:
    def refuse(error: Exception, path: str) -> Finding:
        raise error

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("factory.spec.gate.our_fault", refuse)
        yield
