"""Celery at the same work: one task an event, which brings the same copy up to date in one PostgreSQL transaction, by version.

Runs with the Python of an environment of its own, where Plenary is not installed: `celery_peer.py` sends the tasks that it reads from standard input,
`celery -A celery_peer worker` takes them. Durable messages, confirms, a quorum queue and late acknowledgments promise the same: at least once.
"""

import json
import os
import sys
import time
from uuid import UUID

import psycopg
from celery import Celery
from kombu import Exchange, Queue

NAME = os.environ["PEER_QUEUE"]
_UPSERT = """INSERT INTO person_copy (id, version, name, email, time_zone) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (id) DO UPDATE SET version = excluded.version, name = excluded.name, email = excluded.email, time_zone = excluded.time_zone
WHERE person_copy.version < excluded.version"""

app = Celery("celery_peer", broker=os.environ["AMQP_URL"])
app.conf.update(
    task_queues=[Queue(NAME, Exchange(NAME, "direct", durable=True), NAME, durable=True, queue_arguments={"x-queue-type": "quorum"})],
    task_default_queue=NAME,
    task_default_exchange=NAME,
    task_default_routing_key=NAME,
    task_acks_late=True,
    task_ignore_result=True,
    worker_prefetch_multiplier=50,
    worker_enable_remote_control=False,
    broker_transport_options={"confirm_publish": True},
    broker_connection_retry_on_startup=True,
)
_database: list[psycopg.Connection] = []


@app.task(name="celery_peer.keep")
def keep(payload: str) -> None:
    event = json.loads(payload)
    data = event["data"]
    if not _database:
        _database.append(psycopg.connect(os.environ["PEER_DATABASE"]))
    with _database[0].transaction():
        values = (UUID(data["id"]), int(event["sequence"]), data["name"], data["email"], data["time_zone"])
        _database[0].execute(_UPSERT, values)
        _database[0].execute("INSERT INTO peer_inbox (event_id) VALUES (%s) ON CONFLICT DO NOTHING", (event["id"],))


def publish(payloads: list[str]) -> None:
    print(time.monotonic(), flush=True)
    with app.producer_pool.acquire(block=True) as producer:
        for payload in payloads:
            keep.apply_async((payload,), producer=producer)


if __name__ == "__main__":
    publish(json.load(sys.stdin))
