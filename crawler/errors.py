"""What stops a crawl, by whose fault.

CrawlError
├── ArgumentError   a spider argument or a setting has no such value
├── PublisherError  a publisher cannot be imported, or two claim one host
├── StateError      the state database cannot be used
├── LeaseHeldError  another crawl, maybe on another machine, is at the same sites
└── ReplayError     an offline crawl for a test failed
"""

from __future__ import annotations


class CrawlError(Exception):
    """Base of the errors that this package raises for its users. Its text is one clear line."""


class ArgumentError(CrawlError):
    """A spider argument or a setting is wrong; names it, its value and what is allowed."""


class PublisherError(CrawlError):
    """Publishers cannot be imported, or two claim one host. Raised when the first page is read."""


class StateError(CrawlError):
    """The state database cannot be opened or written. Raised when a crawl starts or stores."""


class LeaseHeldError(CrawlError):
    """Another crawl holds the lease of a site that this one is to ask; names it."""


class ReplayError(CrawlError):
    """`crawler.testing.replay` found its crawl to have failed; ends with the log's last lines."""
