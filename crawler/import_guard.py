"""The guard against packages of the same name from other distributions."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path


def require_own_packages(root: Path, *names: str) -> None:
    """Raise ImportError unless each of the top-level packages *names* is directly in *root*.

    Other distributions also have packages named `archive`, `crawler` and `spiders`. Scrapy puts a project's
    folder last on the path, so theirs would be imported without notice.
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
