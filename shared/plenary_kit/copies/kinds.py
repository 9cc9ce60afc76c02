"""The words that owners and keepers of copies exchange about one kind of thing: doubt, listing and statement."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast, get_args
from uuid import NAMESPACE_OID, UUID, uuid5

import msgspec

from plenary_kit.messaging.facts import Fact

_HEX_DIGITS = 16


class Listed(msgspec.Struct, frozen=True, array_like=True):
    """One thing that its owner holds: its version, and the hashes of its fields, one after the other in the order of the state's fields."""

    id: UUID
    version: int
    digests: str


class Doubted(msgspec.Struct, frozen=True, array_like=True):
    """One thing that a keeper doubts, the version that it applied last, and what seems wrong: missing, differs, extra or behind."""

    id: UUID
    applied: int
    fault: str


class Statement(Fact, frozen=True, kw_only=True):
    """The owner's word on what the subject is; without a `state` there is no such thing, or not any more."""

    state: Any


class Listing(Fact, frozen=True, kw_only=True):
    """Every thing of a kind whose id lies after `after` and not after `up_to`; None is no border. The subject is the stretch."""

    after: UUID | None
    up_to: UUID | None
    rows: tuple[Listed, ...]


class Doubt(Fact, frozen=True, kw_only=True):
    """A keeper's doubt in its copy of a `kind`: in the `rows`, to be told anew, or in all of it, to be listed. The subject is the copy."""

    kind: str
    rows: tuple[Doubted, ...]


@dataclass(frozen=True)
class Kind:
    """One kind of thing that a service owns and others copy, known by the subject of its facts."""

    stated: type[Statement]
    listed: type[Listing]

    @property
    def name(self) -> str:
        """The subject, as in `proposals.person`."""
        return self.stated.SUBJECT

    @cached_property
    def state(self) -> type[msgspec.Struct]:
        """The class of the state that statements carry."""
        annotation = next(field.type for field in msgspec.structs.fields(self.stated) if field.name == "state")
        return cast("type[msgspec.Struct]", next(each for each in get_args(annotation) if each is not type(None)))

    @cached_property
    def fields(self) -> dict[str, Any]:
        """The fields of the state, with their types."""
        return {field.name: field.type for field in msgspec.structs.fields(self.state)}

    def stretch_id(self, number: int) -> UUID:
        """Name the `number`th stretch of a listing, the same one each time."""
        return uuid5(NAMESPACE_OID, f"{self.name} {number}")

    def digest(self, thing: UUID, field: str, value: Any) -> str:
        """Hash one field of a thing from whatever a database made of it; what the field could never hold has no hash."""
        try:
            told = msgspec.convert(value, self.fields[field], strict=False)
        except msgspec.ValidationError:
            return ""
        return hashlib.sha256(msgspec.json.encode((thing, field, told))).hexdigest()[:_HEX_DIGITS]

    def differing(self, listed: Listed, kept: dict[str, Any]) -> list[str]:
        """Name the fields in which what is `kept` is not what was `listed`."""
        told = dict(zip(self.fields, _split(listed.digests), strict=True))
        return [field for field, value in kept.items() if self.digest(listed.id, field, value) != told[field]]


def _split(digests: str) -> list[str]:
    return [digests[start : start + _HEX_DIGITS] for start in range(0, len(digests), _HEX_DIGITS)]
