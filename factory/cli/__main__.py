"""`python -m factory.cli`."""

from factory.cli.main import run

run()
