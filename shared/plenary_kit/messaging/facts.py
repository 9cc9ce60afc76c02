"""Facts: what services publish, as frozen values with a checked, unique, versioned name."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import ClassVar, TypeVar
from uuid import UUID

import msgspec

_NAME = re.compile(r"(?P<service>[a-z]+)\.(?P<subject>[a-z_]+)\.(?P<what>[a-z_]+)\.v[1-9][0-9]*")
_IRREGULAR = frozenset({"read", "told", "sent", "begun", "left", "held", "drawn", "withdrawn"})
_registry: dict[str, type["Fact"]] = {}


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened to the subject `id`. Subclasses are registered by `fact` and stay as released: a change is a new version."""

    TYPE: ClassVar[str] = ""
    SERVICE: ClassVar[str] = ""
    SUBJECT: ClassVar[str] = ""

    id: UUID


FactType = TypeVar("FactType", bound=Fact)


def fact(type_name: str) -> Callable[[type[FactType]], type[FactType]]:
    """Register a fact under `{service}.{subject}.{what_happened}.v{n}`; a bad or taken name raises `ValueError` at import."""
    match = _NAME.fullmatch(type_name)
    if match is None:
        raise ValueError(f"{type_name}: a fact is named service.subject.what_happened.v1, in small letters")
    what = match["what"]
    if not what.endswith("ed") and what not in _IRREGULAR:
        raise ValueError(f"{type_name}: a fact is named in the past tense, not {what!r}")
    if type_name in _registry:
        raise ValueError(f"{type_name} is taken by {_registry[type_name].__name__}")

    def register(cls: type[FactType]) -> type[FactType]:
        cls.TYPE, cls.SERVICE, cls.SUBJECT = type_name, match["service"], f"{match['service']}.{match['subject']}"
        _registry[type_name] = cls
        return cls

    return register


def registered() -> Mapping[str, type[Fact]]:
    """Show every registered fact by its type name."""
    return MappingProxyType(_registry)
