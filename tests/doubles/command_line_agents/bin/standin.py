"""What the stand-ins have in common: strict flags, the way to the service, commands, faults.

Runs in the cell, with nothing but the standard library.
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
import urllib.parse

USAGE = {"input": 1000, "cached": 300, "written": 200, "output": 50}


class Flags:
    """The words after the program's name, by the real one's flags and how many words each takes."""

    def __init__(self, known, words, refuse, positional=0):
        self.given, self.rest = {}, []
        words = list(words)
        while words:
            word = words.pop(0)
            name, equals, value = word.partition("=") if word.startswith("--") else (word, "", "")
            if word == "-" or not word.startswith("-"):
                self.rest.append(word)
                continue
            if name not in known:
                refuse(name)
            takes = known[name]
            if not takes:
                self.given.setdefault(name, []).append(True)
                continue
            if not equals:
                if not words:
                    refuse(name)
                value = words.pop(0)
            self.given.setdefault(name, []).append(value)
        if len(self.rest) > positional:
            refuse(self.rest[positional])

    def one(self, *names, default=None):
        """The last value of a flag under any of its names."""
        found = [value for name in names for value in self.given.get(name, [])]
        return found[-1] if found else default

    def all(self, *names):
        """All its values."""
        return [value for name in names for value in self.given.get(name, [])]


def leave(message, code):
    """End as a program does that does not understand its words."""
    sys.stderr.write(message + "\n")
    sys.exit(code)


class Model:
    """The service at `host:port`, reached as the environment says; counts what it was asked."""

    def __init__(self, address, key):
        url = urllib.parse.urlsplit(address if "//" in address else f"https://{address}")
        self.host, self.port = url.hostname, url.port or 443
        self.key, self.turn = key, 0
        self.spent = []

    def ask(self):
        """The next turn; None where the key is refused."""
        proxy = urllib.parse.urlsplit(os.environ["HTTPS_PROXY"])
        connection = http.client.HTTPConnection(proxy.hostname, proxy.port, timeout=20)
        connection.set_tunnel(self.host, self.port)
        connection.connect()
        question = json.dumps({"key": self.key, "turn": self.turn})
        connection.sock.sendall(question.encode() + b"\n")
        with connection.sock.makefile("rb") as answer:
            turn = json.loads(answer.readline())
        connection.close()
        self.turn += 1
        if turn.get("refused"):
            return None
        self.spent.append({**USAGE, **turn.get("usage", {})})
        misbehave(turn.get("fault"))
        return turn

    def total(self, name):
        """Of all that was asked."""
        return sum(one[name] for one in self.spent)


def misbehave(fault):
    """What no honest program does."""
    if fault == "die":
        os.kill(os.getpid(), 9)
    elif fault == "half":
        sys.stdout.write('{"type": "resu')
        sys.stdout.flush()
        sys.exit(0)
    elif fault == "flood":
        while True:
            sys.stdout.write("x" * 1_000_000)
    elif fault == "hang":
        time.sleep(600)
    elif isinstance(fault, dict):
        for line in fault["lines"]:
            sys.stdout.write(line + "\n")
        sys.stdout.flush()
        if "exit" in fault:
            os._exit(fault["exit"])


def shell(command):
    """(exit code, output) of a command, run as an agent runs one."""
    done = subprocess.run(
        ["bash", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        errors="replace", stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return done.returncode, done.stdout


def emit(**event):
    """One line of JSON."""
    sys.stdout.write(json.dumps(event, separators=(",", ":")) + "\n")
    sys.stdout.flush()
