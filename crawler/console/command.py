"""`ArchiveCommand`: the base of the commands that work on archives without a crawl."""

from __future__ import annotations

from abc import abstractmethod
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from archive import ArchiveError, Collection
from crawler.errors import CrawlError
from crawler.extraction import use_publishers
from crawler.settings_table import defaults
from crawler.state import names_at, open_state

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from crawler.state import State


class ArchiveCommand(ScrapyCommand):
    """A command that needs neither a project nor a reactor; its errors are one line and exit status 2."""

    requires_project = False
    requires_crawler_process = False
    #: Names of the settings that it reads, see `crawler.settings_table`.
    reads: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.default_settings = {"LOG_ENABLED": False, **defaults(*cls.reads)}

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if self.settings:
            use_publishers(self.settings.getlist("SPIDER_MODULES"))
        with one_line_errors():
            self.execute(args, opts)

    @abstractmethod
    def execute(self, args: list[str], opts: argparse.Namespace) -> None:
        """Do the work. ArchiveError and CrawlError become usage errors."""

    def setting(self, name: str) -> Any:
        """Return the setting *name*, one of `reads`."""
        return self.settings[name] if self.settings else defaults(name)[name]

    def known_states(self, roots: Sequence[str] = ()) -> Iterator[tuple[Path, State]]:
        """Yield the collections at *roots*, by default all that the settings know of, with their states.

        The caller closes the states. Raises ArchiveError, StateError or ArgumentError.
        """
        folder, url = self.setting("ARCHIVE_DIR"), self.setting("STATE_URL")
        if url and not roots:
            for name in names_at(url):
                yield Path(folder, name), open_state(Path(folder, name), url)
            return
        for each in roots or [folder]:
            for collection in Collection.find(Path(each)):
                if url or (collection.root / "state.sqlite").exists():
                    yield collection.root, open_state(collection.root, url)


def refuse(message: str) -> NoReturn:
    """End the command with *message* in one line and exit status 2."""
    raise UsageError(message, print_help=False)


@contextmanager
def one_line_errors() -> Iterator[None]:
    """Turn ArchiveError and CrawlError into one line and exit status 2."""
    try:
        yield
    except (ArchiveError, CrawlError) as error:
        raise UsageError(str(error), print_help=False) from error
