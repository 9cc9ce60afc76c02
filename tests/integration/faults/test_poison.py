"""A message that kills its process each time ends in the dead letters, and takes no neighbor along."""

from uuid import uuid4

import pytest
from ledger import DEADLY, announce, payloads
from processes import until

from plenary_kit.messaging.envelope import decode
from plenary_kit.messaging.topology import DELIVERY_LIMIT

pytestmark = pytest.mark.servers
NEIGHBORS = 60


@pytest.mark.capability("K10")
def test_a_deadly_message_is_put_away_and_all_others_pass(pair):
    deadly = uuid4()
    for number in range(NEIGHBORS):
        announce(pair.source, uuid4(), number)
        if number == NEIGHBORS // 2:
            announce(pair.source, deadly, DEADLY)
    processes = [pair.process("relay"), pair.process("consumer")]
    try:
        until(lambda: pair.dead_letters() == 1 and pair.empty(), processes, seconds=120)
        announce(pair.source, last := uuid4(), 1)
        until(lambda: pair.applied(last), processes)
    finally:
        for process in processes:
            process.end()
    assert DELIVERY_LIMIT // 2 <= sum(process.deaths for process in processes) <= DELIVERY_LIMIT + 1  # a life that turns careful is two deliveries
    [complaint] = pair.complaints()
    assert complaint.startswith("lost by target")
    assert any(message.id.hex in complaint for message in map(decode, payloads(pair.source)) if message.subject == deadly)
