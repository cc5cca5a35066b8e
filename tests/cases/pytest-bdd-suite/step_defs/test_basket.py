from pytest_bdd import scenario, scenarios


@scenario("../features/basket.feature", "One book")
def test_one_book(basket):
    """The body runs after the last step."""
    assert basket.lines == {"Emma": 1}


scenarios("../features/basket.feature")
