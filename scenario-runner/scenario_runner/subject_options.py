"""The options of `scenario-runner run` that say what the subjects are, and how fresh."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

_OPTIONS = (
    click.option(
        "--subject",
        "subjects",
        required=True,
        multiple=True,
        metavar="[NAME=]SUBJECT",
        help="http(s)://…, http+unix://SOCKET (slashes as %2F), or a command to run. Or what the "
        "runner starts itself: service:COMMAND (listens on 127.0.0.1:{port}, also in PORT), "
        "image:NAME[:TAG], launcher:COMMAND. May be given several times, with a NAME each.",
    ),
    click.option(
        "--ready",
        multiple=True,
        metavar="[NAME=]PATH",
        help="A service that the runner starts is ready when this path answers below 500. "
        "[default: /]",
    ),
    click.option(
        "--port",
        "ports",
        multiple=True,
        metavar="[NAME=]PORT",
        help="Where the service listens inside the container of an image. [default: 8080]",
    ),
    click.option(
        "--start-timeout",
        type=click.FloatRange(min=0, min_open=True, max=86_400),
        default=30.0,
        show_default=True,
        metavar="SECONDS",
        help="A service that the runner starts has failed when it is not ready by then.",
    ),
    click.option(
        "--instances",
        type=click.IntRange(1, 1024),
        metavar="N",
        help="Keep to N instances of each subject that the runner starts: fewer are started "
        "ahead, and no more than N scenarios run side by side.  [default: as many as it takes]",
    ),
    click.option(
        "--fresh",
        type=click.Choice(["suite", "feature", "scenario"]),
        default="suite",
        show_default=True,
        help="How many scenarios share one state of the subject, where no tag @fresh:… says.",
    ),
    click.option(
        "--reset",
        "resets",
        multiple=True,
        metavar='"[NAME=]METHOD /PATH"',
        help="In place of a new instance: this request gives the subject its first state again.",
    ),
)


def subject_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add them, in their order in the help."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
