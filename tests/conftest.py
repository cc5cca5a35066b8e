"""Shared by every test: what a test needs from the system, said aloud."""

from __future__ import annotations

import os
import shutil

import pytest

# Suites that tests copy and run elsewhere.
collect_ignore_glob = ["cases/*"]

try:
    from hypothesis import settings
except ImportError:  # The copy of the suite that a plain user runs has no property in it.
    pass
else:
    # No property is about speed. Where a change is to be judged, the same examples are tried each
    # time: it is not refused for what it did not touch. Elsewhere new examples are looked for.
    settings.register_profile("search", deadline=None)
    settings.register_profile("judge", deadline=None, derandomize=True)
    settings.load_profile("judge" if os.environ.get("FACTORY_REQUIRE_ALL") == "1" else "search")


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say what is left out; with several workers pytest itself does not."""
    left_out = "not nightly" in config.option.markexpr
    return ["tests marked `nightly` are left out: `make test-all`"] if left_out else []


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """A third of the suite's time is waiting, so half as many workers again as there are cores."""
    return max(1, len(os.sched_getaffinity(0)) * 3 // 2)


def require(*tools: str) -> None:
    """Skip where a system tool is missing; under FACTORY_REQUIRE_ALL=1 fail instead."""
    missing = [tool for tool in tools if shutil.which(tool) is None]
    if missing:
        give_up(f"needs {', '.join(missing)} on PATH")


def give_up(reason: str) -> None:
    """Skip for `reason`; under FACTORY_REQUIRE_ALL=1 a skip is a failure."""
    if os.environ.get("FACTORY_REQUIRE_ALL") == "1":
        pytest.fail(f"FACTORY_REQUIRE_ALL=1: {reason}")
    pytest.skip(reason)


@pytest.fixture
def needs():
    """`needs("sshd", "act")`: the system tools a test cannot do without."""
    return require
