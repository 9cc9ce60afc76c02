"""Commands for roles: give one and take one away, when nobody who could do it in the browser is there."""

from collections.abc import Callable
from typing import Any, TypeVar

import click
from marshmallow import ValidationError

from plenary.installation import installation_here
from plenary_kit.persistence.database import Database
from plenary_kit.web.fields import EmailAddress
from plenary_proposals.people.queries import society_by_slug
from plenary_proposals.roles.actions import grant_as_operator, revoke_as_operator
from plenary_proposals.roles.model import ROLES, Scope
from plenary_proposals.roles.queries import scope_of, scope_of_meeting

Command = TypeVar("Command", bound=Callable[..., Any])


class Address(click.ParamType[str]):
    """A mail address, as strict as in the browser."""

    name = "address"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read an address, or say what one looks like."""
        try:
            return str(EmailAddress().deserialize(value))
        except ValidationError as error:
            self.fail(str(error.messages[0]), param, ctx)


def _within_a_scope(command: Command) -> Command:
    for decorate in (
        click.option("--meeting", help="Address of the meeting that is chaired."),
        click.option("--society", help="Address of the society that is administered."),
        click.argument("role", type=click.Choice(list(ROLES))),
        click.argument("email", type=Address()),
    ):
        command = decorate(command)
    return command


@click.command()
@_within_a_scope
def grant(email: str, role: str, society: str | None, meeting: str | None) -> None:
    """Give a role to whoever signs in with EMAIL; a letter tells them."""
    with installation_here() as here:
        database = here.at("proposals").database
        scope = _scope(database, society, meeting)
        grant_as_operator(database, email=email, role=role, scope=scope)
    click.echo(f"{email} is now {role} of {scope.name}.")


@click.command()
@_within_a_scope
def revoke(email: str, role: str, society: str | None, meeting: str | None) -> None:
    """Take a role away from whoever signs in with EMAIL."""
    with installation_here() as here:
        database = here.at("proposals").database
        scope = _scope(database, society, meeting)
        revoke_as_operator(database, email=email, role=role, scope=scope)
    click.echo(f"{email} is no longer {role} of {scope.name}.")


def _scope(database: Database, society: str | None, meeting: str | None) -> Scope:
    if (society is None) == (meeting is None):
        raise click.UsageError("Name either a society with --society or a meeting with --meeting.")
    with database.reading() as reading:
        return scope_of_meeting(reading, meeting) if meeting is not None else scope_of(society_by_slug(reading, str(society)))


COMMANDS = (grant, revoke)
