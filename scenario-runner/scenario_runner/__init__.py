"""Runs Gherkin scenarios against a subject from outside it, and reports what was observed."""

__version__ = "0.1.0"
