"""The `plenary` command: starting, importing, exporting and looking after an installation."""

import sys

import click

from plenary.commands import care, copies, deploying, documents, programs, roles, running
from plenary.settings import SettingMissing
from plenary_kit.refusal import Refusal


def main() -> None:
    """Run the command; a refusal is a sentence on standard error and exit code 2."""
    try:
        commands(standalone_mode=False)
    except Refusal as refusal:
        click.echo(refusal.sentence, err=True)
        sys.exit(2)
    except SettingMissing as missing:
        click.echo(str(missing), err=True)
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def commands() -> None:
    """Plan the meetings of learned societies.

    Data lies in the folder that PLENARY_DATA names, or in ./var; a process of the deployed shape is told its service by PLENARY_SERVICE.
    """


for command in (*running.COMMANDS, *deploying.COMMANDS, *programs.COMMANDS, *roles.COMMANDS, *care.COMMANDS, *copies.COMMANDS, *documents.COMMANDS):
    commands.add_command(command)
