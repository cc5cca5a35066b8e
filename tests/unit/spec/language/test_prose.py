"""Words of a passage: none of what is quoted, each where it stands."""

from hypothesis import given
from hypothesis import strategies as st

from factory.spec.language.prose import _TOKEN, LITERAL, _lowered, masked, sentences

PIECES = st.lists(
    st.sampled_from(
        ["The ", "link", "`a b`", "“x y”", ". ", "; ", "R1: ", "3.5 ms", "<!-- etc -->", "İ", "ß",
         "\n", "don't", "e.g. ", "``", "[", "](x)", "http://a/b", "??", "|", "#", "'q'"]
    )
).map("".join)  # fmt: skip


def words(raw: str) -> list[list[str]]:
    return [one.words for one in sentences(raw)]


def test_a_literal_is_one_word() -> None:
    assert words("- shows `fast` or “very slow”.") == [["-", "shows", LITERAL, "or", LITERAL, "."]]


def test_an_escaped_mark_and_inches_open_no_literal() -> None:
    assert words("shows \\`fast\\` here") == [["shows", "fast", "here"]]
    assert words('a 5" fast 3" lamp says "very slow"') == [
        ["a", "5", "fast", "3", "lamp", "says", LITERAL]
    ]


def test_ids_in_front_are_no_words() -> None:
    assert words("R1, E2: Given a link.") == [["given", "a", "link", "."]]


def test_sentences_end_at_their_marks_and_not_at_abbreviations() -> None:
    assert words("One, e.g. two. Three; four") == [
        ["one", ",", "e.g", ".", "two", "."],
        ["three", ";"],
        ["four"],
    ]
    assert words("It takes 3.5 seconds.") == [["it", "takes", "3.5", "seconds", "."]]


def test_what_a_literal_says_is_kept() -> None:
    [sentence] = sentences("the field `user name` of “A”")
    assert [sentence.literal(at) for at, one in enumerate(sentence.words) if one == LITERAL] == [
        "user name",
        "A",
    ]


def test_a_word_of_whatever_letters_is_one() -> None:
    assert words("Zwrot możliwy w Łodzi.") == [["zwrot", "możliwy", "w", "łodzi", "."]]


@given(PIECES | st.text(max_size=80))
def test_words_between_spaces_are_found_as_among_all_text(raw: str) -> None:
    found = [word for one in sentences(raw) for word in one.words]
    assert found == _TOKEN.findall(_lowered(masked(raw)))


@given(PIECES | st.text(max_size=80))
def test_every_word_stands_where_it_is_said_to(raw: str) -> None:
    assert len(masked(raw)) == len(raw)
    last = 0
    for sentence in sentences(raw):
        for at, word in enumerate(sentence.words):
            start, end = sentence.offset(at), sentence.end(at)
            assert last <= start < end <= len(raw)
            last = start
            if word != LITERAL:
                assert sentence.text(at).lower() == word or len(sentence.text(at).lower()) > len(
                    word
                )


def test_a_sentence_without_end_is_cut() -> None:
    assert max(len(one) for one in sentences("word " * 100_000)) <= 401
