"""Steps that conftest.py takes in as a plugin."""

from pytest_bdd import given, parsers, step, then, when


@when(parsers.parse('I search for "{words}"'), target_fixture="found")
def search(shop, words):
    return shop.search(words)


@then("nothing is found")
def nothing(found):
    assert found == []


@then("this is found:")
def found_text(found, docstring):
    assert "\n".join(found) == docstring


@step("I look around")
def look_around(shop):
    """Given, When or Then."""
    assert shop.prices is not None


@given("a librarian", target_fixture="clerk")
def librarian():
    return "Grace"
