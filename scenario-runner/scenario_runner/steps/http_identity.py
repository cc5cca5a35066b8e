"""Who sends the requests: basic and bearer credentials, and taking headers back."""

from __future__ import annotations

import base64

from scenario_runner.engine.context import ScenarioContext
from scenario_runner.engine.phrases import phrase
from scenario_runner.errors import StepFailed
from scenario_runner.steps.http import drop_header, request_header


@phrase(
    "the requests sign in as {user:string} with password {password:string}",
    keyword="Given",
    about="All later requests carry basic authentication (RFC 7617), in UTF-8.",
    example='Given the requests sign in as "ann" with password "s3cret"',
)
def basic(context: ScenarioContext, user: str, password: str) -> None:
    if ":" in user:
        raise StepFailed("basic authentication allows no colon in a user's name", seen=user)
    pair = base64.b64encode(f"{user}:{password}".encode()).decode()
    request_header(context, "Authorization", f"Basic {pair}")


@phrase(
    "the requests carry the bearer token {token:string}",
    keyword="Given",
    about="All later requests carry it in their Authorization header (RFC 6750).",
    example='Given the requests carry the bearer token "${token}"',
)
def bearer(context: ScenarioContext, token: str) -> None:
    request_header(context, "Authorization", f"Bearer {token}")


@phrase(
    "the requests carry no credentials",
    keyword="Given",
    about="Later requests have no Authorization header and no cookie.",
    example="Given the requests carry no credentials",
)
def no_credentials(context: ScenarioContext) -> None:
    drop_header(context, "Authorization")
    drop_header(context, "Cookie")
    context.cookies.clear()


@phrase(
    "the requests carry no header {name:string}",
    keyword="Given",
    about="Takes back a header that an earlier step gave.",
    example='Given the requests carry no header "X-API-Key"',
)
def without_header(context: ScenarioContext, name: str) -> None:
    drop_header(context, name)
