import time

from pytest_bdd import scenarios, when

scenarios(".")


@when("the night has passed")
def night():
    time.sleep(3)
