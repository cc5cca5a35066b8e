"""A folder with its features beside its tests."""

import pytest
from pytest_bdd import given, parsers, then, when


@pytest.fixture(params=["card", "cash"], autouse=True)
def payment(request):
    """Each scenario here, with every way to pay."""
    return request.param


@pytest.fixture
def fee():
    return 0


@given(parsers.parse("an order of {amount:d}"), target_fixture="order")
def order(amount):
    return {"amount": amount, "paid": 0}


@when("I pay")
def pay(order, payment, fee):
    order["paid"] = order["amount"] + fee
    order["by"] = payment


@then(parsers.parse("{amount:d} is paid"))
def paid(order, amount):
    assert order["paid"] == amount


@then(parsers.parse("it was paid by {way}"))
def paid_by(order, way):
    assert order["by"] == way
