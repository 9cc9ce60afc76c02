"""Commands that look after an installation: how it is doing, and messages that no try could apply."""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import TypeVar
from uuid import UUID

import click

from plenary.installation import Here, deployed_service, installation_here, settings_here
from plenary_kit.copies.faults import faults
from plenary_kit.mail.letters import Letter, compose
from plenary_kit.mail.transports import Deferred, Refused
from plenary_kit.messaging import parked as parking
from plenary_kit.messaging.brokers import BrokerDownError
from plenary_kit.messaging.health import BackboneHealth, backbone_health
from plenary_kit.messaging.topology import connect
from plenary_kit.persistence.columns import new_id, utc_now
from plenary_kit.refusal import NotFound, Refusal
from plenary_kit.service import Service

Answer = TypeVar("Answer")


class NotWell(Refusal):
    """Something of the installation needs an operator."""

    code = "not-well"


class NotSent(Refusal):
    """The mail server did not take the letter."""

    code = "not-sent"


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def doctor(*, as_json: bool) -> None:
    """Say how the installation is doing: each database, the broker, what waits, what is parked. Exits with 2 when somebody must look."""
    broker = _broker()
    with installation_here() as here:
        figures = {service.name: backbone_health(service.database) for service in here.services}
        differing = {service.name: len(faults(service.database)) for service in here.services}
    if as_json:
        services = {name: {**asdict(health), "differing": differing[name]} for name, health in figures.items()}
        click.echo(json.dumps({"broker": broker, "services": services}))
    else:
        click.echo(f"broker: {broker}")
        for name, health in figures.items():
            click.echo(f"{name}: {_in_words(health)}, {differing[name]} copies differing")
    troubles = _troubles(broker, sum(health.parked for health in figures.values()), sum(differing.values()))
    if troubles:
        raise NotWell(" ".join(troubles))


@click.group("parked")
def parked_group() -> None:
    """Look after messages that no try could apply."""


@parked_group.command("list")
def parked_list() -> None:
    """List them, the oldest first, each with its reason."""
    with installation_here() as here:
        for service in here.services:
            for row in parking.parked(service.database):
                click.echo(f"{service.name} {row.event_id} {row.type} since {row.held_at:%Y-%m-%d %H:%M} UTC, {row.attempts} tries: {row.last_error}")


@parked_group.command("show")
@click.argument("event", type=click.UUID)
def parked_show(event: UUID) -> None:
    """Print one as it came."""
    with installation_here() as here:
        click.echo(_at_its_service(here, lambda service: parking.payload(service.database, event)))


@parked_group.command("replay")
@click.argument("event", type=click.UUID, required=False)
@click.option("--all", "every", is_flag=True, help="Try all of them again.")
def parked_replay(event: UUID | None, *, every: bool) -> None:
    """Try one again, or all."""
    if (event is None) != every:
        raise click.UsageError("Name one event, or say --all.")
    with installation_here() as here:
        number = sum(parking.replay(service.database, event) for service in here.services)
        for service in here.services:
            service.intake.sweep()
    if not number:
        raise NotFound("Nothing of that is parked here.")
    click.echo(f"{number} tried again; “plenary parked list” shows what failed once more.")


@parked_group.command("drop")
@click.argument("event", type=click.UUID)
@click.confirmation_option(prompt="The fact is lost to this service. Go on?")
def parked_drop(event: UUID) -> None:
    """Give one up: what waited behind it goes on."""
    with installation_here() as here:
        _at_its_service(here, lambda service: parking.drop(service.database, event))
    click.echo("Dropped.")


@click.command("test-mail")
@click.argument("address")
def test_mail(address: str) -> None:
    """Send one letter to ADDRESS by the way that letters take here, and say what the mail server answered."""
    settings = settings_here()
    text = f"This is a test letter of the Plenary installation at {settings.web.public_url}.\n\nIf you read it, mail works.\n"
    letter = Letter(new_id(), "test", "", address, "Test letter from Plenary", text)
    transport = settings.transport()
    try:
        answer = transport.send(compose(letter, settings.mail_from, utc_now()), address)
    except (Deferred, Refused) as error:
        raise NotSent(f"The letter did not leave: {error}. Check the PLENARY_SMTP_ settings.") from error
    finally:
        transport.close()
    click.echo(f"Sent from {settings.mail_from.address} to {address}: {answer}")


def _broker() -> str:
    if deployed_service() is None:
        return "within the process"
    try:
        connect(str(settings_here().amqp_url)).release()
    except BrokerDownError as error:
        return f"away ({error})"
    return "answers"


def _troubles(broker: str, parked: int, differing: int) -> list[str]:
    """Say what somebody has to look at."""
    troubles = ["The broker cannot be reached."] if broker.startswith("away") else []
    troubles += [f"{parked} parked; see “plenary parked list”."] if parked else []
    return troubles + ([f"{differing} copies differ from their owners; see “plenary reconcile”."] if differing else [])


def _in_words(health: BackboneHealth) -> str:
    oldest = f", the oldest {health.oldest_seconds:.0f} s old" if health.pending else ""
    return f"{health.pending} to publish{oldest}; {health.waiting} waiting for an earlier one, {health.retrying} retrying, {health.parked} parked"


def _at_its_service(here: Here, act: Callable[[Service], Answer]) -> Answer:
    for service in here.services:
        try:
            return act(service)
        except NotFound:
            continue
    raise NotFound("No service has parked that event.")


COMMANDS = (doctor, parked_group, test_mail)
