"""JSON that means one thing only: UTF-8, no repeated keys, no NaN, no number that overflows, no half characters, no bottomless nesting."""

import json
from collections.abc import Iterable
from typing import Any, Never

from flask.json.provider import DefaultJSONProvider

DEEPEST = 64
_BOM = b"\xef\xbb\xbf"


def strict_loads(data: bytes | str) -> Any:
    """Read JSON; raises `ValueError` with a sentence for anything doubtful."""
    text = data if isinstance(data, str) else _decoded(data)
    _refuse_depth(text)
    value = json.loads(text, object_pairs_hook=_once_each, parse_constant=_refuse_constant, parse_float=_finite)
    if "\\ud" in text.lower():
        json.dumps(value, ensure_ascii=False).encode()  # raises UnicodeEncodeError, a ValueError, for half of a surrogate pair
    return value


class StrictJson(DefaultJSONProvider):
    """Flask's JSON, read strictly."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Read JSON as `strict_loads` does."""
        return strict_loads(s)


def _decoded(data: bytes) -> str:
    if data.startswith(_BOM):
        raise ValueError("JSON is sent without a byte order mark")
    return data.decode("utf-8")


def _refuse_depth(text: str) -> None:
    depth, in_string, escaped = 0, False, False
    if text.count("[") + text.count("{") <= DEEPEST:
        return
    for letter in text:
        if in_string:
            in_string = escaped or letter != '"'
            escaped = letter == "\\" and not escaped
        elif letter == '"':
            in_string = True
        elif letter in "[{":
            depth += 1
            if depth > DEEPEST:
                raise ValueError(f"JSON may be nested {DEEPEST} deep")
        elif letter in "]}":
            depth -= 1


def _once_each(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in pairs:
        if key in result:
            raise ValueError("a key stands twice in one object")
        result[key] = value
    return result


def _refuse_constant(constant: str) -> Never:
    raise ValueError(f"{constant} is not a JSON number")


def _finite(text: str) -> float:
    value = float(text)
    if value in {float("inf"), float("-inf")}:
        raise ValueError("a number is too large")
    return value
