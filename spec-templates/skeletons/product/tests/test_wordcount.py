"""The command as a process of its own, in a folder of its own."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM = Path(__file__).resolve().parent.parent / "wordcount.py"


class WordCount(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def run_it(self, *arguments: str) -> tuple[int, str, str]:
        """(exit code, output, error output)."""
        done = subprocess.run(
            [sys.executable, str(PROGRAM), *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    def count(self, text: str) -> tuple[int, str, str]:
        (self.folder / "text").write_text(text, encoding="utf-8")
        return self.run_it("text")

    def test_words_are_counted(self) -> None:
        self.assertEqual(self.count("one two\nthree"), (0, "3\n", ""))

    def test_spaces_tabs_and_line_ends_separate_words(self) -> None:
        self.assertEqual(self.count("\n one \t two\r\n\n"), (0, "2\n", ""))

    def test_punctuation_belongs_to_its_word(self) -> None:
        self.assertEqual(self.count("well-known, isn't it?"), (0, "3\n", ""))

    def test_a_file_without_words(self) -> None:
        for text in ("", " \n\t"):
            with self.subTest(text=text):
                self.assertEqual(self.count(text), (0, "0\n", ""))

    def test_what_is_no_text_file(self) -> None:
        (self.folder / "bytes").write_bytes(b"\xff\xfe")
        self.assertEqual(self.run_it("nothing"), (1, "", "nothing: not found\n"))
        self.assertEqual(self.run_it("."), (1, "", ".: not a text file\n"))
        self.assertEqual(self.run_it("bytes"), (1, "", "bytes: not a text file\n"))

    def test_one_file_is_asked_for(self) -> None:
        for arguments in ((), ("a", "b")):
            with self.subTest(arguments=arguments):
                self.assertEqual(self.run_it(*arguments), (2, "", "usage: wordcount FILE\n"))


if __name__ == "__main__":
    unittest.main()
