"""Error pages that are known again: by the text of another of the site, or by one text at many addresses.

A site that answers 200 for what it does not have says the same each time. Nothing is known in advance: what
pages of a crawl said, in the order in which they came, decides.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from crawler.extraction.kinds.verdict import Verdict

if TYPE_CHECKING:
    from crawler.extraction.kinds.verdict import PageReading

#: A text that so many other addresses of the host showed is no article's.
_MANY = 2
_MOST_HOSTS = 1_000
_MOST_TEXTS = 100  # of one host
_LEFT_OUT = re.compile(r"[\W\d_]+")


def text_digest(text: str, url: str) -> str | None:
    """Return the digest of the letters of *text* without *url*; None if there are none."""
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:
        path = ""
    for address in (url, unquote(url), path):
        if len(address) > 1:
            text = text.replace(address, " ")
    letters = _LEFT_OUT.sub("", text.lower())
    return blake2b(letters.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest() if letters else None


@dataclass(slots=True)
class _Text:
    """Whether a text is an error page's, and digests of the first addresses that showed it."""

    is_error: bool = False
    addresses: tuple[bytes, ...] = ()


class KnownPages:
    """The texts that pages of each host showed.

    At most 100 texts of at most 1,000 hosts are kept, those not seen for longest forgotten first;
    that is 45 MB at most.
    """

    def __init__(self, most_hosts: int = _MOST_HOSTS, most_texts: int = _MOST_TEXTS) -> None:
        self._most_hosts = most_hosts
        self._most_texts = most_texts
        self._hosts: OrderedDict[str, OrderedDict[str, _Text]] = OrderedDict()

    def note_error(self, url: str, digest: str | None) -> None:
        """Note that the page at *url*, whose text has *digest*, is an error page, such as a real 404's."""
        if digest and (text := self._text(url, digest)):
            text.is_error = True

    def check(self, url: str, reading: PageReading) -> PageReading:
        """Return *reading* of the page at *url*, as an error if its text is known for one; note its text.

        A page that names its own address is believed.
        """
        digest = reading.text_digest
        if reading.kind == "error":
            self.note_error(url, digest)
        if reading.kind != "article" or reading.proves_itself or not digest:
            return reading
        text = self._text(url, digest)
        if text is None:
            return reading
        address = blake2b(url.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        others = sum(other != address for other in text.addresses)
        if others <= _MANY and address not in text.addresses:
            text.addresses = (*text.addresses, address)
        if text.is_error:
            return _error(reading, "- it says what an error page of this site said")
        if others >= _MANY:
            return _error(reading, f"- {others} other addresses of this site showed the same text")
        return reading

    def judged(self, url: str, reading: PageReading) -> PageReading:
        """Return *reading* as an error if its text is known for one; unlike `check`, nothing is noted."""
        if reading.kind != "article" or reading.proves_itself or not reading.text_digest:
            return reading
        texts = self._hosts.get(_host(url))
        text = texts.get(reading.text_digest) if texts else None
        if text is None or not text.is_error:
            return reading
        return _error(reading, "- it says what an error page of this site said")

    def _text(self, url: str, digest: str) -> _Text | None:
        try:
            host = urlsplit(url).hostname or ""
        except ValueError:
            return None
        texts = self._hosts.setdefault(host, OrderedDict())
        self._hosts.move_to_end(host)
        text = texts.setdefault(digest, _Text())
        texts.move_to_end(digest)
        if len(texts) > self._most_texts:
            texts.popitem(last=False)
        if len(self._hosts) > self._most_hosts:
            self._hosts.popitem(last=False)
        return text


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _error(reading: PageReading, reason: str) -> PageReading:
    verdict = Verdict(kind="error", reasons=(reason,), score=reading.verdict.score)
    return replace(reading, verdict=verdict, article=None)
