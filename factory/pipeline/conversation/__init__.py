"""Speak with people about a spec that failed for good: one issue, and what they answer there."""

from factory.pipeline.conversation.hearing import Heard, carry_out, hear
from factory.pipeline.conversation.keep import keep

__all__ = ["Heard", "carry_out", "hear", "keep"]
