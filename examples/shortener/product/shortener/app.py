"""Routes and handlers: a Request in, a Response out."""

import re
import secrets
import time
from collections.abc import Callable

from shortener import validation
from shortener.messages import ApiError, Request, Response, json_response
from shortener.store import AliasTaken, Link, Store

# Without 0, 1, i, l and o, which people confuse.
ALIAS_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
ALIAS_CHARACTERS = 7
ALIAS_TRIES = 5

Handler = Callable[..., Response]


class App:
    """The service. ``now`` gives the time in seconds since 1970 and can be replaced."""

    def __init__(self, store: Store, now: Callable[[], float] = time.time) -> None:
        self._store = store
        self._now = now
        # (method, pattern of the whole path, handler); named groups become arguments.
        self._routes: list[tuple[str, re.Pattern[str], Handler]] = [
            ("GET", re.compile(r"/health"), self._health),
            ("POST", re.compile(r"/links"), self._create),
            ("GET", re.compile(r"/(?P<alias>[^/]+)"), self._redirect),
        ]

    def handle(self, request: Request) -> Response:
        """Answer one request; errors become answers too."""
        try:
            return self._dispatch(request)
        except ApiError as error:
            return error.response()

    def _dispatch(self, request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        allowed = []
        for route_method, pattern, handler in self._routes:
            match = pattern.fullmatch(request.path)
            if match is None:
                continue
            if route_method == method:
                return handler(request, **match.groupdict())
            allowed.append(route_method)
        if allowed:
            raise ApiError(
                405,
                "method_not_allowed",
                f"this path does not know {request.method}",
                {"Allow": ", ".join(sorted(set(allowed)))},
            )
        raise ApiError(404, "not_found", "there is nothing here")

    def _health(self, request: Request) -> Response:
        return json_response(200, {"status": "ok"})

    def _create(self, request: Request) -> Response:
        body = validation.json_object(request.body)
        url = validation.url(body.get("url"))
        link = self._add_with_new_alias(url)
        return json_response(201, {"alias": link.alias, "url": link.url})

    def _add_with_new_alias(self, url: str) -> Link:
        for _ in range(ALIAS_TRIES):
            alias = "".join(secrets.choice(ALIAS_ALPHABET) for _ in range(ALIAS_CHARACTERS))
            link = Link(alias, url, self._now())
            try:
                self._store.add(link)
            except AliasTaken:
                continue
            return link
        raise ApiError(503, "no_free_alias", "no free alias was found, try again")

    def _redirect(self, request: Request, alias: str) -> Response:
        link = self._find(alias)
        return Response(302, headers={"Location": link.url})

    def _find(self, alias: str) -> Link:
        link = self._store.find(alias)
        if link is None:
            raise ApiError(404, "not_found", "there is no link with this alias")
        return link
