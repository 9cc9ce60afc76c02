"""The tables of scheduling: one declarative base, with the tables that the kit brings along."""

from typing import Any, ClassVar

from sqlalchemy.orm import DeclarativeBase

from plenary_kit.copies.tables import add_copy_tables
from plenary_kit.identity.grants import add_identity_tables
from plenary_kit.messaging.tables import add_messaging_tables
from plenary_kit.persistence.columns import COLUMN_TYPES, service_metadata
from plenary_kit.web.idempotency import add_web_tables


class Base(DeclarativeBase):
    """Everything that scheduling stores."""

    metadata = service_metadata()
    type_annotation_map: ClassVar[dict[Any, Any]] = COLUMN_TYPES


add_messaging_tables(Base.metadata)
add_identity_tables(Base.metadata)
add_web_tables(Base.metadata)
add_copy_tables(Base.metadata)
