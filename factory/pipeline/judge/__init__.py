"""Judge a commit that somebody outside wrote: no plan, no build, no hold, only the holdouts."""

from factory.pipeline.judge.base import Asked
from factory.pipeline.judge.judge import Judgement, judge
from factory.pipeline.judge.publish import begin, complete, output_of, statement_of

__all__ = ["Asked", "Judgement", "begin", "complete", "judge", "output_of", "statement_of"]
