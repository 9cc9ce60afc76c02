"""Lanes as a listener sees them: the version of each subject that was applied last, in this batch or before it."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import select

from plenary_kit.messaging.tables import LANE
from plenary_kit.persistence.work import Work

_CHUNK = 500
_IN_HAND = "plenary_lanes"


def take_in_hand(work: Work, lanes: Mapping[tuple[str, UUID], int]) -> None:
    """Show `lanes`, which the intake advances while it takes a batch and writes down at its end, to the listeners of that batch."""
    work.session.info[_IN_HAND] = lanes


def applied_versions(work: Work, subject: str, ids: Iterable[UUID]) -> dict[UUID, int]:
    """Give the version that was applied last of each of the things of `subject` that ever had one."""
    wanted = sorted(ids)
    found: dict[UUID, int] = {}
    for start in range(0, len(wanted), _CHUNK):
        known = select(LANE.c.subject_id, LANE.c.version).where(LANE.c.subject == subject, LANE.c.subject_id.in_(wanted[start : start + _CHUNK]))
        found |= {row.subject_id: row.version for row in work.session.execute(known)}
    in_hand: Mapping[tuple[str, UUID], int] = work.session.info.get(_IN_HAND, {})
    return found | {thing: in_hand[subject, thing] for thing in wanted if (subject, thing) in in_hand}
