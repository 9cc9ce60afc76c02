"""Cursors: pages of a list that stay right while things are added, named by an opaque signed text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

import marshmallow as ma
from flask import current_app, request
from itsdangerous import BadData, URLSafeSerializer

from plenary_kit.persistence.keyset import Part, Position, position
from plenary_kit.refusal import Refusal
from plenary_kit.web.fields import Text, WholeNumber

LARGEST_PAGE = 100
USUAL_PAGE = 50
Row = TypeVar("Row")


class CursorUnusable(Refusal):
    """The cursor is not one that this list gave out."""

    code = "cursor-unusable"
    status = 400


class PageArguments(ma.Schema):
    """The query of a list: `limit` up to 100 and the `cursor` of the page before."""

    limit = WholeNumber(min=1, max=LARGEST_PAGE, load_default=USUAL_PAGE)
    cursor = Text(max=1_000, load_default=None, metadata={"description": "`next` of the page before"})

    @ma.pre_load
    def read_query(self, data: Any, **_options: Any) -> Any:
        """Read the digits of a query, where everything is text."""
        limit = data.get("limit")
        number = WholeNumber()
        return {**data, "limit": number.from_form(limit)} if isinstance(limit, str) else data


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a list and the cursor of the `next` page, if there is one."""

    items: list[Row]
    next: str | None


def page_of(schema: type[ma.Schema]) -> type[ma.Schema]:
    """Describe a page of what `schema` describes."""
    name = f"{schema.__name__.removesuffix('Schema')}Page"
    cursor = ma.fields.String(required=True, allow_none=True, metadata={"description": "the cursor of the next page; null on the last"})
    items = ma.fields.List(ma.fields.Nested(schema), required=True)
    return type(name, (ma.Schema,), {"items": items, "next": cursor, "__doc__": f"A page of {name.removesuffix('Page')}."})


class Paging:
    """One request for a page of the list `of`, a text that names the list and whatever it is filtered by."""

    def __init__(self, arguments: Mapping[str, Any], of: str) -> None:
        """Read where the page before ended; raises `CursorUnusable` for a cursor that is not from this list."""
        self._signer = URLSafeSerializer(current_app.config["SECRET_KEY"], salt=f"plenary cursor {of}")
        self.part = Part(self._read(arguments["cursor"]), arguments["limit"])

    def page(self, rows: Sequence[Row], *keys: str) -> tuple[Page[Row], int, dict[str, str]]:
        """Answer with the `rows` that the query gave for `part`; `keys` are the attributes that they are sorted by."""
        items = list(rows[: self.part.limit])
        if len(rows) <= self.part.limit:
            return Page(items, None), 200, {}
        cursor = str(self._signer.dumps(position(*(getattr(items[-1], key) for key in keys))))
        query = urlencode({**request.args.to_dict(), "cursor": cursor})
        return Page(items, cursor), 200, {"Link": f'<{request.script_root}{request.path}?{query}>; rel="next"'}

    def _read(self, cursor: str | None) -> Position | None:
        if cursor is None:
            return None
        try:
            return list(self._signer.loads(cursor))
        except BadData as error:
            raise CursorUnusable("This cursor is not from this list. Start from the first page.") from error
