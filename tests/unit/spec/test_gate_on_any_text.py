"""Whatever stands in a spec, the gate answers, and each finding stands on a line that exists."""

import tempfile
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from factory import resources
from factory.spec.gate import check_files

FEATURE = (resources.folder("spec-templates") / "feature.md").read_text("utf-8")
PIECES = st.lists(
    st.sampled_from(
        [
            "\n", "\n\n", "- ", "  - ", "1. ", "## ", "### ", "> ", "| a | b |\n| --- | --- |\n",
            "| ",
            "R1: ", "E2: ", "C3: ", "R1, E2: ", "Given ", "when ", "then ", "Inputs\n", "Rules\n",
            "Edge cases\n", "Evaluation\n", "Constraints\n", "Invalid: ", "Valid: ", "the service ",
            "stores it and sends an e-mail ", "is approved ", "should ", "quickly ", "within 200 ",
            "at most 5 MB ", "1 to 64 characters ", "TBD ", "[NEEDS CLARIFICATION: x] ", "etc. ",
            "Redis ", "`GET /a` ", "“quoted” ", "'single' ", "``", "```\n", "<!-- ", " -->",
            "<!-- gate: allow vague-word: a reason of words -->", "<!-- gate: allow x -->",
            "<div>", "&amp;", "[a]: b\n", "é", "İ", "\u2028", "\t", "\r\n", "?", "; ", ": ", ". ",
            "several files ", "about 5 ", "…", "*shadow tour* ", "costs 5 EUR ", "KYC ",
        ]
    ),
    max_size=40,
).map("".join)  # fmt: skip


def lines_of(data: bytes) -> int:
    return data.count(b"\n") + 1


@example(21, 0, "\u2028<!-- gate: allow vague-word: a reason of words -->")
@settings(max_examples=150)
@given(st.integers(0, len(FEATURE)), st.integers(0, 400), PIECES | st.text(max_size=60))
def test_findings_stand_on_lines_that_exist(at: int, cut: int, text: str) -> None:
    data = (FEATURE[:at] + text + FEATURE[at + cut :]).encode("utf-8", "surrogatepass")
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "spec.md"
        path.write_bytes(data)
        findings, count = check_files([path])
        assert count == 1 and path.read_bytes() == data
    for one in findings:
        assert 1 <= one.line <= lines_of(data), one
        assert one.column >= 1 and one.message, one
