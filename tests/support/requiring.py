"""What a test needs and the machine has not: a skip with its reason on somebody's laptop, a failure where everything must be there."""

import os
from typing import NoReturn

import pytest


def missing(what: str) -> NoReturn:
    """Skip the test because of `what` (a sentence that says what is not here), or fail it where PLENARY_REQUIRE_SERVERS says that it must be."""
    if os.environ.get("PLENARY_REQUIRE_SERVERS") == "1":
        pytest.fail(what)
    pytest.skip(what)
