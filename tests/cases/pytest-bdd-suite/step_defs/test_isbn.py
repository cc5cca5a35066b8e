"""Steps and fixtures that live beside the binding, as the documentation of pytest-bdd has them."""

import re
from enum import Enum
from functools import partial

import pytest
from bookshop import valid_isbn
from pytest_bdd import given, parsers, scenarios, then, when
from pytest_bdd.parsers import StepParser

scenarios("../features/isbn.feature")


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class words(StepParser):
    """A parser of the team's own: `%name%` is one word."""

    def __init__(self, name):
        super().__init__(name)
        self.regex = re.compile(re.sub("%(.+?)%", r"(?P<\1>\\w+)", name))

    def parse_arguments(self, name):
        return self.regex.fullmatch(name).groupdict()

    def is_matching(self, name):
        return bool(self.regex.fullmatch(name))


@pytest.fixture(autouse=True)
def module_wide(shelf):
    shelf.append("one more")


@pytest.fixture
def printer(clean_printer):
    assert clean_printer == []
    return "inkjet"


@given("a printer")
def _(printer):
    assert printer == "inkjet"


@when(parsers.parse('the number "{number}" is checked'), target_fixture="valid")
def _(number):
    return valid_isbn(number)


@then(parsers.re(r"it is (?P<expected>valid|invalid)"), converters={"expected": lambda word: word == "valid"})
def _(valid, expected):
    assert valid is expected


@when(parsers.parse('the number "{number}" is printed'), target_fixture="paper")
def _(number, capsys):
    print("ISBN", number)
    return capsys.readouterr().out


@then(parsers.parse('the paper says "{text}"'))
def _(paper, text):
    assert paper == text + "\n"


@when(parsers.parse('the number "{number}" is saved'), target_fixture="saved")
def _(number, tmp_path):
    path = tmp_path / "number.txt"
    path.write_text(number)
    return path


@then("the file holds it")
def _(saved):
    assert valid_isbn(saved.read_text())


@then("no other file is there")
def _(tmp_path, saved):
    assert list(tmp_path.iterdir()) == [saved]


@given("the shop sells nothing")
def _(shop):
    assert not shop.prices


@then(parsers.parse('the log says "{text}"'))
def _(caplog, text):
    assert text in caplog.messages


@given(words("a %colour% cover"), converters={"colour": Colour}, target_fixture="cover")
def _(colour):
    return [colour]


paint = partial(parsers.cfparse, extra_types={"Colour": Colour})


@when(paint("it is painted {colour:Colour}"))
def _(cover, colour):
    cover.append(colour)


@then(paint("the cover is {colour:Colour}"))
def _(cover, colour, request):
    assert cover == [Colour.RED, colour]
    assert request.getfixturevalue("cover") is cover
