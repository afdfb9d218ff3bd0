"""CSS selectors on a page that is walked once, however many selectors are used.

A publisher's rules use some thirty selectors. As XPath, each would walk the whole page. Here elements are
looked up by the tag, class or attribute that a selector ends in, and only these are tested for the rest.
"""

from __future__ import annotations

from functools import cache, cached_property, partial
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from cssselect import ExpressionError, parse
from cssselect.parser import Attrib, Class, CombinedSelector, Element, Hash, Negation
from lxml.etree import Element as AnyElement
from lxml.etree import XPath

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cssselect.parser import Tree
    from lxml.html import HtmlElement

    _Test = Callable[[HtmlElement], bool]

_CLASSED: Any = XPath("descendant-or-self::*/@class/..")
# Tags so common that a selector's attribute is the better key.
_COMMON = {None, "a", "div", "img", "li", "p", "span"}
# Tags that every page is searched for: one walk over its elements collects all of these.
_USUAL = ("base", "body", "link", "meta", "script")
_FEW = 24  # elements; up to here, walking their ancestors is faster than numbering the whole page
_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "=": str.__eq__,
    "^=": str.startswith,
    "$=": str.endswith,
    "*=": str.__contains__,
    "~=": lambda value, word: word in value.split(),
}


class ElementIndex:
    """Index of the elements of the page *root*, by tag, class and attribute.

    Selectors may use tags, classes, ids, attributes, `:not()`, and the descendant and child combinators.
    """

    def __init__(self, root: HtmlElement, page: ElementIndex | None = None) -> None:
        self._root = root
        #: Whether this is a part of *page*. No reference to *page* is kept, as it refers to its parts.
        self._is_part = page is not None
        self._found: dict[str, list[HtmlElement]] = {}
        self._parts: dict[HtmlElement, ElementIndex] = {}
        #: Elements of the whole page by class; those with other keys are collected when first needed.
        self._by_class: dict[str, list[HtmlElement]] = _classes(root) if page is None else page._by_class  # noqa: SLF001
        self._by: dict[tuple[str, str], list[HtmlElement]] = {}

    def select(self, selector: str, root: HtmlElement | None = None) -> list[HtmlElement]:
        """Return the elements that match the CSS *selector*, each once and in document order.

        With *root*, only *root* and its descendants are searched. An empty selector matches nothing. Raises
        cssselect.SelectorError if the selector is invalid or of a kind that is not supported.
        """
        if root is not None and root is not self._root:
            if root not in self._parts:
                self._parts[root] = ElementIndex(root, self)
            return self._parts[root].select(selector)
        if selector not in self._found:
            self._found[selector] = self._look_for(selector)
        return self._found[selector]

    def _look_for(self, selector: str) -> list[HtmlElement]:
        lists = []
        known = self._by_class.keys()
        for key, matches, names in _compiled(selector):
            if names and not names <= known:
                continue
            found = self._candidates(key)
            if found and matches:
                found = list(filter(matches, found))
            if found:
                # An element may name a class twice.
                lists.append(found if len(found) == 1 else list(dict.fromkeys(found)))
        if len(lists) < 2:
            # A single list is in order.
            return lists[0] if lists else []
        found = list(dict.fromkeys(chain(*lists)))
        # Numbering all elements is expensive.
        return sorted(found, key=position if len(found) <= _FEW else self._order.__getitem__)

    def _candidates(self, key: tuple[str, str]) -> list[HtmlElement]:
        by, name = key
        if by == "class":
            found = self._by_class.get(name, [])
            if not self._is_part:
                return found
            if len(found) <= _FEW and "_order" not in self.__dict__:
                return [e for e in found if e is self._root or self._root in e.iterancestors()]
            return [e for e in found if e in self._order]
        if key not in self._by:
            if by == "tag" and name in _USUAL:
                self._by.update({("tag", tag): [] for tag in _USUAL})
                for element in self._root.iter(*_USUAL):
                    self._by["tag", element.tag].append(element)
            elif by == "tag" or not name:
                self._by[key] = list(self._root.iter(name or AnyElement))
            else:
                self._by[key] = _with_attribute(name)(self._root)
        return self._by[key]

    @cached_property
    def _order(self) -> dict[HtmlElement, int]:
        return {element: number for number, element in enumerate(self._root.iter(AnyElement))}


def _classes(root: HtmlElement) -> dict[str, list[HtmlElement]]:
    """Return the elements of the page *root* by class, each list in document order."""
    found: dict[str, list[HtmlElement]] = {}
    # In XPath: elements without a class, if nothing else selects them, never become Python objects.
    for element in _CLASSED(root):
        for name in element.get("class", "").split():
            found.setdefault(name, []).append(element)
    return found


