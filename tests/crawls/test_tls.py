"""Certificates are verified."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from tests.support.site import Site


def test_certificates_are_verified_but_for_the_hosts_named(site: Site) -> None:
    strict = {"DOWNLOAD_VERIFY_CERTIFICATES": True}
    refused = site.crawl(strict, edition="zh")
    assert refused.items == []
    assert site.log == []
    named = site.crawl({**strict, "DOWNLOAD_UNVERIFIED_HOSTS": "vietnamplus.vn"}, edition="zh", later=900)
    assert len(named.items) == 3
    assert {urlsplit(item["url"]).hostname for item in named.items} == {"zh.vietnamplus.vn"}
