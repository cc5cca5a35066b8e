import pytest
from pytest_bdd import given, parsers, then


@given(parsers.parse("tax of {rate:d} percent"))
def tax(monkeypatch, rate):
    monkeypatch.setenv("BOOKSHOP_VAT", str(rate))


@pytest.fixture
def clean_printer(shelf):
    shelf.append("paper")
    return []


@then("all is well")
@given("all is well")
def well():
    pass


@then("it is never reached")
def never():
    raise AssertionError("reached")
