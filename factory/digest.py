"""The digest by which texts are named: in records, in the ledger, in a brief."""

from __future__ import annotations

import hashlib


def digest_of(data: bytes | str) -> str:
    """`sha256:` and the digest of these bytes, or of a text's UTF-8 bytes."""
    body = data.encode() if isinstance(data, str) else data
    return "sha256:" + hashlib.sha256(body).hexdigest()
