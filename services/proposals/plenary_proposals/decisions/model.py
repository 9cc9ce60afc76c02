"""A decision: made by a chair, held, then released."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from plenary_kit.refusal import Refusal, Stale
from plenary_proposals.base import Base

ACCEPT, DECLINE = "accept", "decline"
UNDECIDED = 0  # the version of a decision that nobody made yet


class AlreadyReleased(Refusal):
    """People were told already; the decision stands."""

    code = "already-released"


class NothingToRelease(Refusal):
    """No decision of this call is held."""

    code = "nothing-to-release"


class StaleDecision(Stale):
    """Another chair decided about the proposal since it was looked at."""

    code = "stale-decision"


class Decision(Base):
    """What a chair decided about one proposal, when; nobody is told before `released_at`. The first decision has `version` 1."""

    __tablename__ = "decision"
    proposal_id: Mapped[UUID] = mapped_column(primary_key=True)
    call_id: Mapped[UUID] = mapped_column(index=True)
    outcome: Mapped[str]
    decided_by: Mapped[UUID]
    decided_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it as a plain dict

    def change(self, outcome: str, by: UUID, now: datetime) -> None:
        """Decide anew; after the release this raises `AlreadyReleased`."""
        if self.released_at is not None:
            raise AlreadyReleased("This decision was released; the people concerned know it.")
        self.outcome, self.decided_by, self.decided_at = outcome, by, now
