"""Where a service is, read from its address. It loads no client: many runs only look."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from scenario_runner.errors import UsageFault


@dataclass(frozen=True, slots=True)
class Target:
    """Where the service is: `unix_path` for http+unix, else `host` and `port`."""

    host: str
    port: int
    tls: bool = False
    unix_path: str | None = None
    prefix: str = ""

    @staticmethod
    def parse(url: str) -> Target:
        """Raises UsageFault for an address that cannot be used."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as problem:
            raise UsageFault(f"--subject {url}: {problem}") from None
        if parts.scheme == "http+unix":
            path = unquote(parts.netloc)
            if not path.startswith("/"):
                raise UsageFault(
                    f"--subject {url}: give the socket's absolute path with each / as %2F"
                )
            return Target("localhost", 80, unix_path=path, prefix=parts.path.rstrip("/"))
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UsageFault(f"--subject {url}: not an http or https address")
        tls = parts.scheme == "https"
        port = port or (443 if tls else 80)
        return Target(parts.hostname, port, tls, prefix=parts.path.rstrip("/"))
