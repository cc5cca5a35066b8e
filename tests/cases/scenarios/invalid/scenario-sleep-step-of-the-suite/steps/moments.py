from pytest_bdd import when


@when("I pause for a moment")
def moment():
    pass
