"""Sites: a site is a registered domain with all hosts below it, by the Public Suffix List."""

from __future__ import annotations

from functools import cache
from urllib.parse import urlsplit

import tldextract

# Uses the list in the package: nothing is fetched.
_extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


@cache
def site_of_host(host: str) -> str:
    """Return the registered domain of *host*, or *host* itself if it has none."""
    return _extract(host).top_domain_under_public_suffix or host


def site_of(url: str) -> str:
    """Return the registered domain of the host of *url*, or the host itself if it has none."""
    return site_of_host(urlsplit(url).hostname or "")
