import pytest
from pytest_bdd import when


@pytest.fixture
def fee(fee):
    return fee + 5


@when("I pay")
def pay_at_once(order, fee):
    order.update(paid=order["amount"] + fee, by="express")
