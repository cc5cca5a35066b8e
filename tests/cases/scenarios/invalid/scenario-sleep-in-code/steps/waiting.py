import time

from pytest_bdd import when


@when("the night has passed")
def night():
    time.sleep(3)
