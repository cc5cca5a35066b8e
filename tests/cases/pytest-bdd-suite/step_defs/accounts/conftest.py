import pytest
from pytest_bdd import parsers, then, when


@pytest.fixture
def currency():
    return "GBP"


@pytest.fixture
def warehouse(warehouse):
    return {**warehouse, "signed by": "accounts"}


@when("I look around")
def look_around(clerk):
    assert clerk == "Ada"


@then(parsers.parse("the warehouse has been opened {count:d} time"))
def opened(warehouse, count):
    assert warehouse["opened"] == count


@then(parsers.parse('a member of "{name}" signs'))
def signs(warehouse, name):
    assert warehouse["signed by"] == name
