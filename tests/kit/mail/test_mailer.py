"""Mail through a server that misbehaves: no letter is lost, and only an unknown attempt may cost a second copy, under the same Message-ID."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from checker import broken_mail
from servers import free_port
from sink import Sink
from society import Clock
from sqlalchemy import select

from plenary_kit.mail.letters import Letter, Sender
from plenary_kit.mail.mailer import Mailer
from plenary_kit.mail.post import ATTEMPTS, LETTERS, hand_in
from plenary_kit.mail.tables import add_mail_tables
from plenary_kit.mail.transports import SmtpTransport
from plenary_kit.persistence.columns import new_id, service_metadata
from plenary_kit.persistence.database import Database
from plenary_kit.persistence.engines import make_engine

SENDER = Sender("Plenary", "plenary@example.org", "example.org")


@pytest.fixture
def post(sqlite_url):
    metadata = service_metadata()
    add_mail_tables(metadata)
    sink, clock = Sink(), Clock(datetime(2016, 1, 4, 12, tzinfo=UTC))
    database = Database("notifications", make_engine(sqlite_url), clock=clock)
    metadata.create_all(database.engine)
    transport = SmtpTransport("127.0.0.1", sink.port, "plenary@example.org")
    with database.work() as work:
        hand_in(work, Letter(new_id(), "decision", "Samir", "samir@example.org", "Accepted", "Well done."))
    yield SimpleNamespace(sink=sink, clock=clock, database=database, transport=transport, mailer=Mailer(database, transport, SENDER), url=sqlite_url)
    transport.close()
    database.close()
    sink.end()


def outcomes(post) -> list[str]:
    with post.database.reading() as session:
        return list(session.scalars(select(ATTEMPTS.c.outcome).order_by(ATTEMPTS.c.number)))


def state(post) -> str:
    with post.database.reading() as session:
        return session.scalars(select(LETTERS.c.state)).one()


def send_until_dealt_with(post) -> None:
    while state(post) in {"waiting", "claimed"}:
        post.mailer.send_due()
        post.clock.forward(minutes=3)


@pytest.mark.parametrize(
    ("verb", "answer", "expected", "copies"),
    [
        ("DATA", "cut", ["unknown", "accepted"], 2),
        ("DATA", "451 later", ["deferred", "accepted"], 1),
        ("RCPT", "450 busy", ["deferred", "accepted"], 1),
        ("MAIL", "421 closing", ["deferred", "accepted"], 1),
        ("DATA", "550 never", ["refused"], 0),
        ("RCPT", "550 nobody here", ["refused"], 0),
    ],
)
def test_a_misbehaving_server(post, verb, answer, expected, copies):
    post.sink.say(verb, answer)
    send_until_dealt_with(post)
    assert outcomes(post) == expected
    assert len(post.sink.messages) == copies
    assert len({message["Message-ID"] for message in post.sink.messages}) == min(copies, 1)
    assert broken_mail({"notifications": post.url}, post.sink.messages) == []


def test_a_server_that_is_away_is_no_unknown_attempt(post):
    away = SmtpTransport("127.0.0.1", free_port(), "plenary@example.org")
    Mailer(post.database, away, SENDER).send_due()
    assert outcomes(post) == ["deferred"]
    post.clock.forward(minutes=2)
    send_until_dealt_with(post)
    assert outcomes(post) == ["deferred", "accepted"]


def test_a_letter_is_given_up_after_two_days_and_says_so(post):
    post.clock.forward(hours=49)
    post.sink.say("DATA", "451 later")
    post.mailer.send_due()
    assert state(post) == "failed"
    assert outcomes(post) == ["deferred"]


def test_a_mailer_that_slept_beyond_its_lease_sends_nothing(post):
    letters = post.mailer._claim(stale := new_id())
    post.clock.forward(minutes=2)
    Mailer(post.database, post.transport, SENDER).send_due()
    [(letter, handed_in_at)] = letters
    post.mailer._send(letter, stale, handed_in_at)
    assert outcomes(post) == ["accepted"]
    assert len(post.sink.messages) == 1
