"""Which page class reads a URL: where publishers are loaded from, and which of them has a host.

Publishers are modules whose page classes register themselves by being defined. Those of the running project
(its SPIDER_MODULES) come first; others come from the entry point group `banluu.publishers` and from the
package `spiders` beside this one.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from pkgutil import walk_packages
from typing import TYPE_CHECKING

from crawler.errors import PublisherError
from crawler.extraction.page import ArticlePage, registered

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

ENTRY_POINTS = "banluu.publishers"
_OWN = "spiders"

_project: tuple[str, ...] | None = None


def use_publishers(modules: Iterable[str]) -> None:
    """Let the publishers in *modules*, the SPIDER_MODULES of the running project, come first.

    They are imported when the first page is read.
    """
    global _project  # noqa: PLW0603  one project runs in a process
    _project = tuple(modules)


def project_modules() -> tuple[str, ...] | None:
    """Return the modules last given to `use_publishers`, to be used in other processes; None if none were."""
    return _project


def load_publishers() -> None:
    """Import every publisher, so that its page classes are registered.

    Raises PublisherError when one cannot be imported, or when two that are not the project's claim one host.
    """
    _load(_project or ())


def page_class(url: str, captured: date | None = None) -> type[ArticlePage]:
    """Return the class for the page at *url* as its site looked on *captured*, by default now.

    Pages of unknown hosts are read by `ArticlePage`. Raises PublisherError, see `load_publishers`.
    """
    load_publishers()
    candidates = [cls for cls in registered() if cls.edition_of(url)]
    if len({_is_others(cls) for cls in candidates}) > 1:
        candidates = [cls for cls in candidates if not _is_others(cls)]
    if captured is None:
        return max(candidates, key=lambda cls: cls.valid_until, default=ArticlePage)
    candidates = [cls for cls in candidates if captured <= cls.valid_until]
    return min(candidates, key=lambda cls: cls.valid_until, default=ArticlePage)


@cache
def _load(project: tuple[str, ...]) -> None:
    for name in (*project, *_others()):
        try:
            package = import_module(name)
            for module in walk_packages(getattr(package, "__path__", ()), f"{name}."):
                import_module(module.name)
        except ImportError as error:
            raise PublisherError(f"publishers in {name!r} cannot be imported: {error}") from error
    _refuse_rivals()


@cache
def _others() -> tuple[str, ...]:
    """Return the modules of publishers that belong to no project: of installed packages, and our own."""
    installed = [point.module for point in entry_points(group=ENTRY_POINTS)]
    spec = find_spec(_OWN)
    # Another distribution's package of that name may come first.
    is_own = spec is not None and spec.origin and Path(spec.origin).parents[1] == Path(__file__).parents[2]
    return tuple(dict.fromkeys([*installed, *([_OWN] if is_own else [])]))


def _source(cls: type[ArticlePage], modules: Iterable[str]) -> str:
    """Return which of *modules* the class *cls* is defined in; empty if in none."""
    return next((name for name in modules if f"{cls.__module__}.".startswith(f"{name}.")), "")


def _is_others(cls: type[ArticlePage]) -> bool:
    """Return whether *cls* belongs to neither the running project nor a script or test of its own."""
    return not _source(cls, _project or ()) and bool(_source(cls, _others()))


def _refuse_rivals() -> None:
    """Raise PublisherError if publishers of two sources claim one host that the project does not claim."""
    claimed = {host for cls in registered() if not _is_others(cls) for host in cls.editions.values()}
    owners: dict[str, type[ArticlePage]] = {}
    for cls in filter(_is_others, registered()):
        for host in set(cls.editions.values()) - claimed:
            other = owners.setdefault(host, cls)
            if _source(other, _others()) != _source(cls, _others()):
                raise PublisherError(
                    f"{host} is claimed by {other.__module__}.{other.__name__} and by"
                    f" {cls.__module__}.{cls.__name__}; uninstall one of them, or claim the host in the"
                    " running project"
                )
