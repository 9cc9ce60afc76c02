"""The roles that can be given, and where each of them holds."""

from dataclasses import dataclass
from uuid import UUID

from plenary_kit.refusal import Refusal
from plenary_proposals.people.access import ADMINISTRATOR, CHAIR

SOCIETY, MEETING = "society", "meeting"
ROLES = {ADMINISTRATOR: SOCIETY, CHAIR: MEETING}  # each role and the kind of scope that it holds in


class UnfitRole(Refusal):
    """Societies have administrators, meetings have chairs; nothing else fits together."""

    code = "unfit-role"
    status = 422


class LastAdministrator(Refusal):
    """A society without an administrator could never get one again."""

    code = "last-administrator"


@dataclass(frozen=True)
class Scope:
    """Where a role holds: a society, or a meeting of one; `name` is what people call it."""

    kind: str
    id: UUID
    society_id: UUID
    name: str

    def refuse_unless_fit(self, role: str) -> None:
        """Raise `UnfitRole` for a role that does not exist here."""
        if ROLES.get(role) != self.kind:
            raise UnfitRole("A society has administrators, and a meeting has chairs. Choose one of these.", field="role")


def refuse_last(role: str, others: int) -> None:
    """Raise `LastAdministrator` when a role is taken away that `others` more people do not hold."""
    if role == ADMINISTRATOR and others == 0:
        raise LastAdministrator("This is the last administrator of the society. Name another one first.")
