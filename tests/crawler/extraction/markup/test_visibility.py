"""What readers do not see, and what a button shows them."""

from __future__ import annotations

import pytest

from crawler.extraction.markup.parsing import parse_html
from crawler.extraction.markup.visibility import button_of, is_covered, is_tooltip, is_unseen

REST = "<p>The rest of a text that is long enough to be a paragraph of its own, and then some words.</p>"


@pytest.mark.parametrize(
    "attributes",
    [
        "style='display:none'",
        "style='DISPLAY : NONE !important'",
        "hidden",
        "style='position:absolute; left:-9999px'",
        "style='position:fixed;top:-1000px;'",
        "style='text-indent:-999em'",
        "style='font-size:0'",
        "style='color:#fff;font-size:0px'",
        "style='opacity:0'",
        "style='visibility:hidden'",
        "style='height:0;overflow:hidden'",
        "style='width:1px;height:1px;overflow:hidden'",
        "style='clip: rect(0 0 0 0)'",
        "style='transform:scale(0)'",
    ],
)
def test_hidden(attributes: str) -> None:
    tree = parse_html(f"<p>text <span id=x {attributes}>copied from us</span> text</p>".encode())
    assert tree is not None
    assert is_unseen(tree.cssselect("#x")[0])


@pytest.mark.parametrize(
    "markup",
    [
        "<p id=x style='font-size:0.9em;opacity:0.8;left:-10px'>text</p>",
        "<p id=x style='line-height:0;border-width:0'>text</p>",
        "<div id=x style='font-size:0'><p style='font-size:16px'>text</p></div>",
        f"<div id=x style='opacity:0'>{REST * 5}</div>",
        "<div id=x style='margin-top:-120px'>text</div>",
        "<p id=x>text</p>",
        f"<a href='#'>Read on</a><div id=x style='display:none'>{REST}</div>",
        f"<div id=x hidden>{REST}</div><button>Show all</button>",
        f"<div id=x class='read-more-content' style='display:none'>{REST}</div>",
        f"<div id=x hidden=until-found>{REST}</div>",
        f"<p><a href='javascript:void(0)'>Xem thêm</a></p><div id=x style='max-height:0;overflow:hidden'>{REST}</div>",
    ],
)
def test_seen_at_first_or_later(markup: str) -> None:
    tree = parse_html(markup.encode())
    assert tree is not None
    assert not is_unseen(tree.cssselect("#x")[0])


@pytest.mark.parametrize(
    "markup",
    [
        f"<a href='/other'>Another article</a><div id=x style='display:none'>{REST}</div>",
        f"<a href='#'>Share</a><div id=x class=share-more style='display:none'>{REST}</div>",
        "<a href='#'>More</a><div id=x style='display:none'>Few words.</div>",
        f"<p>{REST}</p><div id=x style='display:none'>{REST}</div>",
    ],
)
def test_never_shown(markup: str) -> None:
    tree = parse_html(markup.encode())
    assert tree is not None
    assert is_unseen(tree.cssselect("#x")[0])


def test_the_button_is_named() -> None:
    tree = parse_html(f"<a href='#'>Read on</a><div id=x style='display:none'>{REST}</div>".encode())
    assert tree is not None
    hidden = tree.cssselect("#x")[0]
    assert is_covered(hidden)
    assert button_of(hidden) is tree.cssselect("a")[0]


@pytest.mark.parametrize(
    ("markup", "is_part"),
    [
        ("<span class=tooltip>ODA<span id=x class=tooltiptext>aid</span></span>", True),
        ("<span class=term>ODA<span id=x class=tooltip>aid</span></span>", True),
        ("<abbr>ODA<i id=x role=tooltip>aid</i></abbr>", True),
        ("<span id=x class=tooltip>ODA<span class=tooltiptext>aid</span></span>", False),
        ("<b>so <span id=x class=tooltip title='aid'>ODA</span></b>", False),
        ("<span id=x class=term>ODA</span>", False),
    ],
)
def test_tooltips(markup: str, is_part: bool) -> None:  # noqa: FBT001
    tree = parse_html(f"<p>From {markup} and more</p>".encode())
    assert tree is not None
    assert is_tooltip(tree.cssselect("#x")[0]) == is_part
