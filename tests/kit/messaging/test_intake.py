"""The intake's promises on both databases: each effect once, in order, and a bad message harms nobody else."""

import random
from datetime import timedelta
from functools import partial
from uuid import uuid4

import msgspec
import pytest
import time_machine
from ledger import POISON, Counted, account, announce, faults, keep, payloads

from plenary_kit.messaging import parked
from plenary_kit.messaging.envelope import UndecodableError, decode
from plenary_kit.messaging.health import backbone_health
from plenary_kit.messaging.intake import LADDER, Intake, read
from plenary_kit.messaging.listening import ByRun, Subscriptions
from plenary_kit.persistence.columns import utc_now


@pytest.mark.capability("K10")
def test_a_message_has_one_effect_however_often_it_comes(source, intake, target, subject):
    announce(source, subject, 1, 2)
    messages = [read(payload) for payload in payloads(source)]
    for _ in range(3):
        intake.take(messages)
    intake.take(messages + messages)
    assert account(target) == [(subject, 1, 1), (subject, 2, 2)]


@pytest.mark.parametrize("seed", range(8))
def test_any_order_with_repeats_ends_as_the_order_of_announcement(source, intake, target, seed):
    chance = random.Random(seed)
    subjects = [uuid4() for _ in range(4)]
    for count in range(40):
        announce(source, chance.choice(subjects), count)
    messages = [read(payload) for payload in payloads(source)]
    shuffled = messages * 2
    chance.shuffle(shuffled)
    while shuffled:
        size = chance.randint(1, 12)
        intake.take(shuffled[:size])
        del shuffled[:size]
    assert faults(source, target) == []
    health = backbone_health(target)
    assert (health.waiting, health.retrying, health.parked) == (0, 0, 0)


def test_an_early_message_waits_for_the_one_before_it(source, intake, target, subject):
    announce(source, subject, 10, 20, 30)
    first, second, third = [read(payload) for payload in payloads(source)]
    intake.take([third, second])
    assert account(target) == []
    assert backbone_health(target).waiting == 2
    intake.take([first])
    assert [count for _, _, count in account(target)] == [10, 20, 30]


def test_a_failing_message_holds_its_own_subject_only(source, intake, target, subject):
    other = uuid4()
    announce(source, subject, 1, POISON, 3)
    announce(source, other, 7)
    intake.take([read(payload) for payload in payloads(source)])
    assert sorted(account(target), key=lambda row: row[2]) == [(subject, 1, 1), (other, 1, 7)]
    assert backbone_health(target).retrying == 1


def test_a_message_that_fails_too_often_is_parked_mended_and_replayed(source, intake, target, subject, monkeypatch):
    announce(source, subject, POISON, 2)
    intake.take([read(payload) for payload in payloads(source)])
    now = utc_now()
    for delay in LADDER:
        now += delay + timedelta(seconds=1)
        with time_machine.travel(now, tick=False):
            intake.sweep()
    [row] = parked.parked(target)
    assert "ZeroDivisionError" in row.last_error
    monkeypatch.setattr("ledger.POISON", None)
    assert parked.replay(target, row.event_id) == 1
    with time_machine.travel(now, tick=False):
        assert intake.sweep() == 1
    assert [version for _, version, _ in account(target)] == [1, 2]
    assert parked.parked(target) == []


def test_a_parked_message_can_be_dropped_and_its_successors_go_on(source, intake, target, subject):
    announce(source, subject, POISON, 2)
    intake.take([read(payload) for payload in payloads(source)])
    now = utc_now()
    for delay in LADDER:
        now += delay + timedelta(seconds=1)
        with time_machine.travel(now, tick=False):
            intake.sweep()
    parked.drop(target, parked.parked(target)[0].event_id)
    with time_machine.travel(now + timedelta(minutes=1), tick=False):
        intake.sweep()
    assert account(target) == [(subject, 2, 2)]


def test_the_same_id_with_other_content_is_parked_not_applied(source, intake, target, subject):
    announce(source, subject, 1)
    [payload] = payloads(source)
    intake.take([read(payload)])
    altered = payload.replace(b'"count":1', b'"count":9')
    intake.take([read(altered)])
    assert account(target) == [(subject, 1, 1)]
    assert [row.last_error for row in parked.parked(target)] == ["came again with other content"]


def test_a_payload_that_breaks_its_contract_is_held(source, intake, target, subject):
    announce(source, subject, 1)
    [payload] = payloads(source)
    intake.take([read(payload.replace(b'"count":1', b'"count":"x"'))])
    assert account(target) == []
    assert backbone_health(target).retrying == 1


@pytest.mark.parametrize(
    "payload",
    [b"", b"\xff\xfe", b"[]", b"{}", b"null", b"[" * 100_000, b'{"specversion":"1.0"}', b'"' + b"x" * 2_000_000 + b'"'],
    ids=["empty", "not utf-8", "list", "no attributes", "null", "deep", "incomplete", "large"],
)
def test_what_is_no_message_is_said_so(payload):
    with pytest.raises(UndecodableError):
        decode(payload)


def test_an_unknown_field_of_a_later_release_is_ignored(source, intake, target, subject):
    announce(source, subject, 1)
    [payload] = payloads(source)
    document = msgspec.json.decode(payload)
    document["data"]["added_later"] = {"x": 1}
    intake.take([read(msgspec.json.encode(document))])
    assert account(target) == [(subject, 1, 1)]


def by_run(seen: list[int], work, run):
    seen.append(len(run))
    for fact, delivery in run:
        keep(work, fact, delivery)


def test_facts_that_follow_one_another_are_taken_at_once_and_in_order(source, target):
    seen: list[int] = []
    intake = Intake(target, Subscriptions({Counted: ByRun(partial(by_run, seen))}))
    for count in range(12):
        announce(source, uuid4(), count)
    messages = [read(payload) for payload in payloads(source)]
    intake.take([*messages, messages[0]])
    assert seen == [12]
    assert [count for _, _, count in account(target)] == list(range(12))


def test_a_failing_fact_of_a_run_holds_its_own_subject_only(source, target, subject):
    intake = Intake(target, Subscriptions({Counted: ByRun(partial(by_run, []))}))
    other = uuid4()
    announce(source, subject, 1, POISON, 3)
    announce(source, other, 7)
    intake.take([read(payload) for payload in payloads(source)])
    assert sorted(account(target), key=lambda row: row[2]) == [(subject, 1, 1), (other, 1, 7)]
    assert backbone_health(target).retrying == 1
