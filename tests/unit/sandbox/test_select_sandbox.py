"""Which sandbox is chosen, and that a breach is never answered by trying another."""

from __future__ import annotations

import pytest

from factory.errors import SandboxBreach, SandboxUnavailable
from factory.records.work_order import SandboxChoice
from factory.sandbox import docker, select


class Stand:
    """A sandbox whose probe does what the test says."""

    def __init__(self, kind: str, error: Exception | None) -> None:
        self.name = f"{kind} 1.0"
        self.error = error
        self.probed = 0

    def probe(self) -> None:
        self.probed += 1
        if self.error:
            raise self.error


@pytest.fixture
def stand(monkeypatch):
    monkeypatch.setattr(select, "_proven", {})
    monkeypatch.delenv(select.IMAGE_VARIABLE, raising=False)

    def place(bubblewrap: Exception | None = None, container: Exception | None = None):
        made = {"bubblewrap": Stand("bubblewrap", bubblewrap), "docker": Stand("docker", container)}
        monkeypatch.setattr(select, "Bubblewrap", lambda: made["bubblewrap"])
        monkeypatch.setattr(docker, "Docker", lambda image: made["docker"])
        return made

    return place


GONE = SandboxUnavailable("no bwrap", mend="install bwrap")


def test_auto_takes_bubblewrap_and_probes_once(stand) -> None:
    made = stand()
    assert select.select(SandboxChoice()) is made["bubblewrap"]
    assert select.select(SandboxChoice()) is made["bubblewrap"]
    assert made["bubblewrap"].probed == 1


def test_auto_takes_docker_where_an_image_is_configured(stand, monkeypatch) -> None:
    made = stand(bubblewrap=GONE)
    assert select.select(SandboxChoice(image="python:3.11")) is made["docker"]
    monkeypatch.setenv(select.IMAGE_VARIABLE, "python:3.11")
    assert select.select(SandboxChoice()) is made["docker"]
    assert made["docker"].probed == 1


def test_without_any_the_mend_names_both(stand) -> None:
    stand(bubblewrap=GONE)
    with pytest.raises(SandboxUnavailable) as caught:
        select.select(SandboxChoice())
    assert "install bwrap" in caught.value.mend
    assert select.IMAGE_VARIABLE in caught.value.mend
    assert caught.value.exit_code == 5


def test_a_breach_is_a_refusal_and_not_a_reason_to_try_the_next(stand) -> None:
    made = stand(bubblewrap=SandboxBreach("probe network: open"))
    with pytest.raises(SandboxBreach):
        select.select(SandboxChoice(image="python:3.11"))
    assert made["docker"].probed == 0
    with pytest.raises(SandboxBreach):
        select.select(SandboxChoice(image="python:3.11"))
    assert made["bubblewrap"].probed == 2


def test_a_named_kind_is_never_replaced(stand) -> None:
    stand(bubblewrap=GONE)
    with pytest.raises(SandboxUnavailable, match="no bwrap"):
        select.select(SandboxChoice(uses="bubblewrap", image="python:3.11"))
    with pytest.raises(SandboxUnavailable, match="no image is configured"):
        select.select(SandboxChoice(uses="docker"))


def test_the_survey_tells_of_each_and_raises_nothing(stand) -> None:
    stand(container=SandboxBreach("probe network: open", mend="report this"))
    found = select.survey(image="python:3.11")
    assert found == [
        select.Availability(kind="bubblewrap", available=True, version="1.0"),
        select.Availability(
            kind="docker", available=False, reason="probe network: open", mend="report this"
        ),
    ]
