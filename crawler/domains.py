"""Which hosts are one publisher's: those below one registered domain."""

from __future__ import annotations

from functools import cache
from urllib.parse import urlsplit

import tldextract

# The public suffixes that come with the package: nothing is fetched.
_extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


@cache
def site_of_host(host: str) -> str:
    """Return the domain that *host* was registered under, or *host* itself."""
    return _extract(host).top_domain_under_public_suffix or host


def site_of(url: str) -> str:
    """Return the domain that the host of *url* was registered under, or the host itself."""
    return site_of_host(urlsplit(url).hostname or "")
