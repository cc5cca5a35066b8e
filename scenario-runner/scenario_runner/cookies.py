"""The cookies of one scenario, as far as scenarios need them: one service, no other domains.

A client of RFC 6265 in small: name, value, path, and an end by Max-Age or Expires.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

MAX_COOKIES = 100


@dataclass(frozen=True, slots=True)
class Cookie:
    """`attributes` are those of the Set-Cookie header, names in lower case."""

    name: str
    value: str
    attributes: dict[str, str]

    @property
    def ended(self) -> bool:
        """Whether it is a cookie that takes a cookie away. Max-Age wins over Expires."""
        age = self.attributes.get("max-age", "")
        if age.removeprefix("-").isdigit():
            return age.startswith("-") or not age.strip("0")
        try:
            return parsedate_to_datetime(self.attributes["expires"]).timestamp() <= time.time()
        except (KeyError, ValueError, TypeError, OverflowError):
            return False

    def goes_to(self, path: str) -> bool:
        own = self.attributes.get("path", "")
        if not own.startswith("/"):
            return True
        path = path.partition("?")[0]
        return path == own or path.startswith(own if own.endswith("/") else own + "/")


def parse(header: str) -> Cookie | None:
    """One Set-Cookie header; None where it sets nothing."""
    pair, _, rest = header.partition(";")
    name, equals, value = pair.partition("=")
    if not equals or not name.strip():
        return None
    attributes = {}
    for part in rest.split(";"):
        key, _, text = part.partition("=")
        if key.strip():
            attributes[key.strip().lower()] = text.strip()
    return Cookie(name.strip(), value.strip().strip('"'), attributes)


def set_by(headers: Sequence[tuple[str, str]]) -> list[Cookie]:
    """What the Set-Cookie headers of one answer set, in their order."""
    found = [parse(value) for name, value in headers if name.lower() == "set-cookie"]
    return [cookie for cookie in found if cookie is not None]


class Jar:
    """`keeps`: whether answers may set cookies; those set by hand are sent in any case."""

    def __init__(self) -> None:
        self.keeps = False
        self._cookies: dict[tuple[str, str], Cookie] = {}

    def put(self, cookie: Cookie) -> None:
        key = (cookie.name, cookie.attributes.get("path", ""))
        self._cookies.pop(key, None)
        if not cookie.ended and len(self._cookies) < MAX_COOKIES:
            self._cookies[key] = cookie

    def absorb(self, headers: Sequence[tuple[str, str]]) -> None:
        if self.keeps:
            for cookie in set_by(headers):
                self.put(cookie)

    def clear(self) -> None:
        self._cookies.clear()

    def header(self, path: str) -> str | None:
        """What a request to the path says in its Cookie header."""
        pairs = [
            f"{each.name}={each.value}" for each in self._cookies.values() if each.goes_to(path)
        ]
        return "; ".join(pairs) or None
