"""Which publisher, edition and article a URL belongs to, without fetching it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawler.extraction.rules import PageRules

if TYPE_CHECKING:
    from collections.abc import Mapping


# Parameters that say how a reader came, what is shown around the article, or who reads: not which article.
_TRACKING = re.compile(
    r"(?:utm|fb|ga|gs|gad|mc|hsa|at|ns|wt|mtm|pk|piwik|matomo|cmp|vero|oly|spm|scm|trk|mkt|hs|ss|aff|ref|sc|amp)"
    r"_\w+|_\w*|\w{0,12}clid|igsh(?:id)?|[ni]cid|mkt_tok|spm|scm|xtor|xts|cmp(?:id)?|campaign\w*|smid|smtyp|sref|ito"
    r"|taid|tblci|ocid|wtmc|wt\.\w+|ftag|src|source|ref(?:errer|erer|src)?|from|via|shar(?:e|ing)\w*|social\w*|rss"
    r"|feed|partner|medium|channel|zarsrc|zalo\w*|gidzl|(?:php|j|asp)?sess(?:ion)?_?(?:id)?|aspsessionid\w*|nonce"
    r"|cftoken|cfid|token|amp|output(?:type)?|print(?:able|view|er)?|view|mobile|m|theme|skin|embed(?:ded)?|app"
    r"|platform|device|ts|timestamp|rand(?:om)?|rnd|time|ver|version|(?:no)?cache\w*|refresh|reload|replytocom"
    r"|(?:show)?comments?|highlight|hl|keywords?|traffic_source|tracking\w*|trk|click\w*",
    re.IGNORECASE,
)
# Sessions and marks of sharing, but a story's number where the value is one.
_AMBIGUOUS = re.compile(r"s|t|sid|tid", re.IGNORECASE)
_NUMBER = re.compile(r"\d{3,10}", re.ASCII)
# Parameters that name an article whatever the path is.
_NAMING = re.compile(
    r"(?:[a-z]{0,12}[-_]?)?(?:id|no|nr|num|number|code|key|guid|uuid)|[pan]|page|paged|pg|article|news|story|post"
    r"|item|doc|content",
    re.IGNORECASE,
)
_PAGE = re.compile(r"page|paged|pg", re.IGNORECASE)
# The last part of a path that is a program's name, or none.
_PROGRAM = re.compile(
    r"(?:^|\.(?:aspx?|php\d?|jspx?|cgi|pl|do|action|cfm|dll|py|nsf|ashx))$|^(?:index|default)\.",
    re.IGNORECASE,
)
# One that may be an article's name: with a number, or of three words.
_NAME = re.compile(r"\d\d|-[^-]+-|%[0-9A-F]{2}|[^\x00-\x7f]", re.IGNORECASE)
_MOST_PARAMETERS = 100
_PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?#]*", re.IGNORECASE)
_MOBILE = re.compile(r"^(?:www\.|m\.)+")


def article_path_and_query(url: str) -> str:
    """Return the path of *url* and the parameters that name an article, sorted: "/news.asp?id=1001".

    Parameters of campaigns, sessions and sharing are left out. Where the path names the article, only those
    are kept that name one too.
    """
    parts = urlsplit(url)
    path = _PATH_SESSION.sub("", parts.path) or "/"
    query = urlencode(sorted(_naming_parameters(path, parts.query)))
    return f"{path}?{query}" if query else path


def _naming_parameters(path: str, query: str) -> list[tuple[str, str]]:
    last = path.rpartition("/")[2]
    is_program, is_name = _PROGRAM.search(last) is not None, _NAME.search(last) is not None
    return [
        (name, value)
        for name, value in _parameters(query)
        if not _is_tracking(name, value)
        and (is_program or (any(map(str.isdecimal, value)) and (not is_name or _NAMING.fullmatch(name))))
        and not (_PAGE.fullmatch(name) and value in {"0", "1"})
    ]


def _is_tracking(name: str, value: str) -> bool:
    if _AMBIGUOUS.fullmatch(name):
        return _NUMBER.fullmatch(value) is None
    return _TRACKING.fullmatch(name) is not None


def _parameters(query: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        return []


def without_tracking(url: str) -> str:
    """Return *url* without fragment and without parameters of campaigns, sessions and sharing."""
    parts = urlsplit(url)
    pairs = (part.partition("=") for part in parts.query.split("&") if part)
    kept = [f"{name}{equals}{value}" for name, equals, value in pairs if not _is_tracking(name, value)]
    path = _PATH_SESSION.sub("", parts.path)
    return urlunsplit((parts.scheme, parts.netloc, path, "&".join(kept), ""))


def _bare(host: str) -> str:
    return host.removeprefix("www.")


class SiteIdentity(PageRules):
    """Reads edition, article id and key from a URL, by the rules of the class."""

    _by_host: ClassVar[Mapping[str, str]] = {}

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        # Of several editions on one host, the first wins.
        hosts = [(host, name) for name, host in reversed(list(cls.editions.items()))]
        cls._by_host = dict([(_bare(host), name) for host, name in hosts] + hosts)

    @classmethod
    def edition_of(cls, url: str) -> str | None:
        """Return the edition that *url* belongs to; None if it is another publisher's."""
        host = urlsplit(url).hostname or ""
        return cls._by_host.get(host) or cls._by_host.get(_MOBILE.sub("", host))

    @classmethod
    def article_id(cls, url: str) -> str | None:
        """Return the id of the article at *url* within its edition; None for any other page."""
        match = cls.article_path.search(urlsplit(url).path) or cls._print_match(url)
        return match["id"] if match else None

    @classmethod
    def is_print(cls, url: str) -> bool:
        """Return whether *url* is an article's print page."""
        return cls._print_match(url) is not None

    @classmethod
    def _print_match(cls, url: str) -> re.Match[str] | None:
        parts = urlsplit(url)
        return cls.print_path.search(f"{parts.path}?{parts.query}") if cls.print_path else None

    @classmethod
    def key(cls, url: str) -> str | None:
        """Return the `Article.id` of the article at *url*; None for any other page."""
        edition, article_id = cls.edition_of(url), cls.article_id(url)
        return f"{cls.publisher}:{edition}:{article_id}" if edition and article_id else None

    @classmethod
    def page_url(cls, url: str) -> str:
        """Return *url* on its edition's host, without query and fragment; an AMP page's as its article's.

        A print page keeps its path and query: its article's URL cannot be derived from them.
        """
        parts = urlsplit(url)
        edition, host = cls.edition_of(url), parts.netloc
        if edition is not None and parts.hostname not in cls.editions.values():
            host = cls.editions.get(edition) or next(iter(cls.editions.values()))
        if cls.is_print(url):
            return urlunsplit((parts.scheme, host, parts.path, parts.query, ""))
        path = parts.path
        if cls.page_suffix and path.endswith(".amp"):
            path = path.removesuffix(".amp") + cls.page_suffix
        return urlunsplit((parts.scheme, host, path, "", ""))
