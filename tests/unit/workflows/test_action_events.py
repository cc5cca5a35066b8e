"""What an event asks for is read from it, and nothing is guessed."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def asked(script, monkeypatch, tmp_path):
    """`asked(name, event)`: the request for an attempt that the event carries."""
    events = script("events")

    def request(name: str, event: object):
        path = tmp_path / "event.json"
        path.write_text(json.dumps(event))
        monkeypatch.setenv("GITHUB_EVENT_PATH", str(path))
        monkeypatch.setenv("GITHUB_EVENT_NAME", name)
        return events.retry_request()

    request.error = events.EventError
    return request


def test_only_a_dispatch_of_that_type_asks_for_an_attempt(asked):
    payload = {"client_payload": {"request": {"attempt": 2}}}
    wanted = {"action": "factory-attempt", **payload}
    assert asked("repository_dispatch", wanted) == {"attempt": 2}
    assert asked("repository_dispatch", {"action": "factory-plan", **payload}) is None
    assert asked("push", wanted) is None


@pytest.mark.parametrize("payload", [None, [], {}, {"request": "x"}])
def test_a_request_that_is_none_is_an_error(asked, payload):
    with pytest.raises(asked.error, match="carries no request"):
        asked("repository_dispatch", {"action": "factory-attempt", "client_payload": payload})


def test_without_a_commit_nothing_is_guessed(script, monkeypatch):
    events = script("events")
    monkeypatch.setenv("GITHUB_SHA", "main")
    with pytest.raises(events.EventError, match="GITHUB_SHA"):
        events.commit()
