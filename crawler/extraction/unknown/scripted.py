"""Finds the text that a page has only in its scripts: in JSON-LD, in its framework's data, or as HTML.

A list of paragraphs is the one list in the data with the most items that read like prose. Lists of links,
with which pages name other articles, are passed over.
"""

from __future__ import annotations

import json
import re
from html import unescape
from itertools import chain
from typing import TYPE_CHECKING, Any

from lxml.etree import ParserError
from lxml.html import document_fromstring

from crawler.extraction.markup.text import fold, readable
from crawler.items import TextBlock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

_MIN_SCRIPT = 200  # characters
_PROSE = 40  # characters, or a third of it without spaces, as in Chinese
_MAX_NODES = 100_000  # values in a script's data
_MAX_DEPTH = 6  # of one paragraph
_JSON_STRING = re.compile(r'"(?:[^"\\]|\\.){200,}+"')
_ASSIGNED = re.compile(r"(?:=|\()\s*(?=[{\[])")
_FLIGHT = re.compile(r'__next_f\.push\(\[1,("(?:[^"\\]|\\.)*+")\]\)')
_ROW = re.compile(rb"\n?([0-9a-f]{0,8}):(?:T([0-9a-f]{1,8}),)?")
_REFERENCE = re.compile(r"\$[0-9a-f]{1,8}")
_PARAGRAPH = re.compile(r"<p[\s>]")
_TEXT_KEYS = (
    "text",
    "html",
    "value",
    "paragraph",
    "content",
    "body",
    "data",
    "model",
    "children",
    "props",
    "attrs",
)
_LINK_KEYS = {"url", "href", "link", "slug", "permalink", "path", "uri", "canonical", "username", "likes"}
_TYPE_KEYS = ("type", "nodeType", "tag", "name", "kind", "element", "_type", "style")
_HEADING = re.compile(
    r"^(?:h[1-6]|head(?:ing|er)?[-_ ]?\d?|sub-?head(?:ing)?|title|cross-?head)$", re.IGNORECASE
)
_TEXT_TAGS = {"p", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "pre"}
_ADDRESS = re.compile(r"(?:https?:)?/?/?[\w./:?=&%#-]+", re.ASCII)


def article_paragraphs(text: str) -> list[TextBlock]:
    """Return the paragraphs of *text*, an `articleBody` in JSON-LD: HTML, or lines."""
    if "&lt;p" in text:
        text = unescape(text)
    if _PARAGRAPH.search(text) and (page := _page(text)) is not None:
        found = [_block(readable(each), str(each.tag)) for each in page.iter(*_TEXT_TAGS)]
        return [block for block in found if block.text]
    text = text.replace("\r", "")
    lines = text.split("\n\n") if "\n\n" in text.strip() else text.split("\n")
    return [TextBlock(type="paragraph", text=line) for line in map(_plain, lines) if line]


def html_in_scripts(tree: HtmlElement) -> HtmlElement | None:
    """Return the longest HTML in a script's string, if any: some sites build their pages in the browser."""
    longest = ""
    for text in chain(_strings(tree), *(texts.values() for _, texts in _data(tree))):
        if len(text) > len(longest) and _PARAGRAPH.search(text):
            longest = text
    return _page(fold(longest)) if longest else None


def paragraphs_in_scripts(tree: HtmlElement) -> list[TextBlock]:
    """Return the longest list of paragraphs in the data of the scripts of *tree*; empty if there is none."""
    best: list[TextBlock] = []
    most = (1, 0)
    for data, texts in _data(tree):
        for values in _lists(data):
            found = [block for value in values if (block := _paragraph(value, texts)) is not None]
            prose = [block.text for block in found if _is_prose(block.text)]
            size = (len(prose), sum(map(len, prose)))
            if size > most:
                best, most = found, size
    return best


def _page(html: str) -> HtmlElement | None:
    try:
        return document_fromstring(html)
    except (ParserError, ValueError):
        return None


def _scripts(tree: HtmlElement) -> Iterator[str]:
    for script in tree.iter("script"):
        text = script.text or ""
        if len(text) >= _MIN_SCRIPT and "ld+json" not in (script.get("type") or ""):
            yield text


