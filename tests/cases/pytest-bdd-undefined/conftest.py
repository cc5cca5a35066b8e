from pytest_bdd import given, then


@given("a shop")
@then("it is open")
def shop():
    pass
