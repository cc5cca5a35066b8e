"""About how many tokens a text is, told offline."""

from __future__ import annotations

import math

MOST_CHARACTERS = 3.5
FEWEST_CHARACTERS = 2.5


def likely_tokens(text: str) -> tuple[int, int]:
    """From how many to how many tokens an English text likely is, to a model of Anthropic's.

    Both ratios are Anthropic's own. 3.5 characters of English a token: the glossary
    (https://platform.claude.com/docs/en/about-claude/glossary), for models before Claude Opus 4.7.
    2.5 characters a token, 1M tokens being "roughly 555k words or 2.5M Unicode characters": the
    overview of models (https://platform.claude.com/docs/en/about-claude/models), for the tokenizer
    that came with Claude Opus 4.7. Other languages, tables and code take more. It is no bound: no
    budget may rely on it.
    """
    low, high = (math.ceil(len(text) / ratio) for ratio in (MOST_CHARACTERS, FEWEST_CHARACTERS))
    return low, high
