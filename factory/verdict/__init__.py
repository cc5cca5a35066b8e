"""Judge a candidate: decide in private, redact, and say in public what may be said."""

from factory.verdict.decide import decide
from factory.verdict.present import check_output
from factory.verdict.reasons import WITHOUT_CANDIDATE, Reason, Unavailable
from factory.verdict.redact import message_bits, message_count, redact, unavailable, word_bits

__all__ = [
    "Reason",
    "Unavailable",
    "WITHOUT_CANDIDATE",
    "check_output",
    "decide",
    "message_bits",
    "message_count",
    "redact",
    "unavailable",
    "word_bits",
]
