"""`scrapy genspider`: also writes publishers, from the templates of this project."""

from __future__ import annotations

import re
import sys
from keyword import iskeyword
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.commands import genspider
from scrapy.exceptions import UsageError

from crawler.console.command import refuse

if TYPE_CHECKING:
    import argparse

_TEMPLATES = Path(__file__).parents[1] / "templates"
# A module, its spider and its class have one name, in each one's way to write it.
_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z][a-z0-9]*)*")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]", re.IGNORECASE)


class Command(genspider.Command):
    """Write a publisher's module or a plain spider from a template."""

    def syntax(self) -> str:
        return "[-t onecms|news|TEMPLATE] NAME HOST"

    def short_desc(self) -> str:
        return "Write a publisher's module (templates news and onecms), or one of Scrapy's spiders"

    def long_desc(self) -> str:
        return (
            "Writes the module NAME for the publisher at HOST into NEWSPIDER_MODULE: its page class and its"
            " spider. Template `onecms` is for papers on the vendor CMS that most publishers here use, `news`"
            " for any other; Scrapy's own templates are found, too. docs/adding-a-publisher.md continues from"
            " there. Exit status 1 if the module exists (see --force), 2 for a wrong NAME, HOST or template."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.set_defaults(template="news")
        for action in parser._actions:  # noqa: SLF001  Scrapy's help text names no default
            if action.dest == "template":
                action.help = "name of a template (news if left out), or path of a .tmpl file"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if not (opts.list or opts.dump):
            if len(args) != 2:
                raise UsageError("give a name and a host")
            _check(args[0], _host_of(args[1]))
            if self.settings and self.settings["BOT_NAME"] == args[0]:
                refuse(f"{args[0]}: the project has this name; give another one")
        super().run(args, opts)

    def _spider_exists(self, name: str) -> bool:
        exists = super()._spider_exists(name)
        if exists:
            self.exitcode = 1
        return exists

    def _find_template(self, template: str) -> Path:
        own = _TEMPLATES / f"{template}.tmpl"
        known = [Path(template), own, Path(self.templates_dir, own.name)]
        found = next((path for path in known if path.suffix == ".tmpl" and path.is_file()), None)
        if found is None:
            refuse(f"no template {template!r}; there are: {', '.join(self._templates())}")
        return found

    def _templates(self) -> list[str]:
        own, scrapys = (
            sorted(path.stem for path in folder.glob("*.tmpl"))
            for folder in (_TEMPLATES, Path(self.templates_dir))
        )
        return list(dict.fromkeys([*own, *scrapys]))

    def _list_templates(self) -> None:
        sys.stdout.write("Available templates:\n")
        sys.stdout.writelines(f"  {name}\n" for name in self._templates())

    def _generate_template_variables(
        self, module: str, name: str, url: str, template_name: str
    ) -> dict[str, Any]:
        variables = super()._generate_template_variables(module, name, url, template_name)
        host = _host_of(url)
        if (_TEMPLATES / f"{template_name}.tmpl").is_file():
            # Theirs ends in "Spider".
            variables["classname"] = variables["classname"].removesuffix("Spider")
        edition = "vi" if host.endswith(".vn") else "en"
        return {**variables, "host": host, "edition": edition}


def _host_of(url: str) -> str:
    """Return the host in *url*, which may be one itself; empty if there is none."""
    try:
        return urlsplit(url if "//" in url else f"//{url}").hostname or ""
    except ValueError:
        return ""


def _check(name: str, host: str) -> None:
    if not _NAME.fullmatch(name) or iskeyword(name):
        refuse(f"{name}: not the name of a module; allowed: a-z, 0-9 and _, as in tin_nhanh or vov24")
    if not _HOST.fullmatch(host):
        refuse(
            f"HOST: {host or 'none given'}: not a host name; allowed: paper.example, https://paper.example/"
        )
