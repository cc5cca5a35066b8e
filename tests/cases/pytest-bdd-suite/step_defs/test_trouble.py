import pytest
from pytest_bdd import given, parsers, scenarios

scenarios("../features/trouble.feature")


@pytest.fixture
def broken():
    raise RuntimeError("no ink")


@pytest.fixture
def jams():
    yield
    raise RuntimeError("jam")


@given("a broken printer")
def _(broken):
    pass


@given("a printer that jams at the end")
def _(jams):
    pass


@given("somebody else's printer")
def _(printer_of_nobody):
    pass


@given("a reason to skip")
def _():
    pytest.skip("not today")


@given("a reason to xfail")
def _():
    pytest.xfail("not today")


@given("a reason to fail")
def _():
    pytest.fail("not at all")


@given("a loan that cannot be given back", target_fixture="loan")
def _():
    yield "Emma"
    raise RuntimeError("lost")


@given(parsers.parse('a price of "{price}"'), converters={"price": float})
def _(price):
    pass
