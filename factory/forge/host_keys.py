"""Host keys of a git server: which lines of known_hosts are about it, and their fingerprints."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable

# https://docs.github.com/authentication/keeping-your-account-and-data-secure
GITHUB_FINGERPRINTS = frozenset(
    {
        "+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU",  # ed25519
        "p2QAMXNIC1TJYWeIOttrVc98/R1BUFWu3/LiyKgUfQM",  # ECDSA
        "uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s",  # RSA
    }
)
LEAKED_FINGERPRINT = "nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8"
"""github.com's RSA key until 2023-03-24, whose private half was public for a while."""


def fingerprint(key: str) -> str:
    """The SHA-256 fingerprint, without its prefix, of `TYPE BASE64 …`; "" where it is no key."""
    words = key.split()
    try:
        raw = base64.b64decode(words[1], validate=True)
    except (IndexError, binascii.Error):
        return ""
    return base64.b64encode(hashlib.sha256(raw).digest()).decode().rstrip("=")


def fingerprints(keys: Iterable[str]) -> frozenset[str]:
    """The fingerprints of those that are keys."""
    return frozenset(found for key in keys if (found := fingerprint(key)))


def keys_of(known_hosts: str, host: str) -> list[str]:
    """The keys that known_hosts has for `host`, as `TYPE BASE64`, revoked ones left out.

    A hashed name may be of any host, so that its line counts for each.
    """
    found = []
    for line in known_hosts.splitlines():
        words = line.split()
        if len(words) < 3 or line.startswith(("#", "@")):
            continue
        names = words[0].split(",")
        if host in names or f"[{host}]:22" in names or words[0].startswith("|1|"):
            found.append(" ".join(words[1:3]))
    return found