@cache
def _with_attribute(name: str) -> Callable[[HtmlElement], list[HtmlElement]]:
    """Return a function that lists an element and its descendants with the attribute *name*, in order."""
    path: Any = XPath(
        "descendant-or-self::*[@*[name() = $name]]" if ":" in name else f"descendant-or-self::*[@{name}]"
    )
    return partial(path, name=name) if ":" in name else path


def position(element: HtmlElement) -> list[int]:
    """Return a key that sorts the elements of one page in document order."""
    places: list[int] = []
    while (parent := element.getparent()) is not None:
        places.append(parent.index(element))
        element = parent
    return places[::-1]


class _Alternative(NamedTuple):
    """One selector of a list: the key that looks its candidates up, and the test for them."""

    key: tuple[str, str]
    #: None if every candidate matches.
    matches: _Test | None
    #: Other classes that must occur on the page for any match.
    names: frozenset[str]


@cache
def _compiled(selector: str) -> tuple[_Alternative, ...]:
    trees = [each.parsed_tree for each in parse(selector)] if selector else []
    keys = [_key(tree) for tree in trees]
    return tuple(
        _Alternative(key, _matcher(tree, key), frozenset(_names(tree)) - {key[1]})
        for tree, key in zip(trees, keys, strict=True)
    )


def _key(tree: Tree) -> tuple[str, str]:
    """Return the most selective key that every match has: a class, an attribute or its tag."""
    keys = dict(_keys(tree))
    if keys.get("tag") not in _COMMON:
        keys.pop("attribute", None)
    return next(((by, keys[by]) for by in ("class", "attribute", "tag") if by in keys), ("attribute", ""))


def _keys(tree: Tree) -> Iterator[tuple[str, str]]:
    match tree:
        case CombinedSelector():
            yield from _keys(tree.subselector)
            return
        case Element():
            if tree.element:
                yield "tag", tree.element.lower()
            return
        case Class():
            yield "class", tree.class_name
        case Hash():
            yield "attribute", "id"
        case Attrib():
            yield "attribute", tree.attrib.lower()
    yield from _keys(tree.selector)


def _names(tree: Tree) -> Iterator[str]:
    """Yield the classes that must occur on the page for any match."""
    if isinstance(tree, Class):
        yield tree.class_name
    if isinstance(tree, CombinedSelector):
        yield from _names(tree.subselector)
    if not isinstance(tree, Element):
        yield from _names(tree.selector)


def _matcher(tree: Tree, known: tuple[str, str] | None = None) -> _Test | None:
    """Return a test whether an element matches the parsed selector *tree*; None if every element does.

    *known* is the key that the elements were looked up by. Raises ExpressionError for unsupported selectors.
    """
    match tree:
        case Element():
            tag = tree.element and tree.element.lower()
            return None if tag is None or known == ("tag", tag) else lambda element: element.tag == tag
        case Class() if known == ("class", tree.class_name):
            return _matcher(tree.selector)
        case Class() | Hash() | Attrib():
            return _both(_attribute_test(*_attribute(tree)), _matcher(tree.selector, known))
        case Negation():
            unwanted = _matcher(tree.subselector)
            return _both(_matcher(tree.selector, known), lambda e: unwanted is not None and not unwanted(e))
        case CombinedSelector() if tree.combinator in " >":
            around = _around(_matcher(tree.selector) or _is_any, tree.combinator)
            return _both(_matcher(tree.subselector, known), around)
    raise ExpressionError(f"{tree!r}: not one of the selectors that page rules may use")


def _attribute(tree: Class | Hash | Attrib) -> tuple[str, str, str]:
    """Return the name, operator and value of the attribute test in the selector *tree*."""
    match tree:
        case Class():
            return "class", "~=", tree.class_name
        case Hash():
            return "id", "=", tree.id
        case Attrib() if tree.operator == "exists":
            return tree.attrib.lower(), "*=", ""
        case Attrib() if tree.operator in _OPERATORS and tree.value is not None:
            return tree.attrib.lower(), tree.operator, tree.value.value or ""
    raise ExpressionError(f"{tree!r}: not one of the comparisons that page rules may use")


def _is_any(element: HtmlElement) -> bool:  # noqa: ARG001
    return True


def _both(first: _Test | None, second: _Test | None) -> _Test | None:
    if first is None or second is None:
        return first or second
    return lambda element: first(element) and second(element)


def _attribute_test(name: str, operator: str, wanted: str) -> _Test:
    fits = _OPERATORS[operator]

    def matches(element: HtmlElement) -> bool:
        value = element.get(name)
        return value is not None and fits(value, wanted)

    return matches


def _around(outer: _Test, combinator: str) -> _Test:
    """Return a test whether *outer* holds for the parent of an element, or for any ancestor."""

    def has_parent(element: HtmlElement) -> bool:
        parent = element.getparent()
        return parent is not None and outer(parent)

    def has_ancestor(element: HtmlElement) -> bool:
        return any(map(outer, element.iterancestors()))

    return has_parent if combinator == ">" else has_ancestor
