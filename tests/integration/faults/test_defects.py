"""The suite can fail: known mistakes, patched in by the tests, are caught by a fault and the checker; without them the same fault is borne."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from checker import broken_mail
from ledger import announce, payloads
from pair import Pair
from processes import Supervised, until
from sink import Sink

from plenary_kit.mail.letters import Letter
from plenary_kit.mail.post import hand_in
from plenary_kit.mail.tables import add_mail_tables
from plenary_kit.messaging.brokers import Outgoing
from plenary_kit.messaging.envelope import decode
from plenary_kit.messaging.health import backbone_health
from plenary_kit.messaging.opening import open_database
from plenary_kit.messaging.rabbit import RabbitPublisher
from plenary_kit.persistence.columns import new_id, service_metadata

EVENTS = 40
pytestmark = pytest.mark.servers


def load(pair: Pair) -> None:
    for subject in (uuid4(), uuid4()):
        announce(pair.source, subject, *range(EVENTS // 2))


def killed(pair: Pair, victim: str, trap: str) -> None:
    """Let a process die at an instant, and its successor finish the work."""
    load(pair)
    processes = [pair.process(role, trap if role == victim else None) for role in ("relay", "consumer")]
    try:
        until(lambda: sum(process.deaths for process in processes) == 1 and pair.empty(), processes)
        announce(pair.source, last := uuid4(), 1)
        until(lambda: backbone_health(pair.source).pending == 0 and pair.applied(last), processes)
    finally:
        for process in processes:
            process.end()


def exchange_gone(pair: Pair) -> None:
    """Take the exchange away under a connected relay: what it publishes then is never confirmed, since there is nowhere for it to go."""
    relay = pair.process("relay")
    try:
        announce(pair.source, uuid4(), 1)
        until(lambda: backbone_health(pair.source).pending == 0, [relay])
        with pair.channel() as connection:
            connection.default_channel.exchange_delete(f"{pair.environment['PREFIX']}source.events")
        load(pair)
        until(lambda: _declared(pair), [relay])
        consumer = pair.process("consumer")
        try:
            until(lambda: pair.empty() and backbone_health(pair.source).pending == 0, [relay, consumer])
            announce(pair.source, last := uuid4(), 1)
            until(lambda: pair.applied(last), [relay, consumer])
        finally:
            consumer.end()
    finally:
        relay.end()


def reversed_order(pair: Pair) -> None:
    """Bring everything in the opposite order, three times over."""
    load(pair)
    messages = [decode(payload) for payload in payloads(pair.source)]
    outgoing = [
        Outgoing(message.id, message.type, message.subjecttype, payload) for message, payload in zip(messages, payloads(pair.source), strict=True)
    ]
    publisher = RabbitPublisher(pair.environment["AMQP_URL"], prefix=pair.environment["PREFIX"])
    for _ in range(3):
        assert publisher.publish("source", outgoing[::-1]).refused == {}
    publisher.close()
    killed(pair, "consumer", "consumer.received@2:kill")


def _declared(pair: Pair) -> bool:
    with pair.channel() as connection:
        try:
            connection.default_channel.exchange_declare(f"{pair.environment['PREFIX']}source.events", "topic", passive=True)
        except connection.channel_errors:
            return False
    return True


FAULTS = {
    "no confirms": (exchange_gone, "lost by target"),
    "marked before published": (lambda pair: killed(pair, "relay", "relay.after_mark@1:kill"), "lost by target"),
    "acknowledged before committed": (lambda pair: killed(pair, "consumer", "consumer.after_ack@1:kill"), "lost by target"),
    "no inbox": (lambda pair: killed(pair, "relay", "relay.after_publish@1:kill"), "doubled effect"),
    "no lanes": (reversed_order, "older state over a newer one"),
}


@pytest.mark.capability("K10")
@pytest.mark.parametrize("defect", FAULTS)
def test_a_defect_of_the_backbone_is_caught(pair, defect):
    pair.environment["DEFECT"] = defect
    fault, complaint = FAULTS[defect]
    fault(pair)
    found = pair.complaints()
    assert any(one.startswith(complaint) for one in found), found


@pytest.mark.capability("K10")
@pytest.mark.parametrize("defect", FAULTS)
def test_the_same_fault_is_borne_without_the_defect(pair, defect):
    FAULTS[defect][0](pair)
    assert pair.complaints() == []


@pytest.fixture
def sink() -> Iterator[Sink]:
    made = Sink()
    yield made
    made.end()


@pytest.mark.parametrize(
    ("defect", "complaint"),
    [("marked before sent", "letter said to be sent, never arrived"), ("a new Message-ID each time", "message of no letter"), (None, None)],
)
def test_a_defect_of_the_mailer_is_caught(postgres_url, sink, defect, complaint):
    metadata = service_metadata()
    add_mail_tables(metadata)
    database = open_database("source", postgres_url)
    metadata.create_all(database.engine)
    with database.work() as work:
        for number in range(3):
            hand_in(work, Letter(new_id(), "decision", "Samir", "samir@example.org", f"Letter {number}", "Well done."))
    trap = "mailer.after_send_before_mark@2:kill"
    mailer = Supervised("mailer", {"SOURCE_URL": postgres_url, "SMTP_PORT": str(sink.port), **({"DEFECT": defect} if defect else {})}, trap)
    letters = metadata.tables["mail_letter"]

    def sent() -> bool:
        with database.reading() as session:
            return set(session.scalars(letters.select().with_only_columns(letters.c.state))) == {"sent"}

    try:
        until(lambda: mailer.deaths == 1 and sent(), [mailer])
    finally:
        mailer.end()
        database.close()
    found = broken_mail({"source": postgres_url}, sink.messages)
    assert any(one.startswith(complaint) for one in found) if complaint else found == [], found
