"""Which hosts are one site."""

from __future__ import annotations

from crawler.domains import site_of
from tests.support.publisher import EDITIONS


def test_editions_are_one_site() -> None:
    assert {site_of(f"https://{host}/x") for host in EDITIONS.values()} == {"vietnamplus.vn"}
    assert site_of("https://www.example.co.uk/") == "example.co.uk"
    assert site_of("http://127.0.0.1:8000/") == "127.0.0.1"
