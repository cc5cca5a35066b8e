"""What does not fit a schema: said in the words of the file, at its place, with what to write."""

from typing import Any

import pytest

from factory.config.validate import problems, require_valid
from factory.config.yaml_source import parse_yaml
from factory.errors import ConfigurationError

FRONT = "spec-front-matter.schema.json"
GOOD = {
    "id": "count-bytes",
    "title": "Count the bytes",
    "kind": "feature",
    "status": "ready",
    "version": "1",
    "product": "counter",
    "owner": '"@acme/owners"',
    "stakes": "normal",
}


def found(schema: str, text: str) -> list[tuple[int, int, str, str]]:
    source = parse_yaml(text, path="x")
    return [(one.line, one.column, one.message, one.mend) for one in problems(source, schema)]


def front(**changed: Any) -> str:
    values = {**GOOD, **{key.replace("_", "-"): value for key, value in changed.items()}}
    return "".join(f"{key}: {value}\n" for key, value in values.items() if value is not None)


def test_a_good_one_has_nothing() -> None:
    assert found(FRONT, front()) == []


@pytest.mark.parametrize(
    ("key", "value", "message", "mend"),
    [
        ("area", "Counting", "area is 'Counting'", "write `counting`: 1 to 63 lower-case"),
        ("product", "My Shop", "product is 'My Shop'", "write `my-shop`: a key of `products`"),
        ("id", "1st", "id is '1st'", "write 2 to 63 lower-case letters"),
        ("depends-on", "[Count bytes]", "'Count bytes'", "write `count-bytes`: the id of"),
        ("depends-on", "list-bytes, sum", "'list-bytes, sum'", "a list here: `[list-bytes, sum]`"),
        ("depends-on", "{a: b}", 'depends-on is {"a": "b"}', "a list here: `- ` before each"),
        ("version", '"1"', "version is '1'", "a whole number here: 1, without quotes"),
        ("version", "1.0", "version is 1.0", "a whole number here: 1"),
        ("version", "true", "version is true", "a whole number here"),
        ("version", "0", "version is 0, which is below 1", "a whole number from 1"),
        ("version", "", "version is empty", "a whole number here"),
        ("title", "2024", "title is 2024", "a text here: put it in quotes"),
        ("title", "ab", "'ab', which is too short", "write 3 to 120 characters"),
        ("title", "a" * 121, "title is too long", "write 3 to 120 characters"),
        ("owner", '""', "owner is empty", '`"@acme/product"`'),
        ("budget", "5", "budget is 5", "write a mapping here: `key: value` on each line"),
        ("budget", "{usd: 0}", "budget.usd is 0, which is not above 0", "US dollars above 0"),
        ("budget", '{usd: "2.5"}', "'2.5'", "a number here: 2.5, without quotes"),
        ("budget", "{attempts: 30}", "is 30, which is above 20", "write 1 to 20 attempts"),
        ("labels", "[a, a]", "labels holds the same item twice", "remove one"),
        ("kind", "[feature]", 'kind is ["feature"]', "use one of: feature,"),
    ],
)
def test_what_is_wrong_and_what_to_write(key: str, value: str, message: str, mend: str) -> None:
    (one,) = found(FRONT, front(**{key: value}))
    assert message in one[2]
    assert mend in one[3]


def test_a_key_that_nobody_knows_is_shown_where_it_stands_and_so_is_each_further_one() -> None:
    at = found(FRONT, front(priorty="3", colour="red"))
    assert [one[:2] for one in at] == [(9, 1), (10, 1)]
    assert "did you mean `priority`?" in at[0][3]
    assert "'colour'" in at[1][2]
    assert [one[:2] for one in found(FRONT, front(budget="{usd: 5, eur: 5}"))] == [(9, 18)]


def test_each_key_that_is_missing_is_named() -> None:
    said = {one[3] for one in found(FRONT, front(title=None, owner=None))}
    assert said == {"add `title:`", "add `owner:`"}


def test_a_key_that_does_not_belong_is_shown_where_it_stands() -> None:
    (one,) = found(FRONT, front(applies_to="{products: [x]}"))
    assert one[:2] == (9, 1)


@pytest.mark.parametrize(
    ("text", "place", "message", "mend"),
    [
        ("terms: {word: A run}\n", (1, 8), 'terms is {"word": "A run"}', "`- ` before each"),
        ("terms: word\n", (1, 8), "terms is 'word'", "`- ` before each"),
    ],
)
def test_of_a_glossary(text: str, place: tuple[int, int], message: str, mend: str) -> None:
    (one,) = found("glossary.schema.json", text)
    assert one[:2] == place
    assert message in one[2] and mend in one[3]


@pytest.mark.parametrize(
    ("text", "place", "message", "mend"),
    [
        ('version: "1"\n', (1, 10), "version is '1'", "write 1, without quotes"),
        ("version: 1\nbudgt: {}\n", (2, 1), "'budgt'", "`budget`"),
        ("version: 1\nproducts: {My shop: {}}\n", (2, 12), "the key 'My shop'", "`my-shop`"),
    ],
)
def test_of_factory_yml(text: str, place: tuple[int, int], message: str, mend: str) -> None:
    fitting = [one for one in found("factory.schema.json", text) if message in one[2]]
    assert [one[:2] for one in fitting] == [place]
    assert mend in fitting[0][3]


def test_whoever_stops_at_the_first_is_shown_the_misspelt_key() -> None:
    source = parse_yaml("version: 1\nproduct: {}\nscenarios: {repository: x}\n", path="x")
    with pytest.raises(ConfigurationError, match="'product'") as caught:
        require_valid(source, "factory.schema.json")
    assert (caught.value.line, caught.value.column) == (2, 1)
