"""Publishers live anywhere: in the running project, in installed packages, and beside this one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

PUBLISHER = """
import re
from crawler.extraction import ArticlePage

class {cls}(ArticlePage):
    publisher = "{publisher}"
    editions = {{"en": "{host}"}}
    article_path = re.compile(r"^/story/(?P<id>\\d+)")
    headline_css = "h2.hed"
    body_css = "section.copy"
"""
TEXT = "Some words of a story, enough of them to be the body of an article, as the paper said on Monday."
PAGE = (
    '<meta property="og:type" content="article"><meta name="date" content="2026-07-16T17:17:12Z"><h1>Site</h1>'
    f"<h2 class=hed>A headline</h2><section class=copy><p>{TEXT}</p></section>"
)
# Prints which class reads the page, and the article's publisher and headline.
READ = f"""
from crawler import extract
article = extract({PAGE.encode()!r}, "https://paper.example/story/7-x")
print(article.extractor.page, article.publisher, article.headline)
"""


def _package(folder: Path, name: str, host: str = "paper.example") -> None:
    module = folder / name
    module.mkdir()
    (module / "__init__.py").write_text("")
    (module / "paper.py").write_text(
        PUBLISHER.format(cls=f"{name.capitalize()}Page", publisher=name, host=host)
    )


def _install(folder: Path, name: str) -> None:
    """Let the package *name* look installed, with its entry point."""
    info = folder / f"{name}-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n")
    (info / "entry_points.txt").write_text(f"[banluu.publishers]\n{name} = {name}\n")


def _project(folder: Path, *modules: str) -> None:
    (folder / "scrapy.cfg").write_text("[settings]\ndefault = its_settings\n")
    (folder / "its_settings.py").write_text(f"SPIDER_MODULES = {list(modules)}\n")


def _read(folder: Path, program: str = READ) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        check=False,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)])},
        text=True,
    )


def test_a_bare_extract_reads_the_publishers_of_the_current_project(tmp_path: Path) -> None:
    _package(tmp_path, "local")
    unknown = _read(tmp_path)
    assert unknown.stdout.startswith("ArticlePage/page paper.example"), unknown.stderr
    _project(tmp_path, "local")
    assert _read(tmp_path).stdout == "LocalPage/page local A headline\n"


def test_an_installed_package_brings_its_publishers_by_an_entry_point(tmp_path: Path) -> None:
    _package(tmp_path, "installed")
    _install(tmp_path, "installed")
    ended = _read(tmp_path)
    assert ended.stdout == "InstalledPage/page installed A headline\n", ended.stderr


def test_the_running_project_wins_a_host(tmp_path: Path) -> None:
    for name in ("local", "installed", "another"):
        _package(tmp_path, name)
    _install(tmp_path, "installed")
    _install(tmp_path, "another")
    _project(tmp_path, "local")
    ended = _read(tmp_path)
    assert ended.stdout == "LocalPage/page local A headline\n", ended.stderr


def test_two_installed_packages_that_claim_one_host_are_an_error_that_names_both(tmp_path: Path) -> None:
    for name in ("installed", "another"):
        _package(tmp_path, name)
        _install(tmp_path, name)
    ended = _read(tmp_path)
    assert ended.returncode == 1
    said = ended.stderr.splitlines()[-1]
    assert said.startswith("crawler.errors.PublisherError: paper.example is claimed by ")
    assert "installed.paper.InstalledPage" in said
    assert "another.paper.AnotherPage" in said


def test_a_publisher_that_cannot_be_imported_is_an_error_that_names_it(tmp_path: Path) -> None:
    _package(tmp_path, "installed")
    (tmp_path / "installed" / "paper.py").write_text("import a_module_that_is_not_there\n")
    _install(tmp_path, "installed")
    said = _read(tmp_path).stderr.splitlines()[-1]
    assert said.startswith("crawler.errors.PublisherError: publishers in 'installed' cannot be imported: ")
    assert "a_module_that_is_not_there" in said


def test_our_own_publishers_are_known_in_every_project(tmp_path: Path) -> None:
    _package(tmp_path, "local")
    _project(tmp_path, "local")
    program = "from crawler.extraction import page_class; import crawler; crawler.extract;"
    ended = _read(tmp_path, f"{program} print(page_class('https://zh.vietnamplus.vn/a-post1.vnp').publisher)")
    assert ended.stdout == "vna\n", ended.stderr


@pytest.mark.parametrize("processes", ["1", "2"])
def test_bulk_extraction_reads_the_projects_publishers_in_each_process(
    tmp_path: Path, processes: str
) -> None:
    _package(tmp_path, "local")
    _project(tmp_path, "local")
    program = f"""
from pathlib import Path
from crawler.bulk import Plan, Processes, Shard, extracted
if __name__ == "__main__":
    Path("page.html").write_text({PAGE!r})
    url = "https://paper.example/story/7-x"
    shards = [Shard(given="x", saved=(Path("page.html"),), url=url) for _ in range(3)]
    plan = Plan(publishers=("local",))
    for _, result in extracted(Processes({processes}), plan, shards):
        print(result.lines.decode().partition(",")[0])
"""
    (tmp_path / "program.py").write_text(program)
    ended = subprocess.run(
        [sys.executable, "program.py"],
        capture_output=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])},
        text=True,
    )
    assert ended.stdout == '{"id":"local:en:7"\n' * 3, ended.stderr
