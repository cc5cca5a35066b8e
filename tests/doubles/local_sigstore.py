"""A Sigstore of one's own: an authority, a log of certificates and a log of signatures.

It makes bundles as GitHub's attestations are in public repositories, and the trusted root by which
Sigstore's own library finds them good. Each log has room for one entry.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import json
import struct
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID, NameOID

ORIGIN = "log.example"
SIGSTORE = "1.3.6.1.4.1.57264.1."
PAYLOAD_TYPE = "application/vnd.in-toto+json"


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode()


def spki(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def key_id(key: ec.EllipticCurvePrivateKey) -> bytes:
    return hashlib.sha256(spki(key)).digest()


def signed(key: ec.EllipticCurvePrivateKey, data: bytes) -> bytes:
    return key.sign(data, ec.ECDSA(hashes.SHA256()))


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


class LocalSigstore:
    def __init__(self) -> None:
        self.authority, self.certificates, self.log = new_key(), new_key(), new_key()
        self.now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sigstore.example")])
        usage = dict.fromkeys(
            ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
             "key_agreement", "encipher_only", "decipher_only"), False
        )  # fmt: skip
        self.root = (
            self._builder(name, self.authority)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(x509.KeyUsage(key_cert_sign=True, crl_sign=True, **usage), critical=True)
            .sign(self.authority, hashes.SHA256())
        )

    def _builder(self, subject: x509.Name, key: ec.EllipticCurvePrivateKey) -> Any:
        issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sigstore.example")])
        public = key.public_key()
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(self.now - datetime.timedelta(minutes=1))
            .not_valid_after(self.now + datetime.timedelta(minutes=9))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        )

    def trusted_root(self) -> str:
        def log(key: ec.EllipticCurvePrivateKey) -> dict[str, Any]:
            return {
                "baseUrl": f"https://{ORIGIN}",
                "hashAlgorithm": "SHA2_256",
                "publicKey": {
                    "rawBytes": base64_of(spki(key)),
                    "keyDetails": "PKIX_ECDSA_P256_SHA_256",
                    "validFor": {"start": "2021-01-01T00:00:00Z"},
                },
                "logId": {"keyId": base64_of(key_id(key))},
            }

        authority = {
            "subject": {"organization": "example", "commonName": "sigstore.example"},
            "uri": "https://ca.example",
            "certChain": {
                "certificates": [{"rawBytes": base64_of(self.root.public_bytes(Encoding.DER))}]
            },
            "validFor": {"start": "2021-01-01T00:00:00Z"},
        }
        return json.dumps({
            "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
            "tlogs": [log(self.log)],
            "certificateAuthorities": [authority],
            "ctlogs": [log(self.certificates)],
            "timestampAuthorities": [],
        })  # fmt: skip

    def certificate(
        self, key: ec.EllipticCurvePrivateKey, workflow: str, source: str, ref: str, issuer: str
    ) -> x509.Certificate:
        """For a workflow, in a run of `source` on `ref`; its entry in the log is in it."""
        said = {"1": issuer.encode(), "12": _text(source), "14": _text(ref)}
        names = x509.SubjectAlternativeName([x509.UniformResourceIdentifier(workflow)])
        above = self.root.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        identifier = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(above)
        usage = dict.fromkeys(
            ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
             "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"), False
        )  # fmt: skip
        builder = (
            self._builder(x509.Name([]), key)
            .add_extension(x509.KeyUsage(digital_signature=True, **usage), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), False)
            .add_extension(identifier, critical=False)
            .add_extension(names, critical=True)
        )
        for number, value in said.items():
            oid = x509.ObjectIdentifier(SIGSTORE + number)
            builder = builder.add_extension(x509.UnrecognizedExtension(oid, value), False)
        entry = builder.sign(self.authority, hashes.SHA256()).tbs_certificate_bytes
        logged = x509.UnrecognizedExtension(
            ExtensionOID.PRECERT_SIGNED_CERTIFICATE_TIMESTAMPS, self._logged(entry)
        )
        return builder.add_extension(logged, False).sign(self.authority, hashes.SHA256())

    def _logged(self, entry: bytes) -> bytes:
        """The promise of the log of certificates (RFC 6962), as the extension holds it."""
        moment = int(self.now.timestamp() * 1000)
        length = struct.pack("!I", len(entry))[1:]
        body = struct.pack("!BBQH", 0, 0, moment, 1) + key_id(self.authority) + length + entry
        signature = signed(self.certificates, body + b"\0\0")
        promise = struct.pack("!B32sQHBBH", 0, key_id(self.certificates), moment, 0, 4, 3,
                              len(signature)) + signature  # fmt: skip
        listed = struct.pack("!HH", len(promise) + 2, len(promise)) + promise
        return bytes([0x04, len(listed)]) + listed

    def bundle(
        self, payload: bytes, *, workflow: str, source: str, ref: str,
        issuer: str = "https://token.actions.githubusercontent.com", kind: str = PAYLOAD_TYPE,
    ) -> dict[str, Any]:  # fmt: skip
        """An attestation of `payload`."""
        key = new_key()
        certificate = self.certificate(key, workflow, source, ref, issuer)
        signature = signed(key, b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(payload),
                                                         payload))  # fmt: skip
        envelope = {
            "payload": base64_of(payload),
            "payloadType": kind,
            "signatures": [{"sig": base64_of(signature)}],
        }
        body = json.dumps({
            "apiVersion": "0.0.1",
            "kind": "dsse",
            "spec": {
                "envelopeHash": {"algorithm": "sha256", "value": "0" * 64},
                "payloadHash": {
                    "algorithm": "sha256", "value": hashlib.sha256(payload).hexdigest(),
                },
                "signatures": [{
                    "signature": base64_of(signature),
                    "verifier": base64_of(certificate.public_bytes(Encoding.PEM)),
                }],
            },
        }).encode()  # fmt: skip
        return {
            "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
            "verificationMaterial": {
                "certificate": {"rawBytes": base64_of(certificate.public_bytes(Encoding.DER))},
                "tlogEntries": [self._entry(body)],
            },
            "dsseEnvelope": envelope,
        }

    def _entry(self, body: bytes) -> dict[str, Any]:
        """The one entry of the log of signatures, with its proof and the log's promise."""
        root = base64_of(hashlib.sha256(b"\0" + body).digest())
        note = f"{ORIGIN}\n1\n{root}\n"
        mark = base64_of(key_id(self.log)[:4] + signed(self.log, note.encode()))
        at = int(self.now.timestamp())
        promised = {"body": base64_of(body), "integratedTime": at, "logID": key_id(self.log).hex(),
                    "logIndex": 0}  # fmt: skip
        promise = json.dumps(promised, separators=(",", ":"), sort_keys=True).encode()
        return {
            "logIndex": "0",
            "logId": {"keyId": base64_of(key_id(self.log))},
            "kindVersion": {"kind": "dsse", "version": "0.0.1"},
            "integratedTime": str(at),
            "inclusionPromise": {"signedEntryTimestamp": base64_of(signed(self.log, promise))},
            "inclusionProof": {
                "logIndex": "0",
                "rootHash": root,
                "treeSize": "1",
                "hashes": [],
                "checkpoint": {"envelope": f"{note}\n\u2014 {ORIGIN} {mark}\n"},
            },
            "canonicalizedBody": base64_of(body),
        }


def _text(value: str) -> bytes:
    """A UTF8String in DER, of at most 127 bytes."""
    return bytes([0x0C, len(value)]) + value.encode()
