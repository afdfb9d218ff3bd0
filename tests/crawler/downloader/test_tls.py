"""Which hosts' certificates are verified."""

from __future__ import annotations

from typing import Any

import pytest
from scrapy.core.downloader.contextfactory import _load_context_factory_from_settings
from scrapy.utils.test import get_crawler
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator

from crawler.downloader.tls import PolicyByHost, unverifying


def _policy() -> tuple[PolicyByHost, Any, Any]:
    crawler = get_crawler(settings_dict={"DOWNLOAD_VERIFY_CERTIFICATES": True})
    strict, lenient = _load_context_factory_from_settings(crawler), unverifying(crawler)
    return PolicyByHost(strict, lenient, ["Unverified.example"]), strict, lenient


@pytest.mark.parametrize(
    ("host", "is_verified"),
    [
        (b"a.vn", True),
        (b"unverified.example", False),
        (b"UNVERIFIED.example", False),
        (b"www.unverified.example", False),
        (b"notunverified.example", True),
        (b"unverified.example.vn", True),
    ],
)
def test_all_but_the_hosts_named_and_those_below_them(host: bytes, *, is_verified: bool) -> None:
    policy, strict, lenient = _policy()
    creator = policy.creatorForNetloc(host, 443)
    assert IOpenSSLClientConnectionCreator.providedBy(creator)
    expected = (strict if is_verified else lenient).creatorForNetloc(host, 443)
    assert type(creator) is type(expected)
    assert (strict._verify_certificates, lenient._verify_certificates) == (True, False)
