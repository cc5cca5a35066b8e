"""Judge a suite: run it against services that keep to no spec, and see what they pass."""

from factory.scenarios.strength.judge import Judged, judge, sends_requests

__all__ = ["Judged", "judge", "sends_requests"]
