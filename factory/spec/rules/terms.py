"""One thing, one name: what the glossary knows, and what it lacks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from factory.spec.finding import Finding
from factory.spec.language.calendar import DAYS, MONTHS
from factory.spec.language.late import late
from factory.spec.language.measures import NOT_A_UNIT, singular
from factory.spec.language.word_list import word_set
from factory.spec.rules.about import title_and
from factory.spec.spoken import Spoken
from factory.spec.surroundings import Surroundings

# Known to everyone who writes or reads specs.
_KNOWN = word_set(
    """
    API APIs CLI URL URLs URI URIs HTTP HTTPS HTML CSS JSON YAML XML CSV TSV PDF PDFs PNG JPEG JPG
    GIF SVG WEBP ZIP TAR GZIP MP3 MP4 UTF ASCII ISO IEC IEEE RFC UTC GMT ID IDs IP TCP UDP DNS TLS
    SSL SSH SFTP FTP SMTP IMAP SMS USB PIN QR OK UI UX OS PC TV GPS VAT USD EUR GBP CHF JPY USA UK
    EU US IBAN BIC ISBN ISSN EAN UUID UUIDs GUID MIME REST SQL CPU RAM SSD KB MB GB TB KIB MIB GIB
    MS PM AM AD BC CEO HR IT FAQ WCAG ARIA GDPR POSIX EOF NUL BOM CRLF LF CR NULL TRUE FALSE GET
    POST PUT PATCH DELETE HEAD OPTIONS AND OR NOT IF THEN WHEN GIVEN MUST SHALL A I MAY X Y Z N R
    E C TODO TBD TBC FIXME XXX ETA SLA DST LED LCD WIFI WAN LAN NFC RFID BLE MQTT XLSX DOCX DOC
    ODS ICS VCF EXIF GEOJSON WGS84 OAUTH OIDC SAML SSO MFA 2FA TOTP HMAC SHA MD5 AES RSA JWT CORS
    CSRF XSS CRUD SDK IDE CI CD PR PRs AI ML FIFO LIFO RGB HEX DPI FPS RPM KPH MPH KG CM MM KM KW
    KWH PH CET CEST EST PST
    """
)
_ACRONYM = late(r"[A-Z][A-Z0-9]{1,6}s?\Z")
# `*shadow tour*` and `**late wing**`, but not where the sentence says what they are.
_EMPHASISED = late(
    r"(?<![*_\w])(\*\*?|__?)([A-Za-z][\w' -]{2,40}?)\1(?![*\w])(?!,? (?:is|are|means)\b|:)"
)
_LONGEST_EMPHASIS = 80
"""With its marks, and what behind them would tell that it is explained."""
_TITLES = frozenset(("Mr", "Ms", "Mrs", "Dr", "Prof", "Herr", "Frau", "Sister", "Sir", "Madam"))
_MONTHS_AND_DAYS = frozenset((*MONTHS, *DAYS)) | word_set(
    """
    christmas easter english german french spanish italian europe european american british berlin
    london paris
    """
)


def terms(said: Iterable[Spoken], around: Surroundings) -> Iterator[Finding]:
    """`synonym` and `undefined-term`; only where there is a glossary."""
    if around.terms is None:
        return
    told: set[str] = set()
    about = ""
    for one in said:
        about = about or title_and(one.document, "What", "Who", "Inputs", "Outputs")
        yield from _synonyms(one, around)
        yield from _undefined(one, around, about, told)


def _synonyms(one: Spoken, around: Surroundings) -> Iterator[Finding]:
    words = one.sentence.words
    at = 0
    while at < len(words):
        for length in around.lengths:
            phrase = words[at : at + length]
            if len(phrase) < length:
                continue
            known = _known(phrase, around.terms or {})
            if known:
                at += length - 1
                break
            meant = _known(phrase, around.synonyms)
            if meant:
                yield one.finding(
                    "synonym", at, f"{one.written(at, at + length)!r}: the glossary says {meant!r}",
                    f"write {meant!r}",
                )  # fmt: skip
                at += length - 1
                break
        at += 1


def _known(phrase: list[str], mapping: Mapping[str, str]) -> str | None:
    """What a phrase, or its singular, stands for in a mapping of lower-case phrases."""
    plain = " ".join(phrase)
    return mapping.get(plain) or mapping.get(" ".join([*phrase[:-1], singular(phrase[-1])]))


def _undefined(one: Spoken, around: Surroundings, about: str, told: set[str]) -> Iterator[Finding]:
    texts = one.sentence.texts
    known = around.terms or {}
    for at, end in _names(one, about):
        phrase = " ".join(texts[at:end])
        lower = [text.lower() for text in texts[at:end]]
        if phrase in told or _is_somebody(phrase) or _defined(lower, known, around):
            continue
        if _explained(one, at, end):
            continue
        told.add(phrase)
        yield undefined(one, at, phrase)
    starts = one.sentence.offset(0), one.sentence.offset(len(texts) - 1)
    # Not to the end of the passage, which may hold a hundred thousand sentences.
    for found in _EMPHASISED.finditer(one.passage.raw, starts[0], starts[1] + _LONGEST_EMPHASIS):
        phrase = found[2]
        if found.start() > starts[1] or phrase in told or _is_somebody(phrase):
            continue
        if not _defined(phrase.lower().split(), known, around):
            told.add(phrase)
            nearest = min(
                range(len(texts)), key=lambda n: abs(one.sentence.offset(n) - found.start(2))
            )
            yield undefined(one, nearest, phrase)


def undefined(one: Spoken, at: int, phrase: str) -> Finding:
    """The finding for a phrase at the word `at` that the glossary does not know."""
    return one.finding(
        "undefined-term", at, f"the glossary does not know {phrase!r}",
        "add it to context/glossary.yml, or use a term that stands there",
    )  # fmt: skip


def _is_somebody(phrase: str) -> bool:
    """Whether it is a title and a name: `Ms Brandt`."""
    title, _, name = phrase.partition(" ")
    return title in _TITLES and name != "" and " " not in name


def _names(one: Spoken, about: str) -> Iterator[tuple[int, int]]:
    """(first word, one past the last) of what is called by a name in a sentence."""
    texts = one.sentence.texts
    at = 0
    while at < len(texts):
        end = _end_of_name(texts, at)
        if end - at >= 2 or _is_unknown_acronym(one, at) or (at and _is_coined(texts[at])):
            yield at, end
        elif kind := _end_of_kind(one, at, about):
            yield at, kind
            end = kind
        at = max(end, at + 1)


def _end_of_kind(one: Spoken, at: int, about: str) -> int:
    """One past what `a Harkness hold` or `a Fehlblatt` calls by a single name; or 0.

    What the spec is `about`, as `an Excel file`, is the product's surroundings.
    """
    texts = one.sentence.texts
    name = texts[at]
    if not (one.requirement and at and texts[at - 1].lower() in _ONE_OF_ITS_KIND):
        return 0
    if not _is_capitalised(name) or len(name) < _SHORTEST_NAME or name.lower() in _WELL_KNOWN:
        return 0
    if name in about:
        return 0
    noun = one.sentence.words[at + 1] if at + 1 < len(texts) else ""
    return at + 2 if noun.isalpha() and noun == texts[at + 1] and noun not in NOT_A_UNIT else at + 1


_ONE_OF_ITS_KIND = frozenset(("a", "an", "each", "every"))
_SHORTEST_NAME = 4
_WELL_KNOWN = word_set(
    """
    bluetooth excel word google apple android windows linux unicode gregorian julian roman latin
    greek cyrillic arabic hebrew markdown python java docker git slack outlook gmail visa mastercard
    paypal swiss dutch portuguese polish russian ukrainian chinese japanese korean turkish danish
    swedish norwegian finnish austrian belgian irish scottish welsh canadian indian czech hungarian
    romanian croatian braille gaussian boolean internet ethernet facebook instagram whatsapp twitter
    youtube github gitlab jira zoom teams stripe klarna iphone ipad macos chrome firefox safari
    edge catholic protestant christian jewish muslim powerpoint postscript truetype opentype
    """
)


def _end_of_name(texts: list[str], at: int) -> int:
    """One past a run of words with capitals inside a sentence, such as `Settlement Window`."""
    if (
        at == 0
        or texts[at - 1] in (".", ":", "!", "?", "(", "–", "—", "-")
        or (texts[at - 1][0] in '`"“«')
    ):
        return at + 1
    end = at
    if _is_coined(texts[at]):
        return at + 1 if at + 1 == len(texts) or not _is_capitalised(texts[at + 1]) else at + 2
    while end < len(texts) and _is_capitalised(texts[end]):
        end += 1
    return max(end, at + 1)


def _is_coined(text: str) -> bool:
    """Whether it is a name of two parts, as `Backfill-Spot`, and neither a key nor a letter."""
    first, _, second = text.partition("-")
    return _is_capitalised(first) and _is_capitalised(second) and len(first) > 2 and len(second) > 2


def _is_capitalised(text: str) -> bool:
    return (
        len(text) > 1
        and text[0].isupper()
        and text[1:].islower()
        and (text.lower() not in _MONTHS_AND_DAYS)
    )


def _is_unknown_acronym(one: Spoken, at: int) -> bool:
    text = one.sentence.text(at)
    return bool(_ACRONYM.match(text)) and text not in _KNOWN and text.rstrip("s") not in _KNOWN


def _defined(words: list[str], known: Mapping[str, str], around: Surroundings) -> bool:
    """Whether the glossary knows the phrase, or each word of it."""
    return bool(_known(words, known) or _known(words, around.synonyms)) or all(
        _known([word], known) for word in words
    )


def _explained(one: Spoken, at: int, end: int) -> bool:
    """`Know Your Customer (KYC)`: either half explains the other."""
    texts = one.sentence.texts
    # What stands in code is the product's own: a parameter, a column.
    if end - at == 1 and _is_in_code(texts[at], one.document.text):
        return True
    before = texts[at - 1] if at else ""
    after = texts[end] if end < len(texts) else ""
    return before == "(" or after == "("


@lru_cache(maxsize=64)
def _is_in_code(word: str, text: str) -> bool:
    return re.search(rf"`[^`\n]*\b{re.escape(word)}\b", text) is not None
