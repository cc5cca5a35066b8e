"""Parameters: of fixtures, of the function that binds, and by a hook of the module."""

import pytest
from pytest_bdd import parsers, scenario, scenarios, then, when


@pytest.fixture(params=["ground", "attic"])
def floor(request):
    return request.param


@pytest.fixture(params=["cellar", "attic"], scope="module")
def far_floor(request):
    return request.param


@pytest.mark.usefixtures("floor")
@scenario("../features/many.feature", "On every shelf")
def test_every_shelf():
    pass


@scenario("../features/many.feature", "On one floor only")
def test_one_floor(floor):
    pass


@pytest.mark.parametrize("language", ["English", "Latin"])
@scenario("../features/many.feature", "In every language")
def test_every_language(language):
    pass


@scenario("../features/many.feature", "With a body")
def test_body(shop, basket):
    assert shop.prices == {"Emma": 8}
    assert basket.total == 0


@scenario("../features/many.feature", "With a body that fails")
def test_body_fails(shop):
    assert shop.prices == {}


@pytest.mark.parametrize("floor", ["attic"], indirect=True)
@scenario("../features/many.feature", "With fixtures of the test function")
def test_indirect(floor, far_floor):
    assert far_floor


scenarios("../features/many.feature")


@then("some floor is known")
def _(floor):
    assert floor in ("ground", "attic")


@then(parsers.parse("the floor is {name}"))
def _(floor, name):
    assert floor == name


@when("I greet", target_fixture="greeting")
def _(language):
    return {"English": "How do you do", "Latin": "Salve"}[language]


@then("the greeting is polite")
def _(greeting):
    assert greeting


def test_that_is_no_scenario():
    """The suite's other tests are nobody's scenarios."""
    assert True
