"""A service that is killed and started again, which the runner has to have started itself."""

from __future__ import annotations

from scenario_runner.engine.context import ScenarioContext
from scenario_runner.engine.phrases import phrase


@phrase(
    "the service is killed and started again",
    keyword="When",
    about="Ends all its processes with SIGKILL and starts it again, on what it had written. Goes "
    "on once it answers. Cookies are kept, connections are opened anew.",
    example="When the service is killed and started again",
)
def restart(context: ScenarioContext) -> None:
    context.subject.restart()


@phrase(
    "the service is killed",
    keyword="When",
    about="Ends all its processes with SIGKILL. What it had written is kept.",
    example="When the service is killed",
)
def kill(context: ScenarioContext) -> None:
    context.subject.kill()


@phrase(
    "the service is started again",
    keyword="When",
    about="After it was killed: starts it on what it had written; goes on once it answers.",
    example="When the service is started again",
)
def start_again(context: ScenarioContext) -> None:
    context.subject.start_again()
