"""Words that tell how, in somebody's judgement: `marginally warmer`, `the booking looks shaky`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from factory.spec.language.word_list import word_set
from factory.spec.spoken import Spoken

# Two readers see the same in these. All other words in -ly are somebody's judgement.
_PLAIN = word_set(
    """
    only exactly internally july family apply reply early weekly daily monthly hourly yearly nightly
    quarterly annually separately jointly equally directly respectively additionally anonymously
    evenly italy supply multiply assembly anomaly ally rely comply imply randomly locally manually
    publicly simultaneously differently partly wrongly completely entirely fully wholly permanently
    horizontally vertically successfully previously currently newly initially finally originally
    individually temporarily globally remotely legally physically verbally orally formally
    officially secretly strictly solely merely namely firstly secondly thirdly lastly indirectly
    externally centrally nationally regionally collectively mutually consecutively successively
    explicitly implicitly uniquely identically independently presently formerly subsequently
    monopoly butterfly firefly dragonfly belly jelly bully rally tally holly lily ugly holy lonely
    elderly orderly costly deadly silly unruly curly hilly chilly oily diagonally chronologically
    alphabetically numerically lexically reassembly knowingly unknowingly willingly accidentally
    deliberately intentionally inadvertently mistakenly purposely electronically digitally
    automatically audibly visibly irrevocably irreversibly conditionally unconditionally exclusively
    inclusively perpendicularly linearly exponentially proportionally purely append-only read-only
    write-only openly lawfully unlawfully falsely truly statutorily contractually singly doubly
    bodily fly thoroughly-bred totally really likely unlikely possibly optionally nearly
    family-friendly emily sicily sally molly polly kelly billy wholly-owned radially axially
    laterally optically acoustically magnetically electrically thermally chemically genetically
    clinically surgically rectally intravenously medically mechanically statically dynamically
    asynchronously synchronously recursively sequentially serially literally verbatimly cyclically
    alternately alternatively oppositely inversely reversely immediately instantly eventually
    ideally preferably hopefully presumably probably supposedly undeliverably
    """
)


# Behind these it is no impression: `looks for`, `looks it up`, `looks like `A4``.
_NO_IMPRESSION = word_set(
    """
    at for up after through into in the a an on to under whether only out over back first from
    inside by there here again with and or it them him her this that these those as like around
    ahead down forward alike , . ; : ( )
    """
)
IMPRESSIONS = frozenset(("looks",))


def impressions(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """(first word, one past the last) of each impression: `looks shaky`, `looks out of place`."""
    for at, word in enumerate(words[:-1]):
        after = words[at + 1]
        if word not in IMPRESSIONS or not at or not after[0].isalpha():
            continue
        if after not in _NO_IMPRESSION or words[at + 1 : at + 3] == ["out", "of"]:
            yield at, at + 2


def judging(one: Spoken, known: frozenset[str]) -> Iterator[tuple[int, int]]:
    """(first word, one past the last) of each such adverb; `known`: what other rules look for."""
    words = one.sentence.words
    for at, word in enumerate(words):
        if at == 0 and words[1:2] != [","]:
            continue  # `Ledgerly sends`: its capital says nothing here.
        if (
            word.endswith("ly")
            and word not in _PLAIN
            and word not in known
            and len(word) > 4
            and "-" not in word
        ):
            yield at, at + 1
