"""Settings of an installation, read from the environment; the embedded shape makes what is missing in its data folder."""

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from plenary_kit.identity.keys import generate_private_pem, public_pem_of
from plenary_kit.mail.letters import Sender
from plenary_kit.mail.transports import FolderTransport, SmtpTransport, Transport
from plenary_kit.web.settings import WebSettings

SERVICES = ("proposals", "scheduling", "notifications")


class SettingMissing(Exception):  # noqa: N818 - names what an operator reads
    """A setting that the deployed shape cannot do without."""


@dataclass(frozen=True)
class Settings:
    """What an installation is told.

    `databases` maps services to SQLAlchemy URLs; `outbox` is a folder whose letters a page shows, and where mail is kept when no `smtp` sends it.
    """

    databases: Mapping[str, str]
    amqp_url: str | None
    amqp_prefix: str
    quiet_window: timedelta
    web: WebSettings
    signing_pem: str | None
    verifying_pem: str
    mail_from: Sender
    smtp: SmtpTransport | None
    outbox: Path | None
    demonstration: bool

    def transport(self) -> Transport:
        """Give the way out for mail."""
        if self.smtp is not None:
            return self.smtp
        if self.outbox is None or self.amqp_url is not None:
            raise SettingMissing("Set PLENARY_SMTP_HOST, so that mail has a way out.")
        return FolderTransport(self.outbox)

    def key_for(self, service: str) -> str:
        """Give the private key to the one service that signs people in, the public one to the others."""
        return self.signing_pem if service == "proposals" and self.signing_pem else self.verifying_pem


def embedded_settings(environ: Mapping[str, str] | None = None, *, public_url: str | None = None, demonstration: bool = False) -> Settings:
    """Settings of the embedded shape: SQLite, keys and outbox in the folder that PLENARY_DATA names (`var` by default)."""
    env = os.environ if environ is None else environ
    folder = Path(env.get("PLENARY_DATA", "var")).absolute()
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(0o700)  # letters and databases hold what concerns nobody else on the machine
    signing = _kept(folder / "signing.pem", generate_private_pem)
    address = public_url or env.get("PLENARY_PUBLIC_URL", "http://localhost:8000")
    sender = _sender(env, address)
    smtp = _smtp(env, sender)
    return Settings(
        databases={name: env.get(f"PLENARY_{name.upper()}_DATABASE_URL", f"sqlite:///{folder / name}.sqlite") for name in SERVICES},
        amqp_url=None,
        amqp_prefix="",
        quiet_window=_quiet(env),
        web=WebSettings(secret_key=_kept(folder / "secret.key", secrets.token_hex), public_url=address, environment="embedded", max_body=_BODY),
        signing_pem=signing,
        verifying_pem=public_pem_of(signing),
        mail_from=sender,
        smtp=smtp,
        outbox=None if smtp else folder / "outbox",
        demonstration=demonstration,
    )


def deployed_settings(service: str, environ: Mapping[str, str] | None = None) -> Settings:
    """Settings of one service of the deployed shape; raises `SettingMissing` naming what is not set."""
    env = os.environ if environ is None else environ
    signing = _needed(env, "PLENARY_SIGNING_KEY") if service == "proposals" else None
    caught = env.get("PLENARY_CAUGHT_MAIL")
    sender = _sender(env, _needed(env, "PLENARY_PUBLIC_URL"))
    return Settings(
        databases={service: _needed(env, "PLENARY_DATABASE_URL")},
        amqp_url=_needed(env, "PLENARY_AMQP_URL"),
        amqp_prefix=env.get("PLENARY_AMQP_PREFIX", ""),
        quiet_window=_quiet(env),
        web=WebSettings(
            secret_key=_needed(env, "PLENARY_SECRET_KEY"), public_url=_needed(env, "PLENARY_PUBLIC_URL"), environment="deployed", max_body=_BODY
        ),
        signing_pem=signing,
        verifying_pem=public_pem_of(signing) if signing else _needed(env, "PLENARY_VERIFYING_KEY"),
        mail_from=sender,
        smtp=_smtp(env, sender),
        outbox=Path(caught) if caught else None,
        demonstration=False,
    )


_BODY = 21 * 1024 * 1024


def _kept(path: Path, make: Callable[[], str]) -> str:
    """Read a secret, or make one and keep it where only its owner reads it."""
    if not path.exists():
        unfinished = path.with_suffix(".part")
        unfinished.touch(mode=0o600)
        unfinished.write_text(make())
        unfinished.replace(path)
    return path.read_text()


def _quiet(env: Mapping[str, str]) -> timedelta:
    """Read over how many minutes the changes of a session are gathered into one notice."""
    return timedelta(minutes=float(env.get("PLENARY_QUIET_MINUTES", "10")))


def _needed(env: Mapping[str, str], name: str) -> str:
    """Give a setting, which may also stand in the file that `{name}_FILE` names, as secrets do."""
    if env.get(name):
        return env[name]
    if env.get(f"{name}_FILE"):
        return Path(env[f"{name}_FILE"]).read_text().strip()
    raise SettingMissing(f"Neither {name} nor {name}_FILE is set. See docs/operate/settings.md.")


def _sender(env: Mapping[str, str], public_url: str) -> Sender:
    host = public_url.partition("://")[2].partition("/")[0].partition(":")[0]
    domain = env.get("PLENARY_MAIL_DOMAIN", host if "." in host else f"{host}.localdomain")
    return Sender(env.get("PLENARY_MAIL_NAME", "Plenary"), env.get("PLENARY_MAIL_FROM", f"plenary@{domain}"), domain)


def _smtp(env: Mapping[str, str], sender: Sender) -> SmtpTransport | None:
    host = env.get("PLENARY_SMTP_HOST")
    if not host:
        return None
    return SmtpTransport(
        host,
        int(env.get("PLENARY_SMTP_PORT", "25")),
        sender.address,
        starttls=env.get("PLENARY_SMTP_STARTTLS", "") == "yes",
        user=env.get("PLENARY_SMTP_USER", ""),
        password=_needed(env, "PLENARY_SMTP_PASSWORD") if env.get("PLENARY_SMTP_USER") else "",
    )
