from pytest_bdd import given, parsers, scenarios, then

# Steps as an older part of the suite writes them: a function for several texts.
scenarios("../../features/accounts")


@given(parsers.parse("the member {name}"), target_fixture="rights")
def member(name):
    return {"Ada": {"read", "write"}, "Bob": {"read"}}[name]


@then(parsers.parse("they may {deed}"))
def may(rights, deed):
    assert deed in rights
