"""Deploy keys that are never on disk, and secrets sealed so that only GitHub can open them."""

from __future__ import annotations

from factory.errors import AuthenticationError


def new_deploy_key() -> tuple[str, str]:
    """A new ed25519 key: its private half in OpenSSH's form, its public half as `TYPE BASE64`."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.OpenSSH,
        serialization.NoEncryption(),
    )
    text = private.decode("ascii")
    return text, public_half(text)


def public_half(private_key: str) -> str:
    """The public half, `TYPE BASE64`, of an unencrypted private key in OpenSSH or PEM form.

    Raises:
        AuthenticationError: it is no such key.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization

    raw = private_key.replace("\r\n", "\n").strip().encode() + b"\n"
    openssh = b"OPENSSH PRIVATE KEY" in raw.split(b"\n", 1)[0]
    load = serialization.load_ssh_private_key if openssh else serialization.load_pem_private_key
    try:
        public = (
            load(raw, None)
            .public_key()
            .public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
        )
    except (ValueError, TypeError, UnsupportedAlgorithm, AttributeError) as error:
        raise AuthenticationError(
            "the deploy key is not a private key without a passphrase",
            mend="store the whole private key file, from its BEGIN to its END line",
        ) from error
    return public.decode("ascii")


def sealed(public_key: str, value: str) -> str:
    """`value` in a sealed box of libsodium for GitHub's `public_key`; both in base64."""
    from github.PublicKey import encrypt

    return encrypt(public_key, value)
