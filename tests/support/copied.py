"""Looking into copies, and tampering with them behind everybody's back."""

import hashlib
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update

from plenary.composition import Trio
from plenary_kit.copies.copy import Copy
from plenary_kit.copies.faults import faults
from plenary_kit.copies.kinds import Kind
from plenary_kit.mail.tables import add_mail_tables
from plenary_kit.persistence.columns import service_metadata
from plenary_kit.service import Service
from plenary_notifications.notices.model import Notice, SessionChange

_mail = service_metadata()
add_mail_tables(_mail)


def every_copy(trio: Trio) -> list[tuple[Service, Copy]]:
    return [(service, copy) for service in trio.all() for copy in service.keeper.copies.values()]


def content(service: Service, copy: Copy) -> dict[UUID, dict[str, Any]]:
    with service.database.reading() as session:
        return copy.rows(session, None, None)


def whole_hash(trio: Trio) -> str:
    """Hash every copy of every service."""
    told = [(service.name, copy.kind.name, sorted(content(service, copy).items())) for service, copy in every_copy(trio)]
    return hashlib.sha256(repr(told).encode()).hexdigest()


def lose(service: Service, copy: Copy, thing: UUID) -> None:
    with service.database.work() as work:
        work.session.execute(delete(copy.table).where(copy.key == thing))


def alter(service: Service, copy: Copy, thing: UUID, **values: Any) -> None:
    with service.database.work() as work:
        work.session.execute(update(copy.table).where(copy.key == thing).values(values))


def double(service: Service, copy: Copy, thing: UUID, invented: UUID, **values: Any) -> None:
    """Invent a thing that looks like another one."""
    with service.database.work() as work:
        row = dict(work.session.execute(select(copy.table).where(copy.key == thing)).mappings().one())
        work.session.execute(insert(copy.table).values(row | values | {copy.key.name: invented}))


def found(service: Service) -> dict[tuple[str, UUID], tuple[str, str]]:
    """Give (fault, fields) of everything that was ever found wrong; all of it must be mended by now."""
    remembered = faults(service.database, since=service.database.clock().min.replace(tzinfo=service.database.clock().tzinfo))
    assert [fault for fault in remembered if fault.mended_at is None] == []
    return {(fault.kind, fault.thing): (fault.fault, fault.fields) for fault in remembered}


def told(trio: Trio) -> list[int]:
    """Count what people would notice: notices, gathered changes and letters, anywhere."""
    counts: list[int] = []
    for service in trio.all():
        tables = [table for table in (Notice.__table__, SessionChange.__table__, *_mail.tables.values()) if table.name in service.metadata.tables]
        with service.database.reading() as session:
            counts += [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]
    return counts


def reconcile(stage: Any) -> None:
    """Let every service doubt all of its copies, and settle."""
    for service in stage.trio.all():
        service.keeper.reconcile(service.database)
    stage.settle()


def kept(stage: Any, name: str, kind: Kind) -> tuple[Service, Copy]:
    service = getattr(stage.trio, name)
    return service, service.keeper.copies[kind.name]
