"""The line: the one place where the order of the stages is written."""

from factory.pipeline.equipment import Equipment
from factory.pipeline.line import drive
from factory.pipeline.stages import STAGES, Stage

__all__ = ["STAGES", "Equipment", "Stage", "drive"]
