"""Statements that GitHub attested: Sigstore bundles, read by Sigstore's own library, an extra.

Nobody holds a key there. A certificate, good for minutes, says which workflow signed, in whose run,
and a public log has it. Private repositories have no log, and are for `gh` (docs/verify.md).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from factory.errors import ConfigurationError, FactoryError, Inconclusive, RecordError
from factory.forge.address import DEFAULT_SERVER
from factory.verdict.statement import PAYLOAD_TYPE

ISSUER = "https://token.actions.githubusercontent.com"
# No server of a team's own attests anything.
SERVER = f"{DEFAULT_SERVER}/"
LIMIT_BYTES = 16 * 1024 * 1024
"""The most that a file of bundles may hold."""


@dataclass(frozen=True, kw_only=True)
class Signer:
    """The workflow that signs, in a run of which repository, on which ref of it.

    `workflow` is OWNER/NAME/.github/workflows/FILE@REF with a full ref. Whoever may push a branch
    to `source` can have that workflow sign anything there: so `source_ref` counts as well.
    """

    workflow: str
    source: str
    source_ref: str


def bundles_in(text: str) -> list[str]:
    """The bundles in a file: one, or one a line as `gh attestation download` writes them.

    Raises:
        RecordError: it is longer than LIMIT_BYTES.
    """
    if len(text.encode("utf-8", "replace")) > LIMIT_BYTES:
        raise RecordError(f"it has more than {LIMIT_BYTES} bytes")
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return [line for line in text.splitlines() if line.strip()]
    return [text]


def attested_by(signer: Signer, trusted_root: Path | None = None) -> Callable[[str], Any]:
    """A function that gives what a bundle holds, once `signer` is seen to have signed it.

    It raises RecordError for what is no bundle, or not signed so.

    Args:
        trusted_root: whom to trust, as Sigstore writes it; None fetches the public instance's.

    Raises:
        ConfigurationError: the library is not there, or `trusted_root` cannot be used.
        Inconclusive: the public instance's roots could not be fetched.
    """
    try:
        from sigstore import errors, models
        from sigstore.verify import policy
    except ImportError as error:
        raise ConfigurationError(
            "the library `sigstore` is not installed",
            mend="pip install 'dark-factory[attestations]', or let `gh attestation verify` do it",
        ) from error
    verifier = _verifier(trusted_root)
    wanted = policy.AllOf(
        [
            policy.Identity(identity=SERVER + signer.workflow, issuer=ISSUER),
            policy.OIDCSourceRepositoryURI(SERVER + signer.source),
            policy.OIDCSourceRepositoryRef(signer.source_ref),
        ]
    )

    def opened(text: str) -> Any:
        try:
            kind, payload = verifier.verify_dsse(models.Bundle.from_json(text), wanted)
        except errors.VerificationError as error:
            raise RecordError(f"it is not signed as asked: {error}") from error
        except Exception as error:
            # The library raises what its parsers do; whatever it is, this is no bundle.
            raise RecordError("it is not a Sigstore bundle with an entry of the log") from error
        if kind != PAYLOAD_TYPE:
            raise RecordError(f"it holds {kind!r}, not a statement")
        try:
            return json.loads(payload)
        except (ValueError, RecursionError) as error:
            raise RecordError("what was signed is not JSON") from error

    return opened


def _verifier(trusted_root: Path | None) -> Any:
    from sigstore.models import TrustedRoot
    from sigstore.verify import Verifier

    try:
        if trusted_root:
            return Verifier(trusted_root=TrustedRoot.from_file(str(trusted_root)))
        return Verifier.production()
    except Exception as error:
        raise _no_root(trusted_root) from error


def _no_root(trusted_root: Path | None) -> FactoryError:
    if trusted_root:
        return ConfigurationError(
            "this is no trusted root of a Sigstore with a log",
            path=str(trusted_root),
            mend="leave --trusted-root out; for a private repository use `gh attestation verify`",
        )
    return Inconclusive(
        "whom Sigstore trusts could not be fetched",
        mend="look at the network, or pass --trusted-root FILE",
    )
