"""Loads publishers and chooses the page class that reads a URL.

A publisher is a module whose page classes register themselves when they are defined. Those of the running
project (its SPIDER_MODULES) take precedence over shared ones, which come from the entry point group
`banluu.publishers` and from the package `spiders` beside this one.
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
    """Let the publishers in *modules*, the SPIDER_MODULES of the running project, take precedence.

    They are imported when the first page is read.
    """
    global _project  # noqa: PLW0603  one project runs in a process
    _project = tuple(modules)


def project_modules() -> tuple[str, ...] | None:
    """Return the modules last given to `use_publishers`, to pass on to other processes; None if none were."""
    return _project


def load_publishers() -> None:
    """Import every publisher, which registers its page classes.

    Raises PublisherError if one cannot be imported, or if two shared ones claim the same host.
    """
    _load(_project or ())


def page_class(url: str, captured: date | None = None) -> type[ArticlePage]:
    """Return the page class for *url*, with the rules for its site on the day *captured*, by default now.

    For an unknown host that is `ArticlePage`. Raises PublisherError, see `load_publishers`.
    """
    load_publishers()
    candidates = [cls for cls in registered() if cls.edition_of(url)]
    if captured is not None:
        candidates = [cls for cls in candidates if captured <= cls.valid_until]
    if len({_is_shared(cls) for cls in candidates}) > 1:
        candidates = [cls for cls in candidates if not _is_shared(cls)]
    choose = max if captured is None else min
    return choose(candidates, key=lambda cls: cls.valid_until, default=ArticlePage)


@cache
def _load(project: tuple[str, ...]) -> None:
    for name in (*project, *_shared()):
        try:
            package = import_module(name)
            for module in walk_packages(getattr(package, "__path__", ()), f"{name}."):
                import_module(module.name)
        except (ImportError, SyntaxError, AttributeError, NameError, TypeError, ValueError) as error:
            raise PublisherError(f"publishers in {name!r} cannot be imported: {error}") from error
    _refuse_conflicts()


@cache
def _shared() -> tuple[str, ...]:
    """Return the modules of publishers that belong to no project: those of installed packages, and ours."""
    installed = [point.module for point in entry_points(group=ENTRY_POINTS)]
    spec = find_spec(_OWN)
    # Another distribution may have a package of the same name, and be found first.
    folder = Path(spec.origin).resolve().parents[1] if spec and spec.origin else None
    is_own = folder == Path(__file__).resolve().parents[2]
    return tuple(dict.fromkeys([*installed, *([_OWN] if is_own else [])]))


def _source(cls: type[ArticlePage], modules: Iterable[str]) -> str:
    """Return which of *modules* is in the same package as the class *cls*; an empty string if none is."""
    package = cls.__module__.partition(".")[0]
    return next((name for name in modules if name.partition(".")[0] == package), "")


def _is_shared(cls: type[ArticlePage]) -> bool:
    """Return whether *cls* is shared: defined neither in the running project nor in a script or test."""
    return not _source(cls, _project or ()) and bool(_source(cls, _shared()))


def _refuse_conflicts() -> None:
    """Raise PublisherError if shared publishers of two packages claim a host that the project does not."""
    claimed = {host for cls in registered() if not _is_shared(cls) for host in cls.editions.values()}
    owners: dict[str, type[ArticlePage]] = {}
    for cls in filter(_is_shared, registered()):
        for host in set(cls.editions.values()) - claimed:
            other = owners.setdefault(host, cls)
            if _source(other, _shared()) != _source(cls, _shared()):
                raise PublisherError(
                    f"{host} is claimed by {other.__module__}.{other.__name__} and by"
                    f" {cls.__module__}.{cls.__name__}; uninstall one of them, or claim the host in the"
                    " running project"
                )
