"""Evaluate: run the holdouts against the built candidate from outside its sandbox."""

from factory.evaluate.evaluate import evaluate
from factory.evaluate.scenarios import ScenarioSource
from factory.evaluate.suite import preflight, tags_of

__all__ = ["ScenarioSource", "evaluate", "preflight", "tags_of"]
