"""Rewrites what a line of text holds beside letters into the text that a reader sees.

Raised and lowered figures become characters (10⁶, H₂O), marks of footnotes and readings of characters go, a
formula becomes its source once, and `sign_in_text` names the sign of which an `img` is the picture.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.extraction.markup.text import fold, writable

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_REWRITTEN = ("sup", "sub", "rt", "rtc", "rp", "math", "script")
_RAISED = str.maketrans("0123456789+-−–=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-−–=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎")
_FIGURES = re.compile(r"[\d+\-−–=()]{1,12}|n", re.ASCII)
# A bare mark; one in brackets is no part of the word before it.
_MARK = re.compile(r"(?:\d{1,3}|[a-z*†‡§])(?:\s?[,;–-]\s?(?:\d{1,3}|[a-z]))*", re.ASCII)
_NOTE = re.compile(r"(?:^|[-_ ])(?:foot|end)?(?:note|ref|cite|fn|ftn|reference)", re.IGNORECASE)
_FORMULA = re.compile(r"(?:^|\s)(?:katex|mathjax|mjx|mwe-math)", re.IGNORECASE)
_DISPLAY = re.compile(r"^\{\\displaystyle\s*(?P<tex>.*)\}$", re.DOTALL)
_SIGN = re.compile(r"(?:^|[\s_-])(?:tw)?(?:emoji|smiley|smilie|emoticon)s?(?:$|[\s_-])", re.IGNORECASE)
_TEX_PICTURE = re.compile(r"(?:^|[\s_-])(?:latex|tex|math)(?:$|[\s_-])", re.IGNORECASE)
_BETWEEN = {"msup": "^", "msub": "_", "mfrac": "/"}
_LONGEST_SIGN = 8  # characters
_LARGEST_ICON = 32  # pixels
_LEVELS = 4  # elements between a formula and the element around all its forms
_MAX_FORMULAS = 2000


def as_read(tree: HtmlElement) -> None:
    """Rewrite the elements in *tree* that are not read as their text stands."""
    formulas = []
    for element in list(tree.iter(*_REWRITTEN)):
        match element.tag:
            case "sup" | "sub":
                _rewrite_figures(element)
            case "math":
                formulas.append(element)
            case "script":
                if (element.get("type") or "").startswith("math/tex"):
                    _rewrite_source(element)
            case _:
                # `rp` and `rt` hold how the characters before them are read.
                _replace(element, "")
    for formula in formulas[:_MAX_FORMULAS]:
        _rewrite_formula(formula)


def _replace(element: HtmlElement, text: str) -> None:
    """Make *element* a `span` of *text* alone."""
    element.clear(keep_tail=True)
    element.tag = "span"
    element.text = writable(text)


def _rewrite_figures(element: HtmlElement) -> None:
    text = fold(element.text_content())
    if element.tag == "sup" and _MARK.fullmatch(text) and _is_note(element):
        _replace(element, "")
    elif _FIGURES.fullmatch(text):
        table = _RAISED if element.tag == "sup" else _LOWERED
        for part in element.iter():
            part.text = part.text and writable(part.text).translate(table)
            if part is not element:
                part.tail = part.tail and writable(part.tail).translate(table)


def _is_note(element: HtmlElement) -> bool:
    """Return whether the raised *element* marks a footnote: it is, or holds, a link within the page."""
    links = [*element.iter("a"), *element.iterancestors("a")]
    if any((link.get("href") or "").startswith("#") for link in links):
        return True
    names = " ".join(f"{each.get('class', '')} {each.get('id', '')}" for each in (element, *links))
    return _NOTE.search(names) is not None


def _rewrite_formula(formula: HtmlElement) -> None:
    """Make a formula, with its other forms beside it, its source in TeX or else its text."""
    # The first may have been replaced with an element around both.
    if formula.tag != "math":
        return
    notes = (each for each in formula.iter("annotation") if "tex" in (each.get("encoding") or "").lower())
    source = next((text for each in notes if (text := fold(each.text))), None) or fold(_linear(formula))
    if match := _DISPLAY.match(source):
        source = fold(match["tex"])
    whole = formula
    for number, around in enumerate(formula.iterancestors()):
        if number == _LEVELS or sum(1 for _ in around.iter("math")) > 1:
            break
        if str(around.tag).startswith("mjx-") or _FORMULA.search(around.get("class") or ""):
            whole = around
    _replace(whole, source)


def _linear(element: HtmlElement) -> str:
    """Return the text of an element of MathML on one line."""
    parts = [_linear(child) for child in element if isinstance(child.tag, str)]
    match element.tag, parts:
        case "annotation" | "annotation-xml", _:
            return ""
        case "msup" | "msub" | "mfrac", [first, second]:
            return f"{first}{_BETWEEN[element.tag]}{_grouped(second)}"
        case "msubsup", [base, lowered, raised]:
            return f"{base}_{_grouped(lowered)}^{_grouped(raised)}"
        case "msqrt", _:
            return f"√{_grouped(''.join(parts))}"
    return (element.text or "").strip() + "".join(parts)


def _grouped(text: str) -> str:
    return text if len(text) <= 1 or text.isalnum() else f"({text})"


def _rewrite_source(script: HtmlElement) -> None:
    """Show the source of a formula that no element beside it shows."""
    before = script.getprevious()
    is_shown = before is not None and _FORMULA.search(before.get("class") or "") and before.text_content()
    if not is_shown:
        _replace(script, fold(script.text))


def sign_in_text(img: HtmlElement) -> str | None:
    """Return the text for which the picture *img* is in a line of text, perhaps none; None for any other."""
    names, alt = img.get("class") or "", img.get("alt") or ""
    if (names and _SIGN.search(names)) or (alt and len(alt) <= _LONGEST_SIGN and _is_sign(alt)):
        return alt if _is_sign(alt) else ""
    if alt and _TEX_PICTURE.search(names):
        return alt
    return "" if _is_icon(img) and _is_in_text(img) else None


def _is_sign(text: str) -> bool:
    return not text.isascii() and not any(map(str.isalpha, text))


def _is_icon(img: HtmlElement) -> bool:
    sizes = [(img.get(name) or "").removesuffix("px") for name in ("width", "height")]
    return all(size.isdecimal() and 1 < int(size[:9]) <= _LARGEST_ICON for size in sizes)


def _is_in_text(img: HtmlElement) -> bool:
    before, parent = img.getprevious(), img.getparent()
    ahead = before.tail if before is not None else parent.text if parent is not None else ""
    return bool(fold(ahead) and fold(img.tail))
