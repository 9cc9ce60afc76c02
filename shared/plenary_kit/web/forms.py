"""Forms: read what a person typed, keep it exactly as typed, and name each mistake beside its field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from marshmallow import EXCLUDE, Schema, ValidationError, fields
from werkzeug.datastructures import MultiDict

from plenary_kit.refusal import Refusal
from plenary_kit.web.fields import Flag

WHOLE_FORM = ""
Typed = Mapping[str, str | list[str]]


@dataclass(frozen=True)
class FormResult:
    """A form that was read: `values` by field if all is right, else sentences by field in `errors`; `typed` is what stood in the browser.

    Errors that belong to no field stand under the empty name.
    """

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    typed: Typed = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Tell whether the values may be used."""
        return not self.errors

    def refused(self, refusal: Refusal) -> Self:
        """Give the same form with a rule's refusal beside its field (or above the form)."""
        return self.with_error(refusal.field or WHOLE_FORM, refusal.sentence)

    def with_error(self, name: str, sentence: str) -> Self:
        """Give the same form with one more mistake."""
        errors = {**self.errors, name: [*self.errors.get(name, []), sentence]}
        return type(self)(values=self.values, errors=errors, typed=self.typed)


def blank(**start: object) -> FormResult:
    """Make the form of a page that nobody filled in yet; `start` are the values it begins with, as the browser would type them."""
    return FormResult(typed={name: _as_typed(value) for name, value in start.items() if value is not None})


def load(schema: type[Schema] | Schema, form: "MultiDict[str, str]") -> FormResult:
    """Read the fields of `schema` from a submitted form; everything else in the form is ignored."""
    reader = schema if isinstance(schema, Schema) else schema()
    typed: dict[str, str | list[str]] = {}
    data: dict[str, object] = {}
    for name, one in reader.load_fields.items():
        key = one.data_key or name
        if isinstance(one, fields.List):
            typed[key] = form.getlist(key)
            data[key] = [_read(one.inner, text) for text in form.getlist(key) if text]
        elif isinstance(one, Flag):
            typed[key] = form.get(key, "")
            data[key] = one.from_form(form.get(key, ""))
        else:
            typed[key] = form.get(key, "")
            if str(typed[key]).strip():
                data[key] = _read(one, str(typed[key]))
            elif not one.required and one.allow_none:
                data[key] = None
    try:
        values: Any = reader.load(data, unknown=EXCLUDE)
        return FormResult(values=values, typed=typed)
    except ValidationError as error:
        return FormResult(errors=_sentences(error), typed=typed)


def _read(one: Any, text: str) -> object:
    reader = getattr(one, "from_form", None)
    return reader(text) if reader else text


def _sentences(error: ValidationError) -> dict[str, list[str]]:
    messages: dict[str, object] = error.normalized_messages()  # type: ignore[no-untyped-call]
    return {WHOLE_FORM if name == "_schema" else name: _flat(found) for name, found in messages.items()}


def _flat(found: object) -> list[str]:
    if isinstance(found, Mapping):
        return [sentence for part in found.values() for sentence in _flat(part)]
    return [str(part) for part in found] if isinstance(found, list) else [str(found)]


def _as_typed(value: object) -> str | list[str]:
    if isinstance(value, list | tuple):
        return [str(part) for part in value]
    if isinstance(value, bool):
        return "on" if value else ""
    return str(value)
