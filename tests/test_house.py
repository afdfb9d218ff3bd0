"""The house itself: import contracts, styles, and the guard against packages of the same name."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader

from crawler.settings_table import SETTINGS
from tests.support.crawls import ROOT

MODULES = sorted(path for part in ("archive", "crawler", "spiders") for path in (ROOT / part).rglob("*.py"))


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, check=False, cwd=ROOT, text=True)


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        pytest.param(["mypy"], marks=pytest.mark.long),
    ],
    ids=" ".join,
)
def test_tools_have_nothing_to_say(command: list[str]) -> None:
    ended = _run(sys.executable, "-m", *command)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_import_contracts() -> None:
    ended = _run(sys.executable, "-c", "from importlinter.cli import lint_imports; exit(lint_imports())")
    assert ended.returncode == 0, ended.stdout


def test_modules_stay_readable() -> None:
    lengths = {path.name: len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert {name: length for name, length in lengths.items() if length > 350} == {}


def test_spiders_are_named_after_their_files_and_pages_after_both() -> None:
    loader = SpiderLoader.from_settings(Settings({"SPIDER_MODULES": ["spiders"]}))
    files = {path.stem for path in (ROOT / "spiders").glob("*.py")} - {"__init__"}
    assert set(loader.list()) == files
    for name in loader.list():
        spider = loader.load(name)
        assert spider.__module__ == f"spiders.{name}"
        assert re.sub(r"(?<!^)(?=[A-Z])", "_", spider.__name__.removesuffix("Spider")).lower() == name
        assert spider.page.publisher == name


def test_the_settings_page_lists_every_setting_as_the_table_does() -> None:
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    rows = re.findall(r"^\| `([A-Z_]+)` \| `([^`]*)` \| ([^|]*) \| ([^|]*) \|$", page, re.MULTILINE)
    assert rows == [(each.name, repr(each.default), each.allowed, each.meaning) for each in SETTINGS]
    used = {
        name
        for path in MODULES
        for name in re.findall(r"\b((?:ARCHIVE|REPLAY|STATE|EXTRACTION)_[A-Z_]+)\b", path.read_text("utf-8"))
    }
    assert used - {each.name for each in SETTINGS} == set()


def test_the_ci_script_runs_the_command_of_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    commands = re.findall(r"<!-- tests -->\n```sh\n(.*?)```", readme, re.DOTALL)
    assert len(commands) == 1
    assert "pytest" in commands[0]
    assert "<!-- tests -->" in (ROOT / ".ci" / "run").read_text("utf-8")


def test_nothing_names_a_publisher_outside_spiders() -> None:
    publishers = re.compile(
        r"vietnamplus|nhân dân|nhandan|vietnamvn|vietnam\.vn|báo tin tức|baotintuc|\.vnp", re.IGNORECASE
    )
    named = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in MODULES
        if path.parent.name != "spiders"
        for line in path.read_text("utf-8").splitlines()
        if publishers.search(line)
    ]
    assert named == []


#: Modules without a test file of their own, and why.
UNTESTED = {
    "archive/errors.py": "exceptions alone",
    "archive/exchange.py": "two values, in every test of the archive",
    "crawler/__main__.py": "every whole crawl runs it",
    "crawler/console/crawl_queue.py": "needs a reactor of its own: crawls/test_crawl.py and test_work.py",
    "crawler/console/summary.py": "needs a crawl: crawls/test_readme.py reads every row",
    "crawler/discovery/listings.py": "its requests are crawls: crawls/test_load_more.py",
    "crawler/errors.py": "exceptions alone",
    "crawler/extraction/rules.py": "declarations, which every page class sets",
    "crawler/project.py": "needs a project around it: test_publishers.py",
    "crawler/settings_table.py": "a table: test_addon.py and test_settings.py",
    "crawler/state/database.py": "what its two kinds share: test_sqlite.py and test_postgresql.py",
    "crawler/state/schema.py": "migrations: test_sqlite.py",
    "crawler/version.py": "a constant",
}


def test_every_module_has_a_test_file_where_a_reader_looks_for_it() -> None:
    """For `crawler/x/y.py` that is `tests/crawler/x/test_y.py`, or, of whole crawls, `tests/crawls/test_y.py`."""
    tests = ROOT / "tests"
    missing = {
        str(path.relative_to(ROOT))
        for path in MODULES
        if path.parts[len(ROOT.parts)] in {"archive", "crawler"} and path.stem != "__init__"
        for name in [f"test_{path.stem}.py"]
        if not (tests / path.relative_to(ROOT).parent / name).exists()
        and not (tests / "crawls" / name).exists()
    }
    assert missing - UNTESTED.keys() == set()
    # An exception that is none any more goes.
    assert UNTESTED.keys() - missing == set()
