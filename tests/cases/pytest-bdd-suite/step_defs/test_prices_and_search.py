from pytest_bdd import scenarios

scenarios("../features/prices.feature", "../features/search.feature")
