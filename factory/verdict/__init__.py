"""Judge a candidate: decide in private, redact, and say in public what may be said."""

from factory.verdict.decide import decide
from factory.verdict.present import check_output
from factory.verdict.reasons import Reason, Unavailable
from factory.verdict.redact import message_bits, message_count, redact, unavailable, word_bits

__all__ = [
    "Reason",
    "Unavailable",
    "check_output",
    "decide",
    "message_bits",
    "message_count",
    "redact",
    "unavailable",
    "word_bits",
]
