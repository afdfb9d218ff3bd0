"""CSS selectors on a page that is walked once, however many are asked.

A publisher's rules ask some thirty selectors, and each as XPath walks the whole page. Here elements are
looked up by the tag, class or attribute that a selector ends in; only these are compared with the rest.
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

_FEW = 24  # elements whose ancestors are sooner asked than all elements of a page counted
_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "=": str.__eq__,
    "^=": str.startswith,
    "$=": str.endswith,
    "*=": str.__contains__,
    "~=": lambda value, word: word in value.split(),
}


class ElementIndex:
    """The elements of the page *root*, by tag, class and attribute.

    Selectors may consist of tags, classes, ids, attributes, `:not()`, and the combinators of descendant and
    child.
    """

    def __init__(self, root: HtmlElement, page: ElementIndex | None = None) -> None:
        self._root = root
        #: The index of the whole page, where this is one of a part.
        self._page = page or self
        self._found: dict[str, list[HtmlElement]] = {}
        self._parts: dict[HtmlElement, ElementIndex] = {}
        self._by: dict[tuple[str, str], list[HtmlElement]] = {}
        if page is not None:
            return
        # Found by libxml2: to most elements nothing else is ever asked.
        for element in _with_attribute("class")(root):
            for name in element.get("class", "").split():
                self._by.setdefault(("class", name), []).append(element)

    def select(self, selector: str, root: HtmlElement | None = None) -> list[HtmlElement]:
        """Return what the CSS *selector* finds, each once and in document order.

        With *root*, only it and what stands in it. An empty selector finds nothing. Raises
        cssselect.SelectorError when the selector is none, or of a kind that is not read here.
        """
        if root is not None and root is not self._root:
            if root not in self._parts:
                self._parts[root] = ElementIndex(root, self._page)
            return self._parts[root].select(selector)
        if selector not in self._found:
            self._found[selector] = self._look_for(selector)
        return self._found[selector]

    def _look_for(self, selector: str) -> list[HtmlElement]:
        lists = []
        for key, matches, names in _compiled(selector):
            if all(("class", name) in self._page._by for name in names):  # noqa: SLF001  of our own kind
                lists.append(dict.fromkeys(filter(matches, self._candidates(key))))
        found = list(dict.fromkeys(chain(*lists)))
        # Each list is in order.
        if sum(map(bool, lists)) < 2:
            return found
        # To count all elements of the page is dear.
        return sorted(found, key=_position if len(found) <= _FEW else self._page._order.__getitem__)  # noqa: SLF001

    def _candidates(self, key: tuple[str, str]) -> list[HtmlElement]:
        by, name = key
        if by == "class" and self._page is not self:
            found = self._page._by.get(key, [])  # noqa: SLF001
            if len(found) <= _FEW and "_order" not in self._page.__dict__:
                return [e for e in found if e is self._root or self._root in e.iterancestors()]
            # A part is a stretch of the page's order.
            order, (begin, end) = self._page._order, self._stretch  # noqa: SLF001
            return [e for e in found if begin <= order[e] <= end]
        if by != "class" and key not in self._by:
            if by == "tag" or not name:
                self._by[key] = list(self._root.iter(name or AnyElement))
            else:
                self._by[key] = _with_attribute(name)(self._root)
        return self._by.get(key, [])

    @cached_property
    def _stretch(self) -> tuple[int, int]:
        """Where in the page's order this part begins, and its last element stands."""
        last = self._root
        while (child := next(last.iterchildren(AnyElement, reversed=True), None)) is not None:
            last = child
        order = self._page._order  # noqa: SLF001
        return order[self._root], order[last]

    @cached_property
    def _order(self) -> dict[HtmlElement, int]:
        return {element: number for number, element in enumerate(self._root.iter(AnyElement))}


@cache
def _with_attribute(name: str) -> Callable[[HtmlElement], list[HtmlElement]]:
    """Return what finds the elements with the attribute *name* in another one, and it itself, in order."""
    path: Any = XPath(
        "descendant-or-self::*[@*[name() = $name]]" if ":" in name else f"descendant-or-self::*[@{name}]"
    )
    return partial(path, name=name) if ":" in name else path


def _position(element: HtmlElement) -> list[int]:
    """Return what sorts elements of one page by the order they stand in."""
    places: list[int] = []
    while (parent := element.getparent()) is not None:
        places.append(parent.index(element))
        element = parent
    return places[::-1]


class _Alternative(NamedTuple):
    """One selector of a list: what its elements are looked up by, and what they must be."""

    key: tuple[str, str]
    matches: Callable[[HtmlElement], bool]
    #: Classes without which the page cannot hold any.
    names: frozenset[str]


@cache
def _compiled(selector: str) -> tuple[_Alternative, ...]:
    trees = [each.parsed_tree for each in parse(selector)] if selector else []
    return tuple(_Alternative(_key(tree), _matcher(tree), frozenset(_names(tree))) for tree in trees)


def _key(tree: Tree) -> tuple[str, str]:
    """Return the rarest thing that every element of the selector has: a class, an attribute or its tag."""
    keys = dict(_keys(tree))
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
    """Yield the classes that some element of the page must have."""
    if isinstance(tree, Class):
        yield tree.class_name
    if isinstance(tree, CombinedSelector):
        yield from _names(tree.subselector)
    if not isinstance(tree, Element):
        yield from _names(tree.selector)


def _matcher(tree: Tree) -> Callable[[HtmlElement], bool]:
    """Return the test whether an element is what the parsed selector *tree* says."""
    match tree:
        case Element():
            tag = tree.element and tree.element.lower()
            return lambda element: tag is None or element.tag == tag
        case Class() | Hash() | Attrib():
            return _attribute_test(_matcher(tree.selector), *_attribute(tree))
        case Negation():
            plain, unwanted = _matcher(tree.selector), _matcher(tree.subselector)
            return lambda element: plain(element) and not unwanted(element)
        case CombinedSelector() if tree.combinator in " >":
            return _combined(_matcher(tree.selector), _matcher(tree.subselector), tree.combinator)
    raise ExpressionError(f"{tree!r}: not one of the selectors that page rules may use")


def _attribute(tree: Class | Hash | Attrib) -> tuple[str, str, str]:
    """Return name, operator and value of what the selector says about an attribute."""
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


def _attribute_test(
    plain: Callable[[HtmlElement], bool], name: str, operator: str, wanted: str
) -> Callable[[HtmlElement], bool]:
    fits = _OPERATORS[operator]

    def matches(element: HtmlElement) -> bool:
        value = element.get(name)
        return value is not None and fits(value, wanted) and plain(element)

    return matches


def _combined(
    outer: Callable[[HtmlElement], bool], inner: Callable[[HtmlElement], bool], combinator: str
) -> Callable[[HtmlElement], bool]:
    def is_child(element: HtmlElement) -> bool:
        parent = element.getparent()
        return inner(element) and parent is not None and outer(parent)

    def is_descendant(element: HtmlElement) -> bool:
        return inner(element) and any(outer(ancestor) for ancestor in element.iterancestors())

    return is_child if combinator == ">" else is_descendant
