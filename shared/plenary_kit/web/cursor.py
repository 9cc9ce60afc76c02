"""Cursors: pages of a list that stay right while things are added, named by an opaque signed text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import marshmallow as ma
from flask import Response, current_app, request
from itsdangerous import BadData, URLSafeSerializer

from plenary_kit.refusal import Refusal
from plenary_kit.web.fields import Text, WholeNumber

LARGEST_PAGE = 100
USUAL_PAGE = 50
Row = TypeVar("Row")
Position = list[Any]


class CursorUnusable(Refusal):
    """The cursor is not one that this list gave out."""

    code = "cursor-unusable"
    status = 400


class PageArguments(ma.Schema):
    """The query of a list: `limit` up to 100 and the `cursor` of the page before."""

    limit = WholeNumber(min=1, max=LARGEST_PAGE, load_default=USUAL_PAGE)
    cursor = Text(max=1_000, load_default=None, allow_none=True)

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


def position_of(cursor: str | None, *, of: str) -> Position | None:
    """Read where the page before ended; `of` names the list (and its filters, if they matter). Raises `CursorUnusable` for any other text."""
    if cursor is None:
        return None
    try:
        position = _signer(of).loads(cursor)
    except BadData as error:
        raise CursorUnusable("This cursor is not from this list. Start from the first page.") from error
    return list(position)


def cut(rows: Sequence[Row], limit: int, *, of: str, place: Callable[[Row], Position]) -> Page[Row]:
    """Make a page of `rows`, of which the query fetched `limit` + 1; `place` gives the JSON values that a row is sorted by."""
    items = list(rows[:limit])
    more = len(rows) > limit
    return Page(items=items, next=_text(_signer(of).dumps(place(items[-1]))) if more else None)


def link_next(response: Response, following: str | None) -> Response:
    """Name the next page in the `Link` header."""
    if following:
        arguments = {**request.args.to_dict(), "cursor": following}
        query = "&".join(f"{name}={value}" for name, value in arguments.items() if name in {"limit", "cursor"})
        response.headers.add("Link", f'<{request.script_root}{request.path}?{query}>; rel="next"')
    return response


def _signer(of: str) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=f"plenary cursor {of}")


def _text(signed: str | bytes) -> str:
    return signed if isinstance(signed, str) else signed.decode()
