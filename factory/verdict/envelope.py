"""Statements under a signature: DSSE envelopes, by securesystemslib.

Keys are PEM files as `openssl genpkey -algorithm ed25519` writes them. Ed25519 signs the same
text always alike, so posting a verdict again posts the same.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from factory.errors import ConfigurationError, RecordError
from factory.verdict.statement import PAYLOAD_TYPE

LIMIT_BYTES = 60_000
"""The longest envelope: it travels in the text of a check run, which holds 65,535 characters."""


def signed(statement: dict[str, Any], private_key: str) -> str:
    """The envelope of a statement, as JSON on one line.

    Args:
        private_key: an Ed25519 key in PEM, without a password.

    Raises:
        ConfigurationError: the key cannot be used.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key
    from securesystemslib.dsse import Envelope
    from securesystemslib.signer import CryptoSigner  # type: ignore[attr-defined]

    try:
        key = load_pem_private_key(f"{private_key.strip()}\n".encode(), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError("it is not an Ed25519 key")
    except (ValueError, TypeError) as error:
        # Not the library's words: they may quote what was given.
        raise ConfigurationError(
            "the signing key is not an Ed25519 private key in PEM without a password",
            mend="make one with `openssl genpkey -algorithm ed25519`",
        ) from error
    payload = json.dumps(statement, separators=(",", ":"), ensure_ascii=False).encode()
    envelope = Envelope(payload, PAYLOAD_TYPE, {})
    envelope.sign(CryptoSigner(key))
    return json.dumps(envelope.to_dict(), separators=(",", ":"))


def opened(text: str, public_keys: Sequence[str]) -> Any:
    """What an envelope holds, once one of the keys is seen to have signed it.

    Args:
        text: the envelope as JSON; anybody may have written it.
        public_keys: in PEM.

    Raises:
        ConfigurationError: a key cannot be used.
        RecordError: it is no envelope, or none of the keys signed it.
    """
    from securesystemslib.dsse import Envelope
    from securesystemslib.exceptions import VerificationError

    if len(text.encode("utf-8", "replace")) > LIMIT_BYTES:
        raise RecordError(f"it has more than {LIMIT_BYTES} bytes")
    keys = [_public(one) for one in public_keys]
    try:
        envelope = Envelope.from_dict(json.loads(text))
        envelope.verify(keys, 1)
    except VerificationError as error:
        raise RecordError("none of the keys signed it") from error
    except Exception as error:
        # The library raises what its parsers do; whatever it is, this is no envelope.
        raise RecordError("it is not a signed envelope (DSSE)") from error
    if envelope.payload_type != PAYLOAD_TYPE:
        raise RecordError(f"it holds {envelope.payload_type!r}, not a statement")
    try:
        return json.loads(envelope.payload)
    except (ValueError, RecursionError) as error:
        raise RecordError("what was signed is not JSON") from error


def _public(pem: str) -> Any:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key
    from securesystemslib.signer import SSlibKey  # type: ignore[attr-defined]

    try:
        key = load_pem_public_key(f"{pem.strip()}\n".encode())
        if not isinstance(key, Ed25519PublicKey):
            raise ValueError("it is not an Ed25519 key")
    except (ValueError, TypeError) as error:
        raise ConfigurationError(
            "the key to verify with is not an Ed25519 public key in PEM",
            mend="write it with `openssl pkey -in signing.pem -pubout`",
        ) from error
    return SSlibKey.from_crypto(key)
