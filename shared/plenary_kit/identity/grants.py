"""Grants: what people may do, kept in each service's own database and fed by events.

A token says who somebody is and never what they may do, so a revoked role is gone as soon as its event arrives. Everything is denied by default.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, MetaData, String, Table, Uuid, delete, exists, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session as DatabaseSession

from plenary_kit.persistence.columns import UtcDateTime, service_metadata

_tables = service_metadata()

role_grant = Table(
    "role_grant",
    _tables,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False, index=True),
    Column("role", String(40), nullable=False),
    Column("scope_kind", String(40), nullable=False),
    Column("scope_id", Uuid, nullable=False),
    Column("revoked_at", UtcDateTime),
)

ended_session = Table(
    "ended_session",
    _tables,
    Column("session_id", Uuid, primary_key=True),
    Column("until", UtcDateTime, nullable=False, index=True),
)


@dataclass(frozen=True)
class Grant:
    """A role that a person holds in a scope: a society or a meeting."""

    role: str
    scope_kind: str
    scope_id: UUID


def add_identity_tables(metadata: MetaData) -> None:
    """Add `role_grant` and `ended_session` to a service's metadata."""
    role_grant.to_metadata(metadata)
    ended_session.to_metadata(metadata)


def remember_grant(session: DatabaseSession, *, id: UUID, person_id: UUID, role: str, scope_kind: str, scope_id: UUID) -> None:  # noqa: A002
    """Store a grant; the same grant again changes nothing, and never brings a revoked one back."""
    _insert_once(session, role_grant, {"id": id, "person_id": person_id, "role": role, "scope_kind": scope_kind, "scope_id": scope_id})


def revoke_grant(session: DatabaseSession, *, id: UUID, now: datetime) -> None:  # noqa: A002
    """Take a grant back; what was revoked before keeps its first instant."""
    session.execute(update(role_grant).where(role_grant.c.id == id, role_grant.c.revoked_at.is_(None)).values(revoked_at=now))


def remember_ended_session(session: DatabaseSession, *, session_id: UUID, until: datetime) -> None:
    """Refuse the tokens of a sign-in from now on; `until` is when they would have run out by themselves."""
    _insert_once(session, ended_session, {"session_id": session_id, "until": until})


def forget_ended_sessions(session: DatabaseSession, *, before: datetime) -> None:
    """Drop ended sign-ins whose tokens ran out before `before`: they are refused by their age alone."""
    session.execute(delete(ended_session).where(ended_session.c.until < before))


def has_ended(session: DatabaseSession, session_id: UUID) -> bool:
    """Tell whether a sign-in was ended."""
    return bool(session.scalar(select(exists().where(ended_session.c.session_id == session_id))))


def may(session: DatabaseSession, person_id: UUID, role: str, scope_ids: Iterable[UUID]) -> bool:
    """Tell whether the person holds `role` in one of the scopes; no scope means no."""
    held = exists().where(
        role_grant.c.person_id == person_id,
        role_grant.c.role == role,
        role_grant.c.scope_id.in_(list(scope_ids)),
        role_grant.c.revoked_at.is_(None),
    )
    return bool(session.scalar(select(held)))


def roles_of(session: DatabaseSession, person_id: UUID) -> list[str]:
    """List the names of the roles that a person holds anywhere, sorted."""
    held = select(role_grant.c.role).where(role_grant.c.person_id == person_id, role_grant.c.revoked_at.is_(None))
    return list(session.scalars(held.distinct().order_by(role_grant.c.role)))


def grants_of(session: DatabaseSession, person_id: UUID) -> list[Grant]:
    """List what a person holds where."""
    columns = (role_grant.c.role, role_grant.c.scope_kind, role_grant.c.scope_id)
    held = select(*columns).where(role_grant.c.person_id == person_id, role_grant.c.revoked_at.is_(None))
    return [Grant(*row) for row in session.execute(held.distinct().order_by(*columns))]


def scopes_of(session: DatabaseSession, person_id: UUID, role: str) -> list[UUID]:
    """List the scopes (societies, meetings) in which a person holds `role`."""
    held = select(role_grant.c.scope_id).where(role_grant.c.person_id == person_id, role_grant.c.role == role, role_grant.c.revoked_at.is_(None))
    return list(session.scalars(held.distinct().order_by(role_grant.c.scope_id)))


def holders(session: DatabaseSession, role: str, scope_ids: Iterable[UUID]) -> list[UUID]:
    """List the people who hold `role` in one of the scopes."""
    held = (role_grant.c.role == role) & role_grant.c.scope_id.in_(list(scope_ids)) & role_grant.c.revoked_at.is_(None)
    return list(session.scalars(select(role_grant.c.person_id).where(held).distinct()))


def _insert_once(session: DatabaseSession, table: Table, values: Mapping[str, Any]) -> None:
    dialect = session.get_bind().dialect.name
    if dialect == "postgresql":
        session.execute(postgresql.insert(table).values(values).on_conflict_do_nothing())
    else:
        session.execute(sqlite.insert(table).values(values).on_conflict_do_nothing())
