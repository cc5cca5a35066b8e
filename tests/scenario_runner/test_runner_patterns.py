"""Regular expressions: Python's meaning, RE2's time."""

from __future__ import annotations

import re

import pytest
from scenario_runner.engine import patterns
from scenario_runner.errors import StepFailed

CASES = [
    ("^[a-z]{8}$", ["abcdefgh", "abcdefgh\n", "abcdefghi", "ABCDEFGH", ""]),
    (r"^\w+$", ["año_1", "a b", "日本", "é!", "²"]),
    (r"^\d+$", ["123", "٣٤", "12a", "½"]),
    (r"^\S+\s\S+$", ["a b", "a\u00a0b", "a\u2003b", "ab", "a\x1cb"]),
    (r"[^\d]", ["1", "a", "12x"]),
    (r"[\W\d]", ["a", "1", "-", "é"]),
    (r"[\D]", ["1", "x"]),
    ("(?i)^straße$", ["STRAßE", "straße", "strasse"]),
    ("(?i)^[a-c]+$", ["AbC", "abd"]),
    ("(?m)^x$", ["a\nx\nb", "ax\nb", "x"]),
    ("(?s)a.b", ["a\nb", "ab"]),
    ("a.b", ["a\nb", "axb", "a\u2028b"]),
    ("(?x) a b # so", ["ab", "a b"]),
    ("(?a)^\\w+$", ["abc", "é"]),
    ("(?:a|b|)c$", ["c", "ac", "bc", "bcd"]),
    ("(foo|ba[rz])?!", ["foo!", "baz!", "!", "ba"]),
    ("a{2,3}b{2}c{1,}", ["aabbc", "aaaabbcc", "abbc"]),
    ("a{0}b", ["b", "ab"]),
    (r"\.\*\[\]\\$", [".*[]\\", "x"]),
    (r"[\]\-^a]$", ["]", "-", "^", "a", "b"]),
    (r"\Aab\Z", ["ab", "ab\n", "xab"]),
    (r"\bcat\b", ["a cat!", "concat", "cat"]),
    ("(?P<year>[0-9]{4})-x", ["2024-x", "24-x"]),
    ("a+?b", ["aab", "b"]),
    ("x*", ["", "y"]),
    ("(?i:a)B", ["AB", "aB", "ab"]),
    ("[^a]", ["a", "b", "\n"]),
    ("€{2}", ["€€", "€"]),
]


@pytest.mark.parametrize(("pattern", "texts"), CASES)
def test_a_pattern_means_what_python_says(pattern, texts):
    compiled = patterns.compile_safe(pattern)
    for text in texts:
        assert patterns.search(compiled, text) is (re.search(pattern, text) is not None), text


@pytest.mark.parametrize(
    "pattern", ["(?=a)b", "(?<!a)b", "(?>a+)b", "a++b", r"[^\W_]", "(?!x)", r"(a)?(?(1)b|c)"]
)
def test_what_has_no_linear_search_is_refused(pattern):
    with pytest.raises(ValueError, match=r"linear time|for ever"):
        patterns.compile_safe(pattern)


def test_re2_searches_a_long_text_that_would_hold_up_python():
    import re2

    assert re2
    compiled = patterns.compile_safe("a*a*a*a*a*a*b")
    assert not patterns.search(compiled, "a" * 1_000_000)


def test_a_lone_surrogate_is_text_too():
    assert not patterns.search(patterns.compile_safe("x"), "\ud800")


def test_without_re2_a_long_text_is_never_said_not_to_match(monkeypatch):
    monkeypatch.setattr(patterns, "_re2", lambda: None)
    compiled = patterns.compile_safe("^a+b$")
    assert patterns.search(compiled, "aab")
    with pytest.raises(StepFailed, match="longer than"):
        patterns.search(compiled, "a" * (patterns.MAX_TEXT_LENGTH + 1))
