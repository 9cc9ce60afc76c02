"""What notifications publishes: what became of a notice."""

from uuid import UUID

from plenary_contracts.parts import Instant
from plenary_kit.messaging.facts import Fact, fact


@fact("notifications.notice.delivered.v1")
class NoticeDelivered(Fact, frozen=True, kw_only=True):
    """The mail server took the notice at `at`."""

    person_id: UUID
    topic: str
    at: Instant


@fact("notifications.notice.failed.v1")
class NoticeFailed(Fact, frozen=True, kw_only=True):
    """The notice cannot be delivered; `reason` is the server's answer, shortened, without an address."""

    person_id: UUID
    topic: str
    reason: str
