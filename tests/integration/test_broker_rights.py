"""What a service's broker user may do: exactly its own, tried against a real broker with real users."""

from collections.abc import Iterator

import pytest
from amqp.exceptions import AccessRefused
from requiring import missing
from servers import NoBinariesError, PrivateRabbit

from plenary.broker_users import rights_of
from plenary.composition import SERVICES
from plenary_kit.messaging.brokers import BrokerDownError
from plenary_kit.messaging.topology import connect, declare_exchange, declare_queue

pytestmark = [pytest.mark.servers, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivateRabbit]:
    try:
        private = PrivateRabbit(tmp_path_factory.mktemp("rights") / "rabbit")
    except NoBinariesError as binary:
        missing(f"users are made on a private broker: no {binary} here")
    for name in SERVICES:
        rights = rights_of(name)
        private.control("add_user", name, f"secret-of-{name}")
        private.control("set_permissions", name, rights.configure, rights.write, rights.read)
        as_user(private, name, lambda channel, name=name: declare_exchange(channel, name))
    yield private
    private.end()


def as_user(broker: PrivateRabbit, name: str, act) -> None:
    connection = connect(f"amqp://{name}:secret-of-{name}@127.0.0.1:{broker.port}//")
    try:
        act(connection.default_channel)
    finally:
        connection.collect()


def test_a_service_declares_binds_publishes_and_reads_its_own(broker: PrivateRabbit) -> None:
    def work(channel) -> None:
        queue = declare_queue(channel, "scheduling", frozenset({"proposals"}), frozenset({"proposals.proposal"}))
        channel.basic_get(queue)
        channel.basic_publish_confirm(channel.prepare_message(b"{}"), "scheduling.events", "scheduling.meeting.created.v1")

    as_user(broker, "scheduling", work)


FORBIDDEN = {
    "publish in another's name": lambda channel: (
        channel.confirm_select(),
        channel.basic_publish_confirm(channel.prepare_message(b"{}"), "proposals.events", "proposals.person.registered.v1"),
    ),
    "publish past the exchanges": lambda channel: (
        channel.confirm_select(),
        channel.basic_publish_confirm(channel.prepare_message(b"{}"), "", "scheduling.inbox"),
    ),
    "read another's queue": lambda channel: channel.basic_get("scheduling.inbox"),
    "read another's dead letters": lambda channel: channel.basic_get("scheduling.dead"),
    "delete another's queue": lambda channel: channel.queue_delete("scheduling.inbox"),
    "empty another's queue": lambda channel: channel.queue_purge("scheduling.inbox"),
    "declare another's exchange": lambda channel: declare_exchange(channel, "proposals"),
    "declare an exchange of a new name": lambda channel: channel.exchange_declare("spy", "fanout", auto_delete=False),
    "bind another's queue": lambda channel: channel.queue_bind("scheduling.inbox", "notifications.events", "#"),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_a_service_can_do_nothing_else(broker: PrivateRabbit, what: str) -> None:
    as_user(broker, "scheduling", lambda channel: declare_queue(channel, "scheduling", frozenset({"proposals"}), frozenset({"proposals.person"})))
    with pytest.raises(AccessRefused):
        as_user(broker, "notifications", FORBIDDEN[what])


def test_a_wrong_password_is_refused(broker: PrivateRabbit) -> None:
    with pytest.raises(BrokerDownError, match="ACCESS_REFUSED"):
        connect(f"amqp://proposals:guess@127.0.0.1:{broker.port}//")
