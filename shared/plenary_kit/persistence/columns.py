"""Column types, keys and metadata that every service's tables are built from."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import uuid_utils.compat
from sqlalchemy import JSON, DateTime, Dialect, MetaData, TypeDecorator, Uuid

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def utc_now() -> datetime:
    """Tell the instant of the machine's clock, aware, in UTC."""
    return datetime.now(UTC)


def new_id() -> UUID:
    """Make a time-ordered identifier (UUIDv7)."""
    return uuid_utils.compat.uuid7()


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in the database, whatever the database thinks of time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """Tell what rows hold."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC; a naive value is a bug of ours and raises `ValueError`."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Hand out an aware instant in UTC."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# A service's base is `class Base(DeclarativeBase)` with `metadata = service_metadata()` and `type_annotation_map = COLUMN_TYPES`.
COLUMN_TYPES: dict[Any, Any] = {datetime: UtcDateTime(), UUID: Uuid(), dict[str, Any]: JSON(), list[Any]: JSON()}


def service_metadata() -> MetaData:
    """Make the empty metadata of one service, with constraint names that migrations can rely on."""
    return MetaData(naming_convention=NAMING)
