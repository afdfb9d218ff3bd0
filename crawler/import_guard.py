"""Where publishers live, and the guard against packages of the same name from elsewhere."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

#: Packages whose modules are publishers; Scrapy's SPIDER_MODULES.
SPIDER_MODULES = ["spiders"]


def require_own_packages(root: Path, *names: str) -> None:
    """Raise ImportError unless each top-level package lies directly in *root*.

    `archive`, `crawler` and `spiders` are names of other distributions too, and Scrapy puts a
    project's folder last on the path: theirs would be taken in silence.
    """
    for name in names:
        spec = find_spec(name)
        if spec is None or spec.origin is None:
            raise ImportError(f"no package {name!r} in {root}; run from there, or reinstall banluu")
        if Path(spec.origin).resolve().parents[1] != root:
            raise ImportError(
                f"package {name!r} is {spec.origin}, not {root / name}: another distribution of"
                f" that name comes first; uninstall it or run `python -m crawler` in {root}"
            )
