"""The message on the wire: a CloudEvents 1.0 structured JSON document, encoded once when the fact is announced.

Extensions: `sequence` (the subject's version, zero-padded so that text order is number order), `subjecttype`, `correlationid`, `causationid` and
`traceparent`.
"""

import hashlib
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from plenary_kit.context import MessageContext
from plenary_kit.messaging.facts import Fact

CONTENT_TYPE = "application/cloudevents+json"
SIZE_LIMIT = 1_000_000
_DIGITS = 20


class UndecodableError(Exception):
    """The bytes are no message of ours: too large, no JSON, or without what a message needs."""


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """One message. `data` is the fact's JSON, left as it is until a listener wants it."""

    specversion: Literal["1.0"] = "1.0"
    id: UUID
    source: str
    type: str
    subject: UUID
    time: Annotated[datetime, msgspec.Meta(tz=True)]
    datacontenttype: Literal["application/json"] = "application/json"
    sequence: str
    subjecttype: str
    correlationid: str
    causationid: str | None = None
    traceparent: str | None = None
    data: msgspec.Raw

    @property
    def version(self) -> int:
        """The subject's version that this message brings about."""
        return int(self.sequence)


def encode(fact: Fact, *, event_id: UUID, version: int, now: datetime, context: MessageContext) -> bytes:
    """Write `fact` as a message."""
    return msgspec.json.encode(
        Envelope(
            id=event_id,
            source=f"/plenary/{fact.SERVICE}",
            type=fact.TYPE,
            subject=fact.id,
            time=now,
            sequence=f"{version:0{_DIGITS}d}",
            subjecttype=fact.SUBJECT,
            correlationid=context.correlation_id,
            causationid=context.causation_id,
            traceparent=context.traceparent,
            data=msgspec.Raw(msgspec.json.encode(fact)),
        )
    )


_decoder = msgspec.json.Decoder(Envelope)


def decode(payload: bytes) -> Envelope:
    """Read a message; raises `UndecodableError` for anything else, measured before it is parsed."""
    if len(payload) > SIZE_LIMIT:
        raise UndecodableError(f"{len(payload)} bytes, more than {SIZE_LIMIT}")
    try:
        envelope = _decoder.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UndecodableError(str(error)) from error
    if not (envelope.sequence.isascii() and envelope.sequence.isdigit() and int(envelope.sequence) > 0):
        raise UndecodableError("the sequence is no positive number")
    return envelope


def fingerprint(payload: bytes) -> str:
    """Hash the bytes of a message, to tell a repeated one from an altered one."""
    return hashlib.sha256(payload).hexdigest()