def _strings(tree: HtmlElement) -> Iterator[str]:
    """Yield each long string in the scripts, and those within JSON that is a string itself."""
    for script in _scripts(tree):
        for match in _JSON_STRING.finditer(script):
            text = _loads(match[0])
            if isinstance(text, str):
                yield text
                for inner in _JSON_STRING.finditer(text) if '"' in text else ():
                    if isinstance(nested := _loads(inner[0]), str):
                        yield nested


def _data(tree: HtmlElement) -> Iterator[tuple[Any, dict[str, str]]]:
    """Yield the data in each script, and the texts that it refers to by name."""
    stream = ""
    for script in _scripts(tree):
        if pushed := _FLIGHT.findall(script):
            stream += "".join(text for each in pushed if isinstance(text := _loads(each), str))
            continue
        data = _loads(script.strip().rstrip(";"))
        if data is None and (match := _ASSIGNED.search(script)):
            data = _loads_first(script, match.end())
        if data is not None:
            yield data, {}
    if stream:
        rows, texts = _flight(stream.encode("utf-8", "replace"))
        yield rows, texts


def _flight(stream: bytes) -> tuple[list[Any], dict[str, str]]:
    """Return the rows of React's server components in *stream*, and the texts in it by their references."""
    rows: list[Any] = []
    texts: dict[str, str] = {}
    at = 0
    while match := _ROW.match(stream, at):
        if match[2]:
            at = match.end() + int(match[2], 16)
            texts[f"${match[1].decode()}"] = stream[match.end() : at].decode("utf-8", "replace")
        else:
            end = stream.find(b"\n", match.end())
            at = len(stream) if end < 0 else end
            rows.append(_loads(stream[match.end() : at].decode("utf-8", "replace")))
        if at >= len(stream):
            break
    return rows, texts


def _loads(text: str) -> Any:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _loads_first(text: str, begin: int) -> Any:
    try:
        return json.JSONDecoder(strict=False).raw_decode(text, begin)[0]
    except (ValueError, RecursionError):
        return None


def _lists(data: Any) -> Iterator[list[Any]]:
    """Yield every list in *data* that holds several values."""
    waiting, seen = [data], 0
    while waiting and seen < _MAX_NODES:
        value = waiting.pop()
        seen += 1
        if isinstance(value, list):
            if len(value) > 1:
                yield value
            waiting += value[::-1]
        elif isinstance(value, dict):
            waiting += list(value.values())[::-1]


def _paragraph(value: Any, texts: dict[str, str]) -> TextBlock | None:
    """Return the paragraph or heading that *value*, an item of a list, is; None for anything else."""
    name = ""
    if isinstance(value, dict):
        if _LINK_KEYS & value.keys():
            return None
        name = next((each for key in _TYPE_KEYS if isinstance(each := value.get(key), str)), "")
    elif _is_element(value):
        name = value[1]
        if name not in _TEXT_TAGS:
            return None
    elif not isinstance(value, str) or not _is_prose(value):
        return None
    text = _plain(_text(value, texts, 0))
    return _block(text, name) if text else None


def _is_element(value: Any) -> bool:
    """Return whether *value* is an element of React: `["$", tag, key, properties]`."""
    return isinstance(value, list) and len(value) >= 4 and value[0] == "$" and isinstance(value[1], str)


def _text(value: Any, texts: dict[str, str], depth: int) -> str:
    if depth > _MAX_DEPTH:
        return ""
    if isinstance(value, str):
        return texts.get(value, "") if _REFERENCE.fullmatch(value) else value
    if _is_element(value):
        return _text(value[3], texts, depth + 1)
    if isinstance(value, list):
        return "".join(_text(each, texts, depth + 1) for each in value)
    if isinstance(value, dict):
        found = (_text(value[key], texts, depth + 1) for key in _TEXT_KEYS if key in value)
        return next(filter(None, found), "")
    return ""


def _plain(text: str) -> str:
    """Return *text*, which may be HTML, as a reader sees it."""
    if "<" in text and (page := _page(text)) is not None:
        return readable(page)
    return fold(unescape(text))


def _is_prose(text: str) -> bool:
    if _ADDRESS.fullmatch(text):
        return False
    return len(text) >= (_PROSE if text.isascii() or " " in text else _PROSE // 3)


def _block(text: str, name: str) -> TextBlock:
    return TextBlock(type="heading" if _HEADING.match(name) else "paragraph", text=text)
