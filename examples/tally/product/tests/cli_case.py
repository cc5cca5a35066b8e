"""A test case that runs commands in a folder of its own."""

import contextlib
import io
import os
import tempfile
import unittest
from pathlib import Path

from tally.cli import run


class CliCase(unittest.TestCase):
    """``tally(...)`` runs a command; ``code``, ``out`` and ``err`` hold what came of it."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(folder.name)

    def tally(self, *arguments: str) -> str:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            self.code = run(arguments)
        self.out, self.err = out.getvalue(), err.getvalue()
        return self.out

    def write(self, name: str, *lines: str) -> None:
        Path(name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")

    def ledger(self, *rows: str, name: str = "ledger.csv") -> None:
        self.write(name, "date,account,amount,currency,note", *rows)

    def assert_failed(self, code: int, text: str) -> None:
        self.assertEqual(self.code, code, self.err)
        self.assertEqual(self.out, "")
        self.assertIn(text, self.err)
