"""Every area has a card, and it tells the truth about what the area publishes and listens to."""

from pathlib import Path

import pytest
from cards import Card, CardError, announces, areas, facts_of, heard, read_card, unsaid
from house import ROOT

import plenary_contracts.notifications
import plenary_contracts.proposals
import plenary_contracts.scheduling  # noqa: F401 - these three register every fact
from plenary.composition import build_trio
from plenary_kit.messaging.facts import registered

SERVICES = ("proposals", "scheduling", "notifications")
AREAS = list(areas(ROOT))


def cards_of(service: str) -> list[Card]:
    return [read_card(area) for area in AREAS if area.parent.name == f"plenary_{service}"]


@pytest.fixture(scope="module")
def trio():
    trio = build_trio(dict.fromkeys(SERVICES, "sqlite://"))
    yield trio
    trio.close()


@pytest.mark.parametrize("service", SERVICES)
def test_cards_name_what_listeners_take(trio, service: str) -> None:
    taken = heard(getattr(trio, service))
    faults = {card.area: unsaid(card.listens, taken.get(card.area, set())) for card in cards_of(service)}
    assert {area: fault for area, fault in faults.items() if fault} == {}
    assert taken.keys() <= faults.keys()


@pytest.mark.parametrize("service", SERVICES)
def test_cards_name_every_fact_of_the_service_and_no_other(service: str) -> None:
    said = {pattern for card in cards_of(service) for pattern in card.publishes}
    assert unsaid(said, facts_of(service, registered())) == []


@pytest.mark.parametrize("area", AREAS, ids=lambda area: f"{area.parent.name}.{area.name}")
def test_an_area_announces_just_when_its_card_says_so(area: Path) -> None:
    assert announces(area) == bool(read_card(area).publishes)


@pytest.mark.parametrize(
    ("card", "words"),
    [
        ('"""Stars: what for."""\n', "says once"),
        ('"""Stars.\n\nPublishes `a.b.*`; listens to nothing. Publishes `a.c.*`; listens to nothing.\n"""\n', "says once"),
        ('"""Stars.\n\nPublishes nothing; listens to nothing.\n"""\n\nLIMIT = 3\n', "nothing else"),
        ('"""Stars.\n\nPublishes whatever comes; listens to nothing.\n"""\n', "names no fact"),
    ],
)
def test_a_card_that_is_none_is_refused(tmp_path: Path, card: str, words: str) -> None:
    (tmp_path / "__init__.py").write_text(card)
    with pytest.raises(CardError, match=words):
        read_card(tmp_path)


def test_a_lie_is_found(tmp_path: Path) -> None:
    (tmp_path / "__init__.py").write_text('"""Stars.\n\nPublishes `scheduling.star.*`; listens to `proposals.person.*` (names).\n"""\n')
    (tmp_path / "actions.py").write_text("def star(work, fact):\n    work.announce(fact)\n")
    card = read_card(tmp_path)
    assert announces(tmp_path)
    assert unsaid(card.publishes, {"scheduling.star.added"}) == []
    assert unsaid(card.publishes, {"scheduling.star.added", "scheduling.seat.taken"}) == ["scheduling.seat.taken is not on the card"]
    assert unsaid(card.listens, set()) == ["proposals.person.* is on the card alone"]
