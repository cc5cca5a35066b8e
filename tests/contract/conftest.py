"""GitHub's double, begun anew for each test, with the tokens that teams have."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys

import pytest

from tests.contract.github_bench import APP_TOKEN, FINE, JOB, PAT, SERVER, Double


@pytest.fixture(scope="module")
def app_key() -> tuple[str, str]:
    """A private key of an App, and its public half."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(65537, 2048)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private.decode(), public.decode()


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """One process for all tests here; each begins anew."""
    root = tmp_path_factory.mktemp("github")
    words = ["--root", str(root / "repositories"), "--parent", str(os.getpid())]
    process = subprocess.Popen([sys.executable, str(SERVER), *words], stdout=subprocess.PIPE)
    yield Double(root / "repositories", json.loads(process.stdout.readline())["url"])
    process.terminate()
    process.wait(10)
    process.stdout.close()


@pytest.fixture
def only_loopback(monkeypatch):
    """A name or an address elsewhere, github.com's for instance, is never asked for."""
    ask = socket.getaddrinfo

    def getaddrinfo(host, *words, **more):
        assert host in ("127.0.0.1", "localhost"), f"{host} was asked for"
        return ask(host, *words, **more)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.fixture
def double(running, app_key):
    write = {"contents": "write", "checks": "write"}
    repositories = ["acme/shortener"]
    fine = {"contents": "write", "statuses": "write", "checks": "read"}
    installation = {
        "id": 70,
        "account": "acme",
        "repositories": repositories,
        "permissions": write | {"metadata": "read"},
    }
    app = {"slug": "acme-factory", "public_key": app_key[1], "installations": [installation]}
    bought = {"kind": "installation", "app_id": 7, "repositories": repositories}
    state = {
        "repositories": {"acme/specs": {}, "acme/shortener": {}, "acme/secret": {}},
        "tokens": {
            JOB: {"kind": "actions", "repositories": ["acme/specs"], "permissions": write},
            PAT: {"kind": "pat", "login": "ann", "repositories": None},
            FINE: {"kind": "fine-grained", "repositories": repositories, "permissions": fine},
            APP_TOKEN: bought | {"permissions": write},
        },
        "apps": {"7": app},
    }
    running.control("reset", state)
    yield running
    assert running.state["violations"] == [], "a body that GitHub's own description refuses"
