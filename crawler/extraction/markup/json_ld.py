"""Reads the JSON-LD of a page leniently: what is broken loses one value, not the rest.

`load` parses what strict JSON refuses: comments around it, HTML entities, trailing commas, several objects in
a row, quotes and line breaks that are not escaped, an end that is missing.
"""

from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAX_DEPTH = 20
# Marks of comments and CDATA that older pages put around a script's content.
_BEGINS = re.compile(r"(?://|/\*)?\s{0,9}<!\[CDATA\[(?:\s{0,9}\*/)?|<!--")
_ENDS = ("-->", "]]>", "*/", "/*", "//", ";")
_LAST_COMMA = re.compile(r",(\s*[}\]])")
_SPACE = re.compile(r"[\s,;]*+")
_KEY = re.compile(r"""\s*+(?:"((?:[^"\\\n]|\\.){0,200}+)"|'([^'\\\n]{0,200}+)'|([\w$@-]{1,200}+))\s*+:\s*+""")
_PLAIN = re.compile(r"[^\s,}\]]{1,100}+")
# Behind the closing quote of a value: the end, or a comma and the next key or value.
_AFTER_IN_OBJECT = re.compile(r"""\s*+(?:[,;\s]{0,9}+(?:["'][^"'\n]{1,200}+["']\s*+:|[}\]]|$)|,?\s*+//)""")
_AFTER_IN_LIST = re.compile(r"""\s*+(?:,\s*+["{\[\d]|,?\s*+[\]}]|,?\s*+$)""")
_QUOTE = re.compile(r'(?:[^"\\]|\\.)*+', re.DOTALL)
_NEXT_KEY = re.compile(r""",\s*+"[^"\\\n]{1,100}+"\s*+:|[}\]]""")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


def load(text: str) -> object:
    """Return the value of the JSON *text*, or what can be had of it; a list of several values in a row."""
    for repair in (str, _unwrapped, _without_entities, _without_last_commas):
        text = repair(text)
        try:
            return json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
    return _Lenient(text).values()


def objects(data: object, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Yield the objects in *data*, including those in a graph and the main entities of others."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(data, list):
        for entry in data:
            yield from objects(entry, depth + 1)
    elif isinstance(data, dict):
        yield data
        for key in ("@graph", "mainEntity"):
            yield from objects(data.get(key), depth + 1)


def types(item: dict[str, Any]) -> set[str]:
    """Return the types of *item*, without the vocabulary's address or prefix."""
    value = item.get("@type")
    names = value if isinstance(value, list) else [value]
    return {re.split("[/:#]", name)[-1] for name in names if isinstance(name, str)}


def _unwrapped(text: str) -> str:
    text = text.strip()
    if begin := _BEGINS.match(text):
        text = text[begin.end() :]
    while text.endswith(_ENDS):
        text = next(text.removesuffix(end) for end in _ENDS if text.endswith(end)).rstrip()
    return text


def _without_entities(text: str) -> str:
    """Return *text* with its HTML entities decoded if it is escaped as a whole."""
    return unescape(text) if "&quot;" in text and '"' not in text else text


def _without_last_commas(text: str) -> str:
    return _LAST_COMMA.sub(r"\1", text)


class _Lenient:
    """A parser of JSON that goes on behind what it does not understand."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def values(self) -> list[object]:
        """Return the objects and lists in the text, one after the other."""
        found = []
        while (begin := self._next("{[")) is not None:
            self._at = begin
            found.append(self._value(0, in_list=True))
        return found

    def _next(self, characters: str) -> int | None:
        places = [place for each in characters if (place := self._text.find(each, self._at)) >= 0]
        return min(places, default=None)

    def _value(self, depth: int, *, in_list: bool) -> object:
        start = self._text[self._at : self._at + 1]
        if start in {"{", "["} and depth <= _MAX_DEPTH:
            self._at += 1
            return self._object(depth) if start == "{" else self._list(depth)
        if start == '"':
            return self._string(in_list=in_list)
        if match := _PLAIN.match(self._text, self._at):
            self._at = match.end()
            return _plain(match[0])
        self._at += 1
        return None

    def _object(self, depth: int) -> dict[str, object]:
        found: dict[str, object] = {}
        while not self._ends("}"):
            if match := _KEY.match(self._text, self._at):
                self._at = match.end()
                key = next((name for name in match.groups() if name is not None), "")
                value = self._value(depth + 1, in_list=False)
                found.setdefault(key, value)
            elif match := _NEXT_KEY.search(self._text, self._at):
                # What is here is no key: go on at the next one.
                self._at = match.start()
                if match[0] == "]":
                    self._at += 1
            else:
                self._at = len(self._text)
        return found

    def _list(self, depth: int) -> list[object]:
        found = []
        while not self._ends("]"):
            if self._text[self._at] in "}:":
                # The list was never closed.
                break
            found.append(self._value(depth + 1, in_list=True))
        return found

    def _ends(self, mark: str) -> bool:
        """Skip space and commas; return whether *mark*, which is skipped too, or the end is next."""
        match = _SPACE.match(self._text, self._at)
        self._at = match.end() if match else self._at
        if self._text.startswith(mark, self._at):
            self._at += 1
            return True
        return self._at >= len(self._text)

    def _string(self, *, in_list: bool) -> str:
        """Return the string at the quote here; a quote that nothing fit follows is part of it."""
        after = _AFTER_IN_LIST if in_list else _AFTER_IN_OBJECT
        begin = self._at = self._at + 1
        while True:
            match = _QUOTE.match(self._text, self._at)
            end = match.end() if match else len(self._text)
            self._at = end + 1
            if end >= len(self._text) or after.match(self._text, self._at):
                return _joined(_ESCAPE.sub(_unescaped, self._text[begin:end]))


def _plain(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _unescaped(match: re.Match[str]) -> str:
    name = match[1]
    return chr(int(name[1:], 16)) if len(name) == 5 else _ESCAPED.get(name, name)


def _joined(text: str) -> str:
    """Return *text* with each pair of surrogates as the one character that they stand for."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
