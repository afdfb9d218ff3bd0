"""What is a notice, and what is news about the same."""

from __future__ import annotations

import time

import pytest

from crawler.extraction.kinds import words
from crawler.extraction.kinds.notices import has_notice, is_notice, share_of_notices


@pytest.mark.parametrize(
    "text",
    [
        "404",
        "error 404",
        "404 - page not found | red river post",
        "the page you requested could not be found",
        "sorry, this article is no longer available",
        "site under maintenance",
        "bài viết không tồn tại",
        "trang bạn tìm kiếm không tồn tại hoặc đã bị xóa",
        "hệ thống đang bảo trì, vui lòng quay lại sau",
        "您访问的页面不存在",
        "网站正在维护,请稍后再试",
        "страница не найдена",
        "page introuvable",
        "página no encontrada",
        "페이지를 찾을 수 없습니다",
    ],
)
def test_notices(text: str) -> None:
    assert has_notice(text, words.ERROR)


@pytest.mark.parametrize(
    "text",
    [
        "trang web bộ y tế bị lỗi 404",
        "500 người xếp hàng mua vé",
        "metro line under maintenance for two weeks",
        "银行系统维护三天",
        "facebook đang bảo trì",
        "404 dead in the flood",
        "500 jobs cut",
        "на второй линии метро идут технические работы",
        "le site du ministère introuvable toute une matinée",
        "error 404: the artist who paints broken links",
        "giá vàng hôm nay",
        "",
    ],
)
def test_news(text: str) -> None:
    assert not has_notice(text, words.ERROR)


def test_walls() -> None:
    assert has_notice("đăng nhập", words.LOGIN)
    assert has_notice("subscribe to continue reading", words.LOGIN)
    assert not has_notice("login data of a million users stolen", words.LOGIN)
    assert not has_notice("lộ dữ liệu đăng nhập của một triệu khách hàng ngân hàng", words.LOGIN)


def test_the_names_of_the_site_are_none_of_the_others() -> None:
    assert not is_notice("trang songhong không tồn tại", words.ERROR)
    assert is_notice("trang songhong không tồn tại", words.ERROR, {"songhong"})


def test_the_share_of_a_text() -> None:
    half = "this page does not exist. the bridge has opened today."
    assert 0.4 < share_of_notices(half, words.ERROR) < 0.6
    assert share_of_notices("", words.ERROR) == 0


def test_long_texts_take_no_time() -> None:
    begun = time.process_time()
    for text in ("not found " * 50_000, "404 " * 100_000, "a" * 500_000, "错" * 200_000, ". " * 200_000):
        has_notice(text, words.ERROR)
        share_of_notices(text, words.ERROR)
    assert time.process_time() - begun < 10
