"""Parses the bytes of a page into a tree, however broken they are."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from typing import Any

import lxml.html
from lxml.etree import ElementDefaultClassLookup, ErrorTypes, ParserError, XPath, iterwalk

from crawler.extraction.markup.charset import decode, is_wide
from crawler.extraction.markup.inline import as_read
from crawler.extraction.markup.text import writable

_REPLACEMENT = "\ufffd".encode()
# The parts of a tag: quoted values, only after "=", and the text between them.
_VALUE = rb"""=\s*+(?:"[^"]*+"|'[^']*+')"""
_PART = rb"(?>[^=>]{1,100}+|" + _VALUE + rb"|=)"
_MANY_PARTS = re.compile(rb"<[A-Za-z]" + _PART + rb"{200}+")
_SCRIPT = rb"<(?i:script)\b" + _PART + rb"{0,199}+>[^<]*+(?:<(?!/(?i:script))[^<]*+)*+"
_SCRIPT_OR_MANY_PARTS = re.compile(_SCRIPT + rb"|<([A-Za-z][\w:.-]*+)" + _PART + rb"{100,}+")
_QUOTED = re.compile(_VALUE)
_MAX_ATTRIBUTES = 10_000  # bytes of a tag without its quoted values
_LONGEST_TAG = 20_000  # bytes; a longer tag is examined
_SMALL = 128 * 1024  # bytes; in a page of this size, attributes cost at most seconds
_DEEPEST = 200  # elements in one another; code that calls itself for each must not run out of stack
_DEEP: Any = XPath("/*" * _DEEPEST)
# lxml.html's own lookup calls Python for the class of every element, which only forms need.
_ONE_CLASS = ElementDefaultClassLookup(element=lxml.html.HtmlElement)


def parse_html(body: bytes, content_type: str | None = None) -> lxml.html.HtmlElement | None:
    """Return the tree of the page *body*; None if it is empty or cannot be decoded.

    A *body* that is not valid UTF-8 is decoded by the charset of its header *content_type* or its markup, or
    by its bytes; see `charset`. What a reader sees as one text is one: see `inline`.
    """
    try:
        # Bytes that decode as UTF-8 are UTF-8, whatever a header or a meta element says.
        body.decode()
        is_utf_8 = not is_wide(body)
    except UnicodeDecodeError:
        is_utf_8 = False
    if not is_utf_8:
        body = decode(body, content_type).encode("utf-8", "replace")
    body = _with_bounded_tags(body.removeprefix(BOM_UTF8).replace(b"\0", _REPLACEMENT))
    try:
        tree, is_cut = _parse(body, is_huge=False)
        if is_cut:
            # By a value over 10 MB, or by 256 elements in one another.
            tree, _ = _parse(body, is_huge=True)
            for element in _DEEP(tree):
                _flatten(element)
    except ParserError:
        return None
    as_read(tree)
    return tree


def _parse(body: bytes, *, is_huge: bool) -> tuple[lxml.html.HtmlElement, bool]:
    """Return the tree of *body*, and whether libxml2's limits ended it early."""
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=is_huge)
    parser.set_element_class_lookup(_ONE_CLASS)
    tree = lxml.html.document_fromstring(body, parser=parser)
    error = parser.error_log.last_error
    return tree, error is not None and error.type == ErrorTypes.ERR_RESOURCE_LIMIT


def _flatten(root: lxml.html.HtmlElement) -> None:
    """Make every element below *root* its child, in order: what follows one becomes a `span` of its own."""
    parts: list[lxml.html.HtmlElement] = []
    for event, element in list(iterwalk(root, events=("start", "end"))):
        if element is root:
            continue
        if event == "start":
            parts.append(element)
        elif element.tail:
            parts.append(lxml.html.Element("span"))
            parts[-1].text, element.tail = writable(element.tail), None
    for part in parts:
        root.append(part)


def _with_bounded_tags(body: bytes) -> bytes:
    """Return *body*, overlong tags without their attributes: libxml2 compares each attribute with each."""
    is_small = len(body) <= _SMALL
    if _has_long_stretch(body) if is_small else _MANY_PARTS.search(body):
        return _SCRIPT_OR_MANY_PARTS.sub(_bounded_tag, body)
    return body


def _has_long_stretch(body: bytes) -> bool:
    """Return whether *body* may hold an overlong tag: a long stretch in which no tag begins or ends."""
    begin = 0
    while len(body) - begin > _LONGEST_TAG:
        # Go on to the last tag that begins within reach: no overlong tag fits in between.
        last = body.rfind(b"<", begin + 1, begin + _LONGEST_TAG)
        if last < 0:
            if body.find(b">", begin, begin + _LONGEST_TAG) < 0:
                return True
            # Text without tags, mostly a script's.
            last = body.find(b"<", begin + _LONGEST_TAG)
            if last < 0:
                return False
        begin = last
    return False


def _bounded_tag(tag: re.Match[bytes]) -> bytes:
    is_long = tag[1] and len(_QUOTED.sub(b"", tag[0])) > _MAX_ATTRIBUTES
    return b"<%b" % tag[1] if is_long else tag[0]
