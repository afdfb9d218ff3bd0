"""Parses the bytes of a page into a tree, however broken they are."""

from __future__ import annotations

import re
from codecs import BOM_UTF8

import lxml.html
from lxml.etree import ElementDefaultClassLookup, ParserError
from w3lib.encoding import html_body_declared_encoding, html_to_unicode, http_content_type_encoding

# Python's text codecs that are not charsets, although pages declare them.
_NO_CHARSETS = {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"}
_LEADS = [bytes([lead]) for lead in range(0xC3, 0xF0)]  # first bytes of UTF-8's longer characters
_REPLACEMENT = "\ufffd".encode()
_BROKEN = 20  # a page is UTF-8 if it has more whole characters than this for each broken one
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
# lxml.html's own lookup calls Python for the class of every element, which only forms need.
_ONE_CLASS = ElementDefaultClassLookup(element=lxml.html.HtmlElement)


def parse_html(body: bytes, content_type: str | None = None) -> lxml.html.HtmlElement | None:
    """Return the tree of the page *body*; None if it is empty or cannot be decoded.

    A *body* that is not valid UTF-8 is decoded by the charset of its header *content_type*, else by its
    byte order mark or markup (w3lib, after the HTML standard's encoding sniffing).
    """
    try:
        # Bytes that decode as UTF-8 are UTF-8, whatever a header or a meta element says.
        body.decode()
    except UnicodeDecodeError:
        try:
            body = _decode(body, content_type).encode()
        except UnicodeEncodeError:
            return None
    body = _with_bounded_tags(body.removeprefix(BOM_UTF8).replace(b"\0", _REPLACEMENT))
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    parser.set_element_class_lookup(_ONE_CLASS)
    try:
        return lxml.html.document_fromstring(body, parser=parser)
    except ParserError:
        return None


def _decode(body: bytes, content_type: str | None) -> str:
    """Decode *body*, which is not valid UTF-8, by its header, its markup or its bytes."""
    text = body.decode("utf-8", "replace")
    if _BROKEN * text.count("\ufffd") < sum(map(body.count, _LEADS)):
        # UTF-8 with a few broken characters, whatever a header says.
        return text
    declared = http_content_type_encoding(content_type) or html_body_declared_encoding(body)
    if declared in _NO_CHARSETS:
        return body.decode("utf-8", "replace")
    try:
        return html_to_unicode(content_type, body)[1]
    except (LookupError, ValueError):
        return body.decode("utf-8", "replace")


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
