"""Freeze the pages that were made up: those of `tests.support.pages` and two of the seeds.

    python -m tests.support.freeze_made_pages [FOLDER]

Each becomes `<publisher>/made-<name>.warc.gz`, one record as `scrapy freeze` copies it, beside the article that it gives
now. Look at what changed in the articles before you keep it. Pages that were captured are frozen by `scrapy freeze`.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from archive.compression import gzip_member
from archive.records import END, digest, record
from crawler.bulk import articles_in
from crawler.errors import ReplayError
from tests.support.crawls import ROOT, SEEDS, records
from tests.support.pages import SITES, STORIES, page

if TYPE_CHECKING:
    from collections.abc import Iterator

CAPTURED = datetime(2026, 7, 17, tzinfo=UTC)
#: Where articles of papers on the vendor's platform would be; their pages are those of its newest template.
SISTERS = {
    "tienphong": "https://tienphong.vn/khanh-thanh-cau-post1342581.tpo",
    "sggp": "https://www.sggp.org.vn/khanh-thanh-cau-post812345.html",
    "tnck": "https://www.tinnhanhchungkhoan.vn/khanh-thanh-cau-post298345.html",
    "vovworld": "https://vovworld.vn/en-US/news/new-bridge-1200345.vov",
    "lecourrier": "https://lecourrier.vn/nouveau-pont/1200345.html",
    "vietnamlaw": "https://vietnamlawmagazine.vn/new-bridge-70345.html",
}
#: Pages of the seeds, by what to call them.
SEEDED = {
    "vna/made-seed-000": "https://zh.vietnamplus.vn/article-post268001.vnp",
    "vietnamvn/made-seed-002": "https://www.vietnam.vn/no/",
}


def made_pages() -> Iterator[tuple[str, bytes]]:
    """Yield path, without suffix, and record of each page."""
    for template, site in SITES.items():
        for script in site.urls:
            built = page(template, "article", STORIES[script])
            name = f"{site.publisher}/made-{template.replace(' ', '-')}-{script}"
            yield name, _response(built.url, built.html.encode())
    for publisher, url in SISTERS.items():
        story = STORIES["en" if publisher in {"vovworld", "lecourrier", "vietnamlaw"} else "vi"]
        yield f"{publisher}/made-g4", _response(url, page("g4", "article", story, url).html.encode())
    for name, url in SEEDED.items():
        (found,) = (
            each
            for each in records(SEEDS / "seeds.warc.gz")
            if each.type == "response" and each.target_uri.startswith(url) and b"<h1" in each.block
        )
        head = "".join(f"{field}: {value}\r\n" for field, value in found.headers)
        yield name, f"WARC/1.1\r\n{head}\r\n".encode() + found.block + END


def _response(url: str, body: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n"
    block = head % len(body) + body
    headers = [
        ("WARC-Record-ID", f"<urn:made:{digest(block, 'sha1')}>"),
        ("WARC-Date", f"{CAPTURED:%Y-%m-%dT%H:%M:%SZ}"),
        ("WARC-Target-URI", url),
        ("WARC-Block-Digest", digest(block, "sha1")),
        ("WARC-Payload-Digest", digest(body, "sha1")),
    ]
    return record("response", headers, "application/http;msgtype=response", block)


def freeze(folder: Path) -> Iterator[Path]:
    """Write every page and its article into *folder*; yield the paths of the pages."""
    for name, data in made_pages():
        path = folder / f"{name}.warc.gz"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip_member(data))
        (article,) = articles_in(path, None, _refuse)
        text = json.dumps(asdict(article), ensure_ascii=False, indent=1)
        path.with_name(f"{path.name.removesuffix('.warc.gz')}.json").write_text(f"{text}\n", "utf-8")
        yield path


def _refuse(message: str) -> None:
    raise ReplayError(message)


if __name__ == "__main__":
    for written in freeze(Path(sys.argv[1]) if sys.argv[1:] else ROOT / "tests" / "pages"):
        print(written)
