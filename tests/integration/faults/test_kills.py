"""kill -9 at every instant of relay, consumer, action and mailer while people work, in both shapes; then the checker has nothing to say."""

import signal

import pytest
from checker import Evidence, broken_promises
from deployment import Deployment
from load import Load
from standing import Standing

from plenary_kit.failpoints import KNOWN

RELAY = ("relay.after_read@2:kill", "relay.after_publish@1:kill", "relay.after_mark@1:kill")
CONSUMER = ("consumer.received@2:kill", "consumer.before_commit@1:kill", "consumer.after_commit_before_ack@1:kill", "consumer.after_ack@1:kill")
MAILER = ("mailer.claimed@1:kill", "mailer.before_send@1:kill", "mailer.after_send_before_mark@1:kill")
WEB = ("work.before_commit@3:kill", "work.after_commit@3:kill")
BUSY = ("work.before_commit@60:kill", "work.after_commit@60:kill")  # one process works all the time; it must live long enough to answer somebody
SECOND_PASS = sorted(f"{name}@2:kill" for name in KNOWN if not name.startswith(("consumer.after", "work")))


def judged(place: Deployment | Standing, load: Load) -> list[str]:
    place.settle()
    unexpected = [f"answered {status} {times} times" for status, times in place.statuses.items() if status == 500]
    return unexpected + broken_promises(Evidence(place.urls, place.sink.messages, load.acts))


def test_every_failpoint_is_sprung_somewhere():
    sprung = {trap.partition("@")[0] for trap in (*RELAY, *CONSUMER, *MAILER, *WEB)}
    assert sprung == KNOWN
    assert {trap.partition("@")[0] for trap in (*SECOND_PASS, *BUSY)} == {name for name in KNOWN if not name.startswith("consumer.after")}


@pytest.mark.capability("K10", "N3")
@pytest.mark.servers
@pytest.mark.timeout(300)
def test_every_process_of_the_deployed_shape_is_killed_at_every_instant(deployed: Deployment) -> None:
    load = Load(deployed)
    deployed.arm(
        {
            ("proposals", "relay"): RELAY,
            ("scheduling", "consume"): CONSUMER[:2],
            ("notifications", "consume"): CONSUMER[2:],
            ("notifications", "mail"): MAILER,
        }
    )
    for trap in WEB:
        for name in ("proposals", "scheduling"):
            deployed.replace((name, "serve"), trap)
        deployed.until_answering()
        load.wave()
    for name in ("proposals", "scheduling"):
        deployed.replace((name, "serve"))
    deployed.until_answering()
    while deployed.armed():
        load.wave()
    assert deployed.deaths >= len((*RELAY, *CONSUMER, *MAILER))
    assert judged(deployed, load) == []


@pytest.mark.capability("K10", "N3")
@pytest.mark.timeout(300)
def test_the_embedded_process_is_killed_at_every_instant(standing: Standing) -> None:
    load = Load(standing)
    for trap in (*SECOND_PASS, *BUSY):
        before = standing.deaths
        standing.start(trap)
        while standing.deaths == before:
            load.wave()
    load.wave()
    assert judged(standing, load) == []


@pytest.mark.capability("K10")
@pytest.mark.servers
@pytest.mark.timeout(300)
def test_processes_that_sleep_beyond_their_lease_do_no_harm(deployed: Deployment) -> None:
    load = Load(deployed)
    sleepers = {("scheduling", "consume"): "consumer.received@1:stop", ("notifications", "mail"): "mailer.claimed@1:stop"}
    for key, trap in sleepers.items():
        deployed.replace(key, trap)
    assert load.propose("A nap")
    deployed.until(lambda: all(map(deployed.sleeps, sleepers)), "nobody sleeps")
    deployed.start([(name, f"{job} again") for name, job in sleepers])
    load.wave()
    deployed.settle()
    for key in sleepers:
        assert deployed.sleeps(key)
        deployed.signal(key, signal.SIGCONT)
    load.wave()
    assert not any(deployed.sleeps(key) for key in sleepers)
    assert deployed.deaths == 0
    assert judged(deployed, load) == []
