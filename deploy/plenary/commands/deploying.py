"""Commands that the deployed shape is set up with: secrets, the broker's users, and a mail catcher."""

import os
import secrets as randomness
from pathlib import Path

import click

from plenary.broker_users import Management
from plenary.settings import SERVICES, SettingMissing
from plenary.signals import stop_on_signals
from plenary_kit.identity.keys import generate_private_pem, public_pem_of
from plenary_kit.refusal import Refusal

BROKER_PASSWORDS = {
    "proposals": "PLENARY_PROPOSALS_BROKER_PASSWORD",
    "scheduling": "PLENARY_SCHEDULING_BROKER_PASSWORD",
    "notifications": "PLENARY_NOTIFICATIONS_BROKER_PASSWORD",
}


class ExtraMissing(Refusal):
    """The command needs a library that is not installed."""

    code = "extra-missing"


@click.command()
@click.option("--public-url", default="http://localhost:8080", show_default=True, help="The address that people will type.")
def secrets(public_url: str) -> None:
    """Print a fresh .env for Docker Compose: random passwords and keys, and the settings for trying out. Keep it to yourself."""
    pem = generate_private_pem()
    passwords = [f"{name.upper()}_{what}_PASSWORD" for name in SERVICES for what in ("DATABASE", "BROKER")]
    lines = {
        "PLENARY_PUBLIC_URL": public_url,
        "COMPOSE_PROFILES": "trial",
        "PLENARY_SMTP_HOST": "catcher",
        "PLENARY_SMTP_PORT": "2525",
        "PLENARY_CAUGHT_MAIL": "/caught",
        "PLENARY_MAIL_FROM": "plenary@example.org",
        "RABBITMQ_ADMIN_USER": "plenary-admin",
        **{name: randomness.token_urlsafe(24) for name in ("RABBITMQ_ADMIN_PASSWORD", "POSTGRES_PASSWORD", *passwords, "PLENARY_SECRET_KEY")},
        "PLENARY_SIGNING_KEY": _on_one_line(pem),
        "PLENARY_VERIFYING_KEY": _on_one_line(public_pem_of(pem)),
    }
    for name, value in lines.items():
        click.echo(f"{name}={value}")


@click.command("broker-users")
@click.option("--management", required=True, help="Address of RabbitMQ's management API, as in http://rabbitmq:15672.")
def broker_users(management: str) -> None:
    """Make or refresh the broker's user of each service, with no right beyond its own queue and exchange."""
    passwords = {name: _setting(setting) for name, setting in BROKER_PASSWORDS.items()}
    Management(management, _setting("PLENARY_BROKER_ADMIN"), _setting("PLENARY_BROKER_ADMIN_PASSWORD")).ensure_users(passwords)
    click.echo(f"The broker knows {', '.join(SERVICES)}.")


@click.command("catch-mail")
@click.option("--bind", default="127.0.0.1:2525", show_default=True, help="Address and port to take mail on.")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), required=True, help="Where letters are kept.")
def catch_mail(bind: str, folder: Path) -> None:
    """Take every letter by SMTP and keep it, for trying out; set PLENARY_CAUGHT_MAIL to the folder to see them at /notifications/outbox."""
    try:
        from plenary.catcher import catching  # noqa: PLC0415 - its library is an extra that a real installation does without
    except ModuleNotFoundError as missing:
        raise ExtraMissing("Catching mail needs the extra “trial”: pip install 'plenary[trial]'.") from missing
    host, _, port = bind.rpartition(":")
    stop, controller = stop_on_signals(), catching(host, int(port), folder)
    controller.start()
    stop.wait()
    controller.stop()


def _on_one_line(pem: str) -> str:
    """Write PEM text as Compose reads it back: in double quotes, with its line ends escaped."""
    escaped = pem.replace("\n", "\\n")
    return f'"{escaped}"'


def _setting(name: str) -> str:
    if not os.environ.get(name):
        raise SettingMissing(f"{name} is not set. See docs/operate/settings.md.")
    return os.environ[name]


COMMANDS = (secrets, broker_users, catch_mail)
