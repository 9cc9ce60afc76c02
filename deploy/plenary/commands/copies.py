"""Commands that look after copies: comparing them with their owners, and making one anew."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import click

from plenary.installation import Here, installation_here
from plenary_kit.copies.faults import FoundFault, compared, faults
from plenary_kit.copies.tables import STUCK
from plenary_kit.refusal import Refusal
from plenary_kit.service import Service

PATIENCE_SECONDS = 60.0


class CopiesDiffer(Refusal):
    """Copies are not what their owners say, or an owner did not answer in time."""

    code = "copies-differ"


@dataclass(frozen=True)
class Looking:
    """Copies of a service that are being compared since an instant."""

    service: Service
    kinds: tuple[str, ...]
    since: datetime

    def unheard(self) -> list[str]:
        """Name the kinds whose owner has not listed them to the end yet."""
        heard = compared(self.service.database)
        return [kind for kind in self.kinds if kind not in heard or heard[kind] < self.since]

    def found(self) -> list[FoundFault]:
        """List what was found wrong."""
        return faults(self.service.database, since=self.since)

    def under_way(self) -> bool:
        """Tell whether an answer is still to come; what is stuck waits for an operator."""
        return bool(self.unheard()) or any(fault.mended_at is None and fault.fault != STUCK for fault in self.found())


@click.command()
@click.option("--patience", default=PATIENCE_SECONDS, show_default=True, help="Seconds to wait for the owners' answers.")
def reconcile(patience: float) -> None:
    """Compare every copy with its owner, name what differs, and mend it. Nobody is told anything. Exits with 2 when something stays wrong."""
    with installation_here() as here:
        looking = [Looking(service, tuple(service.keeper.copies), service.database.clock()) for service in here.services]
        for each in looking:
            each.service.keeper.reconcile(each.service.database)
        _wait(here, looking, patience)
        wrong = [sentence for each in looking for sentence in _report(each)]
    if wrong:
        raise CopiesDiffer("\n".join(wrong))


@click.command()
@click.argument("kind")
@click.option("--service", "name", required=True, help="The service whose copy it is.")
@click.option("--patience", default=PATIENCE_SECONDS, show_default=True, help="Seconds to wait for the owner's answers.")
@click.confirmation_option(prompt="The copy is empty until its owner has answered. Go on?")
def rebuild(kind: str, name: str, patience: float) -> None:
    """Empty a copy (say, proposals.person) and take it over from its owner anew. Nobody is told anything."""
    with installation_here() as here:
        service = here.at(name)
        looking = Looking(service, (kind,), service.database.clock())
        service.keeper.rebuild(service.database, kind)
        _wait(here, [looking], patience)
        wrong = _report(looking)
    if wrong:
        raise CopiesDiffer("\n".join(wrong))


def _wait(here: Here, looking: Sequence[Looking], patience: float) -> None:
    deadline = time.monotonic() + patience
    while any(each.under_way() for each in looking) and time.monotonic() < deadline:
        here.carry()


def _report(looking: Looking) -> list[str]:
    """Say what was found; gives what is wrong now."""
    name, found, unheard = looking.service.name, looking.found(), looking.unheard()
    for fault in found:
        where = f" in {fault.fields}" if fault.fields else ""
        click.echo(f"{name}: {fault.kind} {fault.thing} {fault.fault}{where}{', mended' if fault.mended_at else ''}")
    click.echo(f"{name}: {len(looking.kinds) - len(unheard)} of {len(looking.kinds)} kinds compared")
    wrong = [f"{name}: {fault.kind} {fault.thing} is still {fault.fault}." for fault in found if fault.mended_at is None]
    return wrong + [f"{name}: the owner of {kind} has not answered yet." for kind in unheard]


COMMANDS = (reconcile, rebuild)
