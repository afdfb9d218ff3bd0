"""What counts as an edit, and what never does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from crawler.items import Dateline, Image, MediaBlock, Related, TextBlock, Video
from crawler.state.changes import UNCONFIRMED, changed_fields, kept_share, revised
from tests.support.articles import an_article

if TYPE_CHECKING:
    from crawler import Article

TEXT = "Cây cầu dài hơn ba km được thông xe sáng 12/7, sớm hơn kế hoạch hai tháng. " * 4
BEFORE = replace(
    an_article(1),
    headline="Khánh thành cầu mới",
    description="Lead.",
    body=[TextBlock(type="paragraph", text=TEXT), MediaBlock(type="image", index=0)],
    text=TEXT,
    images=[Image(url="https://cdn.example/a.jpg?t=1", caption="Cầu mới", credit="TTXVN")],
    videos=[Video(url="https://player.example/embed?id=5&token=aa")],
    based_on="https://nhandan.vn/a-post1.html?utm_source=x",
)


@pytest.mark.parametrize(
    "change",
    [
        {"date_modified": "2026-07-13T00:00:00+07:00"},
        {"keywords": ["cầu"]},
        {"related": [Related(url=None, headline="Khác")]},
        {"flags": ["no_date"]},
        {"headline": "Khánh  thành\u00a0cầu\u200b mới "},
        {"headline": "Kha\u0301nh tha\u0300nh ca\u0302\u0300u mo\u031b\u0301i"},
        {"images": [replace(BEFORE.images[0], url="https://cdn.example/a.jpg?t=2")]},
        {"videos": [Video(url="http://player.example/embed?id=5&token=bb")]},
        {"based_on": "https://nhandan.vn/a-post1.html?utm_source=y"},
        {"url": "https://www.vietnamplus.vn/other-post1.vnp", "canonical_url": "https://x.example/"},
    ],
    ids=",".join,
)
def test_what_stands_around_the_article_is_no_change_of_it(change: dict[str, Any]) -> None:
    after = replace(BEFORE, **change)
    assert changed_fields(BEFORE, after) == []
    assert revised(BEFORE, after) is None


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "photo"},
        {"headline": "Khánh thành cầu cũ"},
        {"description": None},
        {"text": TEXT + "Thêm."},
        {"authors": ["Lan"]},
        {"source": "TTXVN"},
        {"dateline": Dateline(agency="TTXVN", place="Hà Nội")},
        {"date_published": "2026-07-12T00:00:00+07:00"},
        {"sections": ["Xã hội"]},
        {"images": [replace(BEFORE.images[0], caption="Cầu cũ")]},
        {"videos": [Video(url="https://player.example/embed?id=6&token=aa")]},
        {"based_on": "https://nhandan.vn/b-post2.html"},
    ],
    ids=",".join,
)
def test_a_field_of_the_article_is(change: dict[str, Any]) -> None:
    after = replace(BEFORE, **change)
    assert changed_fields(BEFORE, after) == list(change)
    found = revised(BEFORE, after)
    assert found is not None
    assert (found.revision.number, found.revision.changed) == (2, list(change))


def _with_text(text: str) -> Article:
    return replace(BEFORE, text=text)


def test_a_version_that_lost_more_than_half_of_the_text_is_unconfirmed() -> None:
    halved = revised(_with_text(TEXT + "Người dân hai bờ phấn khởi." * 20), _with_text(TEXT))
    assert halved is not None
    assert UNCONFIRMED in halved.flags
    # Back to the long text: nothing of the short one is lost.
    restored = revised(halved, _with_text(TEXT + "Người dân hai bờ phấn khởi." * 20))
    assert restored is not None
    assert UNCONFIRMED not in restored.flags
    assert restored.revision.number == 3


def test_the_kept_share_is_of_the_earlier_text() -> None:
    assert kept_share("", TEXT) == 1.0
    assert kept_share(TEXT, TEXT.upper()) == 1.0
    assert kept_share(TEXT, "") == 0.0
    assert kept_share("越通社河内十二月二日电" * 3, "越通社河内十二月二日电") < 0.5
