"""Judge a candidate: decide in private, redact, and say in public what may be said."""

from factory.verdict.attested import Signer, attested_by, bundles_in
from factory.verdict.course import Course, course_of
from factory.verdict.decide import decide
from factory.verdict.envelope import opened, signed
from factory.verdict.on_commit import check_on_commit
from factory.verdict.present import check_output, envelope_in, statement_text, under_way
from factory.verdict.reasons import WITHOUT_CANDIDATE, Reason, Unavailable
from factory.verdict.redact import (
    message_bits,
    message_count,
    redact,
    unavailable,
    undecided,
    word_bits,
)
from factory.verdict.statement import attestable, statement, statement_on_commit, told
from factory.verdict.telling import Say, Telling, tell
from factory.verdict.title import CLASSES, word_of

__all__ = [
    "CLASSES",
    "Course",
    "Reason",
    "Say",
    "Signer",
    "Telling",
    "Unavailable",
    "WITHOUT_CANDIDATE",
    "attestable",
    "attested_by",
    "bundles_in",
    "check_on_commit",
    "check_output",
    "course_of",
    "decide",
    "envelope_in",
    "message_bits",
    "message_count",
    "opened",
    "redact",
    "signed",
    "statement",
    "statement_on_commit",
    "statement_text",
    "tell",
    "told",
    "unavailable",
    "undecided",
    "under_way",
    "word_bits",
    "word_of",
]
