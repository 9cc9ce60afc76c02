"""Text out of foreign files: control characters removed, HTML turned into plain text with Markdown marks, spacing made even."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from lxml import etree

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_TAG = re.compile(
    r"</?(?:p|br|a|b|i|u|em|strong|ul|ol|li|div|span|h[1-6]|pre|code|blockquote|table|tr|td|th|tbody|thead|img|hr|script|style|iframe|svg|object|font|"
    r"dl|dt|dd|small|sup|sub|tt)\b[^<>]*>",
    re.IGNORECASE,
)
_PARAGRAPHS = frozenset(["p", "div", "ul", "ol", "table", "pre", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "dl", "hr"])
_LINES = frozenset(["br", "tr", "dt", "dd"])
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "code": "`"}
_UNSEEN = frozenset(["script", "style", "iframe", "object", "svg", "head", "title", "template", "noscript"])
_SAFE_LINK = re.compile(r"(?:https?://|mailto:)[^\s<>()\[\]]+\Z", re.IGNORECASE)
_MANY_BREAKS = re.compile(r"[ \t]*\n(?:[ \t]*\n)+")


def clean(text: str) -> str:
    """Remove what XML, JSON readers and calendars choke on: control characters but tab and line ends, lone surrogates, non-characters."""
    return _CONTROL.sub("", text)


def line(value: object) -> str:
    """Give a one-line text: a string or number with even spacing in NFC, the first text of a mapping of languages, or nothing."""
    return unicodedata.normalize("NFC", " ".join(clean(_text(value)).split()))


def prose(value: object, *, markup: bool = True) -> str:
    """Give a text of many lines without HTML. With `markup` off the text is known to hold none, so that `<p>` in it is meant."""
    text = clean(_text(value)).replace("\r\n", "\n").replace("\r", "\n").strip()
    return _without_html(text) if markup and "<" in text and _TAG.search(text) else text


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        texts = {str(language): text for language, text in value.items() if isinstance(text, str)}
        return texts.get("en") or next(iter(texts.values()), "")
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


class _Writer:
    """Receives HTML as the parser meets it and collects text; unknown tags vanish, their text stays."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.links: list[str] = []
        self.unseen = 0

    def start(self, tag: str, attrib: Mapping[str, str]) -> None:
        self.unseen += tag in _UNSEEN
        if tag == "a":
            self.links.append(attrib.get("href", ""))
            self.parts.append("[" if self._safe(self.links[-1]) else "")
        else:
            self.parts.append(self._opening(tag))

    def end(self, tag: str) -> None:
        self.unseen -= tag in _UNSEEN
        if tag == "a" and self.links:
            target = self.links.pop()
            self.parts.append(f"]({target})" if self._safe(target) else "")
        elif tag in _PARAGRAPHS:
            self.parts.append("\n\n")
        else:
            self.parts.append(_MARKS.get(tag, ""))

    def data(self, text: str) -> None:
        if not self.unseen:
            self.parts.append(text)

    def close(self) -> str:
        return _MANY_BREAKS.sub("\n\n", "".join(self.parts)).strip()

    @staticmethod
    def _safe(target: str) -> bool:
        return bool(_SAFE_LINK.match(target))

    @staticmethod
    def _opening(tag: str) -> str:
        if tag in _PARAGRAPHS:
            return "\n\n"
        if tag == "li":
            return "\n- "
        return "\n" if tag in _LINES else _MARKS.get(tag, "")


def _without_html(text: str) -> str:
    """Read the HTML with libxml2, which is linear in its length and never fetches anything."""
    writer: Any = _Writer()
    parser = etree.HTMLParser(target=writer, encoding="utf-8", no_network=True, recover=True)
    try:
        return clean(str(etree.fromstring(text.encode(), parser)))
    except etree.XMLSyntaxError:
        return _TAG.sub("", text).strip()
