#!/usr/bin/env python3
"""Count the words of a text file: `wordcount FILE`."""

import re
import sys
from pathlib import Path

USAGE = "usage: wordcount FILE\n"


def count(text: str) -> int:
    """The number of words: runs of characters between spaces, tabs and line ends."""
    return len(re.findall(r"[^ \t\r\n]+", text))


def main(arguments: list[str]) -> int:
    """Print the number of words of one file; return the exit code."""
    if len(arguments) != 1:
        sys.stderr.write(USAGE)
        return 2
    name = arguments[0]
    try:
        text = Path(name).read_bytes().decode("utf-8")
    except FileNotFoundError:
        sys.stderr.write(f"{name}: not found\n")
        return 1
    except (OSError, UnicodeDecodeError):
        sys.stderr.write(f"{name}: not a text file\n")
        return 1
    sys.stdout.write(f"{count(text)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
