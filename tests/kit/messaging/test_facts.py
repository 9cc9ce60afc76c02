"""Names of facts: checked and unique, at import."""

import pytest
from ledger import Counted

from plenary_kit.messaging.facts import Fact, fact, registered


@pytest.mark.parametrize(
    "name", ["source.counter.count.v1", "Source.counter.counted.v1", "source.counted.v1", "source.counter.counted", "source.a.b.v0"]
)
def test_a_bad_name_is_refused(name):
    with pytest.raises(ValueError, match="a fact is named"):
        fact(name)


def test_a_taken_name_is_refused():
    with pytest.raises(ValueError, match="taken"):
        fact("source.counter.counted.v1")


def test_a_registered_fact_knows_its_names():
    assert (Counted.TYPE, Counted.SERVICE, Counted.SUBJECT) == ("source.counter.counted.v1", "source", "source.counter")
    assert registered()[Counted.TYPE] is Counted
    assert issubclass(Counted, Fact)
