"""A line of text is what a reader sees of it."""

from __future__ import annotations

import pytest

from crawler.extraction.markup.inline import sign_in_text
from crawler.extraction.markup.parsing import parse_html
from crawler.extraction.markup.text import readable

MATH = (
    "<math><semantics><mrow><mi>a</mi><mo>+</mo><msup><mi>b</mi><mn>2</mn></msup></mrow>{}</semantics></math>"
)
TEX = '<annotation encoding="application/x-tex">a+b^2</annotation>'


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("about 10<sup>9</sup> stars", "about 10⁹ stars"),
        ("10<sup>−3</sup> m", "10⁻³ m"),
        ("12 km<sup><b>2</b></sup>", "12 km²"),
        ("CO<sub>2</sub> and H<SUB>2</SUB>O", "CO₂ and H₂O"),
        ("the 1<sup>st</sup> of May", "the 1st of May"),
        ("in 1999<sup><a href='#note-3'>3</a></sup> it", "in 1999 it"),
        ("in 1999<a href='#f'><sup>3, 4</sup></a> it", "in 1999 it"),
        ("in 1999<sup class='footnote-ref'>*</sup> it", "in 1999 it"),
        ("in 1999<sup><a href='#note-3'>[3]</a></sup> it", "in 1999[3] it"),
        ("in 1999<sup>3</sup> it", "in 1999³ it"),
        ("<ruby>橋<rt>はし</rt></ruby>が", "橋が"),
        ("<ruby>橋<rp>(</rp><rt>はし</rt><rp>)</rp></ruby>が", "橋が"),
        (f"so {MATH.format('')} is", "so a+b^2 is"),
        (f"so {MATH.format(TEX)} is", "so a+b^2 is"),
        (
            f"so <span class=katex><span>{MATH.format(TEX)}</span><span aria-hidden=true>a+b2</span></span> is",
            "so a+b^2 is",
        ),
        (f"so <mjx-container><mjx-math>a+b2</mjx-math>{MATH.format('')}</mjx-container> is", "so a+b^2 is"),
        ("so <math><mfrac><mi>a</mi><mi>b</mi></mfrac></math> is", "so a/b is"),
        ("so <span class=MathJax_Preview></span><script type='math/tex'>x_1</script> is", "so x_1 is"),
        ("so <span class=MathJax>x1</span><script type='math/tex'>x_1</script> is", "so x1 is"),
    ],
)
def test_figures_notes_readings_and_formulas(markup: str, text: str) -> None:
    tree = parse_html(f"<p>{markup}</p>".encode())
    assert tree is not None
    assert readable(tree) == text


@pytest.mark.parametrize(
    ("img", "sign"),
    [
        ("<img class='emoji' alt='🌉' src=a.svg>", "🌉"),
        ("<img alt='👍🏽' src=a.png>", "👍🏽"),
        ("<img class='wp-smiley' alt='smile' src=a.png>", ""),
        ("<img class='latex' alt='a+b' src=a.png>", "a+b"),
        ("<img width=16 height=16 src=a.png>", ""),
        ("<img width=600 height=400 alt='A bridge' src=a.jpg>", None),
        ("<img alt='橋' src=a.jpg>", None),
    ],
)
def test_pictures_of_signs(img: str, sign: str | None) -> None:
    tree = parse_html(f"<p>before {img} behind</p>".encode())
    assert tree is not None
    assert sign_in_text(tree.cssselect("img")[0]) == sign
