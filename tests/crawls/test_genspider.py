"""`scrapy genspider` writes publishers that satisfy the house, and refuses what would not."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.crawls import ROOT, run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = its_settings\n")
    (tmp_path / "its_settings.py").write_text(
        "from crawler.settings import *\nSPIDER_MODULES = ['papers']\nNEWSPIDER_MODULE = 'papers'\n"
    )
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "__init__.py").write_text('"""Papers."""\n')
    return tmp_path


def _scrapy(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(folder), str(ROOT)])
    return run(*arguments, module="scrapy", cwd=folder, environment={"PYTHONPATH": path})


@pytest.mark.parametrize("template", ["onecms", "news"])
def test_what_it_writes_is_a_publisher(project: Path, template: str) -> None:
    written = _scrapy(project, "genspider", "-t", template, "tin_nhanh24", "https://www.tinnhanh.example/x")
    assert (written.returncode, written.stderr) == (0, "")
    path = project / "papers" / "tin_nhanh24.py"
    assert "papers.tin_nhanh24" in written.stdout
    assert _scrapy(project, "list").stdout == "tin_nhanh24\n"
    for tool in (["ruff", "check", "--no-cache"], ["ruff", "format", "--check", "--no-cache"]):
        # As the modules in spiders/ are checked.
        name = str(ROOT / "spiders" / path.name)
        checked = subprocess.run(
            [sys.executable, "-m", *tool, "--stdin-filename", name, "-"],
            capture_output=True,
            check=False,
            cwd=ROOT,
            input=path.read_text(),
            text=True,
        )
        assert checked.returncode == 0, checked.stdout
    page = project / "page.html"
    words = "Some words of a paragraph that is long enough to be the text of an article. " * 3
    page.write_text(
        f"<h1 class='article__title'>A headline</h1><article><div class='content cms-body'><p>{words}</p></div>"
    )
    url = "https://www.tinnhanh.example/a-post12.html" if template == "onecms" else ""
    url = url or "https://www.tinnhanh.example/a-12.html"
    extracted = _scrapy(project, "extract", str(page), "--url", url)
    assert '"id":"tin_nhanh24:en:12"' in extracted.stdout, extracted.stderr
    assert re.search(r'"page":"TinNhanh24Page/', extracted.stdout)


def test_news_is_the_default_and_scrapys_own_templates_stay(project: Path) -> None:
    listed = _scrapy(project, "genspider", "--list").stdout.split()
    assert listed[:4] == ["Available", "templates:", "news", "onecms"]
    assert {"basic", "crawl"} <= set(listed)
    assert _scrapy(project, "genspider", "paper", "paper.vn").returncode == 0
    written = (project / "papers" / "paper.py").read_text()
    assert "class PaperPage(ArticlePage):" in written
    assert 'editions = {"vi": "paper.vn"}' in written
    assert _scrapy(project, "genspider", "-t", "basic", "plain", "plain.example").returncode == 0
    assert "class PlainSpider(scrapy.Spider):" in (project / "papers" / "plain.py").read_text()
    again = _scrapy(project, "genspider", "paper", "other.vn")
    assert again.returncode == 1
    assert "already exists" in again.stdout
    assert (project / "papers" / "paper.py").read_text() == written
    assert "class ${classname}Page(OneCmsPage):" in _scrapy(project, "genspider", "-d", "onecms").stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("class", "a.vn"), "class: not the name of a module; allowed: "),
        (("Tin-Nhanh", "a.vn"), "Tin-Nhanh: not the name of a module; allowed: "),
        (("24h", "a.vn"), "24h: not the name of a module; allowed: "),
        (("paper", "not a host"), "HOST: not a host: not a host name; allowed: "),
        (("paper", ""), "HOST: none given: not a host name; allowed: "),
        (("-t", "nothing", "paper", "a.vn"), "no template 'nothing'; there are: news, onecms, "),
        (("banluu", "a.vn"), "banluu: the project has this name; give another one"),
        (("paper",), "give a name and a host"),
    ],
)
def test_what_cannot_be_written_is_refused(project: Path, arguments: tuple[str, ...], words: str) -> None:
    ended = _scrapy(project, "genspider", *arguments)
    assert ended.returncode == 2
    assert words in ended.stderr
    assert [path.name for path in (project / "papers").glob("*.py")] == ["__init__.py"]
