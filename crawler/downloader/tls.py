"""TLS policies: verify every certificate but those of DOWNLOAD_UNVERIFIED_HOSTS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.core.downloader.contextfactory import _load_context_factory_from_settings
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scrapy.crawler import Crawler


@implementer(IPolicyForHTTPS)
class PolicyByHost:
    """Verifies the certificates of all hosts except *unverified* and their subdomains.

    *strict* and *lenient* are the policies with and without verification.
    """

    def __init__(self, strict: Any, lenient: Any, unverified: Iterable[str]) -> None:
        self._strict = strict
        self._lenient = lenient
        self._unverified = tuple(f".{host.strip().lower()}" for host in unverified)

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: N802  Twisted's name
        is_unverified = f".{hostname.decode('ascii').lower()}".endswith(self._unverified)
        policy = self._lenient if is_unverified else self._strict
        return policy.creatorForNetloc(hostname, port)


def unverifying(crawler: Crawler) -> Any:
    """Return Scrapy's policy with the verification of certificates off."""
    policy: Any = _load_context_factory_from_settings(crawler)
    policy._verify_certificates = False  # noqa: SLF001
    return policy
