"""Fixtures, hooks and steps of the whole suite."""

import os
from pathlib import Path

import pytest
from bookshop import Basket, OutOfStock, Shop
from pytest_bdd import given, parsers, then, when

pytest_plugins = ["steps.browsing"]


# Each event in a file, so that one run can be compared with another.


def trail(*words):
    if "BOOKSHOP_TRAIL" in os.environ:
        with Path(os.environ["BOOKSHOP_TRAIL"]).open("a", encoding="utf-8") as file:
            file.write("|".join(map(str, words)) + "\n")


@pytest.fixture(scope="session")
def warehouse():
    """Dear to open: once a session."""
    trail("session", "warehouse opened")
    yield {"opened": 1, "deliveries": []}
    trail("session", "warehouse closed")


@pytest.fixture(scope="module")
def shelf(request):
    """One for the scenarios of a module."""
    trail("module", "shelf up")
    yield []
    trail("module", "shelf down")


@pytest.fixture
def currency():
    return "EUR"


@pytest.fixture
def shop(currency, warehouse):
    return Shop(currency)


@pytest.fixture
def basket(shop, request):
    made = Basket(shop)
    yield made
    trail(request.node.scenario_name, "basket emptied", len(made.lines))


@pytest.fixture(autouse=True)
def tax_free(monkeypatch):
    """No scenario depends on who runs it."""
    monkeypatch.setenv("BOOKSHOP_VAT", "0")


@pytest.fixture
def clerk():
    return "Ada"


# Hooks.


def pytest_bdd_apply_tag(tag, function):
    if tag == "todo":
        pytest.mark.skip(reason="not yet there")(function)
        return True
    if tag == "known_bug":
        pytest.mark.xfail(reason="we know", strict=False)(function)
        return True
    return None


def pytest_bdd_before_scenario(request, feature, scenario):
    request.node.scenario_name = scenario.name
    trail(scenario.name, "before scenario", feature.name, sorted(feature.tags))


def pytest_bdd_after_scenario(request, feature, scenario):
    rule = scenario.rule.name if scenario.rule else "-"
    trail(scenario.name, "after scenario", sorted(scenario.tags), rule, len(scenario.steps))


def pytest_bdd_before_step(request, feature, scenario, step, step_func):
    rows = len(step.datatable.rows) if step.datatable else 0
    trail(scenario.name, "before step", step.type, step.keyword.strip(), step.name, rows)


def pytest_bdd_before_step_call(request, feature, scenario, step, step_func, step_func_args):
    shown = sorted(name for name in step_func_args if name != "request")
    trail(scenario.name, "before call", step_func.__name__, shown)


def pytest_bdd_after_step(request, feature, scenario, step, step_func, step_func_args):
    trail(scenario.name, "after step", step.name)


def pytest_bdd_step_error(request, feature, scenario, step, step_func, step_func_args, exception):
    trail(scenario.name, "step error", step.name, type(exception).__name__)


def pytest_runtest_makereport(item, call):
    if call.when == "teardown" and item.get_closest_marker("smoke"):
        trail(getattr(item, "scenario_name", "?"), "smoke is over")


# Steps of every feature.


@given(parsers.parse('the shop sells "{title}" for {price:g}'))
def sells(shop, title, price):
    shop.add(title, price, 10)


@given("the shop sells:")
@given("the shelf holds:")
def sells_table(shop, datatable):
    header, *rows = datatable
    for row in rows:
        book = dict(zip(header, row, strict=True))
        shop.add(book["title"], float(book["price"]), int(book.get("stock", 1)))


@given("an empty basket")
def empty_basket(basket):
    assert not basket.lines


@given(parsers.parse('"{title}" is in the basket'))
@when(parsers.parse('I put "{title}" in the basket'))
def put(basket, title):
    basket.put(title)


@when(parsers.cfparse('I put {count:Number} copies of "{title}" in the basket', extra_types={"Number": int}))
def put_many(basket, count, title):
    basket.put(title, count)


@when(parsers.parse('I try to put "{title}" in the basket'), target_fixture="refusal")
def try_to_put(basket, title):
    with pytest.raises(OutOfStock) as problem:
        basket.put(title)
    return problem


@then(parsers.parse("the total is {total:g}"))
def total_is(basket, total):
    assert basket.total == total


@then(parsers.re(r"the basket holds (?P<count>\d+) books?"), converters={"count": int})
def holds(basket, count):
    assert sum(basket.lines.values()) == count


@then(parsers.parse("the currency is {name}"))
def currency_is(shop, name):
    assert shop.currency == name


@then("it is refused")
def refused(refusal):
    assert refusal.type is OutOfStock


@then(parsers.parse("{name} serves"))
def serves(name, clerk):
    assert name == clerk
