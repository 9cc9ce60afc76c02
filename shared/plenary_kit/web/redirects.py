"""Redirects that stay on this site, whatever the address bar of the sign-in link said."""

import unicodedata
from urllib.parse import unquote, urlsplit


def safe_next(target: str | None, default: str = "/proposals/") -> str:
    """Give `target` if it is a path on this very site, else `default`.

    Browsers drop tabs and newlines and read a backslash as a slash, so anything of that kind is refused rather than interpreted.
    """
    if not target or len(target) > 2_000:  # noqa: PLR2004 - longer than any address of ours
        return default
    return target if _is_path(target) and _is_path(unquote(target)) else default


def _is_path(target: str) -> bool:
    if not target.startswith("/") or target.startswith("/.") or "\\" in target or "//" in target.partition("?")[0]:
        return False
    if any(unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for letter in target):
        return False
    parts = urlsplit(target)
    return not parts.scheme and not parts.netloc
