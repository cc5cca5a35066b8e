"""Lines such as "Status: Draft", of which people write several in one paragraph."""

from __future__ import annotations

import re

from factory.spec.importing.blocks import Block, Listing, Paragraph

_KEY = re.compile(r"[^\W\d_][\w /()-]{1,30}: ")


def facts_in(block: Block) -> list[str]:
    """Each such line, with what goes on below it; none where the block begins otherwise."""
    if not isinstance(block, Paragraph) or not _KEY.match(block.lines[0]):
        return []
    facts: list[str] = []
    for line in block.lines:
        if _KEY.match(line) or not facts:
            facts.append(line)
        else:
            facts[-1] += f" {line}"
    return facts


def apart(block: Block) -> Block:
    """Several facts in one paragraph as a list; any other block as it is."""
    facts = facts_in(block)
    return Listing(tuple((Paragraph((one,)),) for one in facts)) if len(facts) > 1 else block
