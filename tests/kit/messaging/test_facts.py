"""Names of facts: checked and unique, at import."""

from importlib.util import module_from_spec, spec_from_file_location

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


@pytest.mark.parametrize("name", ["source.counter.counts.v1", "source.counter.count.v1", "source.counter.to_count.v1"])
def test_a_name_that_is_not_in_the_past_tense_is_refused(name):
    with pytest.raises(ValueError, match="past tense"):
        fact(name)


@pytest.mark.parametrize("name", ["proposals.society.Founded.v1", "proposals.society.founds.v1", "proposals.society.founded.v1"])
def test_a_module_with_a_bad_or_taken_name_cannot_be_imported(tmp_path, name):
    module = tmp_path / "more_facts.py"
    head = "import plenary_contracts.proposals\nfrom plenary_kit.messaging.facts import Fact, fact\n"
    module.write_text(f"{head}\n@fact('{name}')\nclass More(Fact, frozen=True, kw_only=True):\n    pass\n")
    spec = spec_from_file_location("more_facts", module)
    with pytest.raises(ValueError, match=name):
        spec.loader.exec_module(module_from_spec(spec))
