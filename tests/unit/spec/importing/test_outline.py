"""What a Markdown document says is read, and what its page does not show is told of."""

import pytest

from tests.unit.spec.importing.reading import draft_of

HEAD = "# Boats\n\n## Requirements\n\nIt begins.\n\n"


@pytest.mark.parametrize(
    ("table", "lines"),
    [
        ("| a | b |\n|---|---|\n| 1 | 2 | lost |\n", [9]),
        ("| a | b |\n|---|---|\n| 1 | 2 | | lost |\n|  |  | lost |\n", [9, 10]),
        ("a | b\n--|--\n1 | 2 | lost\n", [9]),
        ("> | a | b |\n> |---|---|\n> | 1 | 2 | lost |\n", [9]),
        ("- | a | b |\n  |---|---|\n  | x \\| y | 2 | lost |\n", [9]),
        ("| a | b |\n|---|---|\n| 1 | 1 | 1 |\n", [9]),
        (
            "| a | b |\n|---|---|\n| 1 | 2 |\n| 1 | 2 | |  |\n| 1 |\n|  | 2\n| 1 \\| 2 | `\\|` |\n",
            [],
        ),
    ],
)
def test_a_cell_beyond_the_head_of_its_table_is_told_of(table: str, lines: list[int]) -> None:
    draft = draft_of(HEAD + table)
    assert "lost" not in draft.text
    told = [(left.line, left.what) for _, left in draft.left_out]
    assert told == [(line, "a cell beyond the head of its table") for line in lines]
