"""Choose a sandbox for a run, proven before first use; and say what there is, for the doctor."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from factory.errors import FactoryError, SandboxUnavailable
from factory.ports import scratch
from factory.records.work_order import SandboxChoice
from factory.sandbox.bubblewrap import Bubblewrap
from factory.sandbox.protocol import Sandbox

IMAGE_VARIABLE = "FACTORY_DOCKER_IMAGE"

_proven: dict[tuple[str, str | None], Sandbox] = {}


@dataclass(frozen=True, kw_only=True)
class Availability:
    """One kind of sandbox as found here; `reason` and `mend` are empty where it is available."""

    kind: str
    available: bool
    version: str = ""
    reason: str = ""
    mend: str = ""


def select(choice: SandboxChoice) -> Sandbox:
    """The chosen sandbox, its probes passed in this process.

    `auto` is bubblewrap, else Docker where an image is configured. A breach is never answered
    by trying the next kind.

    Raises:
        SandboxUnavailable: none can be started; says what to install.
        SandboxBreach: something that must be shut is open.
    """
    key = (choice.uses, _image(choice))
    if key not in _proven:
        scratch.sweep()
        _proven[key] = _choose(choice)
    return _proven[key]


def survey(image: str | None = None) -> list[Availability]:
    """Every kind of sandbox, tried with its probes; never raises for one that does not work."""
    choice = SandboxChoice(image=image)
    return [_tried("bubblewrap", _bubblewrap), _tried("docker", lambda: _docker(choice))]


def _choose(choice: SandboxChoice) -> Sandbox:
    makers: dict[str, Callable[[], Sandbox]] = {
        "bubblewrap": _bubblewrap,
        "docker": lambda: _docker(choice),
    }
    if choice.uses != "auto":
        return makers[choice.uses]()
    refused: list[str] = []
    mends: list[str] = []
    for kind, make in makers.items():
        try:
            return make()
        except SandboxUnavailable as error:
            refused.append(f"{kind}: {error.message}")
            mends.append(f"{kind}: {error.mend}")
    raise SandboxUnavailable(
        "no sandbox can be started here; " + "; ".join(refused), mend="; or ".join(mends)
    )


def _bubblewrap() -> Sandbox:
    sandbox = Bubblewrap()
    sandbox.probe()
    return sandbox


def _docker(choice: SandboxChoice) -> Sandbox:
    from factory.sandbox.docker import Docker

    image = _image(choice)
    if not image:
        raise SandboxUnavailable(
            "Docker is not used: no image is configured",
            mend=f"name an image that has python3 and sh: `sandbox: {{image: …}}` in "
            f"factory.yml, or {IMAGE_VARIABLE}",
        )
    sandbox = Docker(image)
    sandbox.probe()
    return sandbox


def _image(choice: SandboxChoice) -> str | None:
    return choice.image or os.environ.get(IMAGE_VARIABLE) or None


def _tried(kind: str, make: Callable[[], Sandbox]) -> Availability:
    try:
        return Availability(kind=kind, available=True, version=make().name.partition(" ")[2])
    except FactoryError as error:
        return Availability(kind=kind, available=False, reason=error.message, mend=error.mend)
