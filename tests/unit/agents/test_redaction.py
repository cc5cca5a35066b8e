"""Whatever has the shape of a key goes, wherever it stands; the rest stays as it is."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.agents.redaction import REDACTED, redactor

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
KEYS = {
    "anthropic": "sk-ant-api03-aB3_x-9",
    "openai": "sk-" + LETTERS,
    "openai-project": "sk-proj-" + LETTERS,
    "github-classic": "ghp_" + LETTERS,
    "github-oauth": "gho_" + LETTERS,
    "github-user": "ghu_" + LETTERS,
    "github-server": "ghs_" + LETTERS,
    "github-refresh": "ghr_" + LETTERS,
    "github-fine": "github_pat_" + LETTERS,
    "slack": "xoxb-123456789012-abcdef",
    "aws": "AKIAABCDEFGHIJKLMNOP",
    "aws-session": "ASIAABCDEFGHIJKLMNOP",
    "private": "-----BEGIN RSA PRIVATE KEY-----\nMIIEow+/=\n",
}
REDACT = redactor()
around = st.text(alphabet=" \n\"'=:,;()[]{}<>é—", max_size=20)


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
@given(before=around, after=around)
def test_a_key_goes_wherever_it_stands(key: str, before: str, after: str) -> None:
    found = REDACT(f"{before}{key}{after}")
    assert key.strip() not in found and REDACTED in found
    assert found.startswith(before)


@given(st.lists(st.sampled_from(sorted(KEYS.values())), min_size=1, max_size=6), around)
def test_of_several_none_stays(keys: list[str], between: str) -> None:
    found = REDACT(f" {between} ".join(keys))
    for key in keys:
        assert key.strip() not in found


@given(st.text(max_size=200))
def test_text_without_a_key_is_left_alone(text: str) -> None:
    if not re.search(r"sk-|gh[pousr]_|github_pat_|xox|A[KS]IA|-----BEGIN", text):
        assert REDACT(text) == text


def test_a_secret_that_is_known_goes_first() -> None:
    secret = "correct horse sk-"
    assert redactor([secret])(f"{secret}abc") == f"{REDACTED}abc"
