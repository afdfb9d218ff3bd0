"""Errors that stop a crawl or a command, by cause.

CrawlError
├── ArgumentError   a spider argument, an option or a setting has a wrong value
├── PublisherError  a publisher cannot be imported, or two claim one host
├── StateError      the state database cannot be used
├── LeaseHeldError  another crawl, maybe on another machine, holds the lease of a site
└── ReplayError     an offline crawl for a test failed
"""

from __future__ import annotations


class CrawlError(Exception):
    """Base of the errors that this package raises for its users. Its text is one clear line."""


class ArgumentError(CrawlError):
    """A spider argument, option or setting is wrong; the text names it, its value and the allowed ones."""


class PublisherError(CrawlError):
    """A publisher cannot be imported, or two claim one host. Raised when the first page is extracted."""


class StateError(CrawlError):
    """The state database cannot be opened, read or written. Raised by every use of the state."""


class LeaseHeldError(CrawlError):
    """Another crawl holds the lease of a site that this one needs; the text names the holder."""


class ReplayError(CrawlError):
    """The crawl of `crawler.testing.replay` failed; the text ends with the last lines of its log."""
