"""`PageRules`: every attribute that a publisher's page class may set, in one place.

The defaults are those of a site without rules.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo


class PageRules:
    """A publisher's declarations about its addresses, dates and markup.

    A name that ends in `_css` is a CSS selector; an empty one matches nothing.
    """

    #: Short name of the publisher; a class that sets it is registered.
    publisher: ClassVar[str] = ""
    #: Host of each edition, by the edition's name.
    editions: ClassVar[Mapping[str, str]] = {}
    #: Language tag (BCP 47) of each edition whose name is not that tag.
    languages: ClassVar[Mapping[str, str]] = {}
    #: Matches the path of an article; the group `id` identifies the article within its edition.
    article_path: ClassVar[re.Pattern[str]] = re.compile(r"(?P<id>.+)")
    #: The same for the path and query of an article's print page, if the site has these.
    print_path: ClassVar[re.Pattern[str] | None] = None
    #: End of an article's path, which replaces ".amp" in the path of its AMP page.
    page_suffix: ClassVar[str] = ""

    #: All editions give an article the same id: a translation may name its original.
    editions_share_ids: ClassVar[bool] = False
    #: Form field whose value is the article's id.
    id_css: ClassVar[str] = ""
    #: Every page of the publisher closes its body: one that does not was cut.
    always_closes: ClassVar[bool] = False

    #: Zone of dates without one; with None, such dates are not used.
    zone: ClassVar[tzinfo | None] = None
    #: Last day on which the site used this markup.
    valid_until: ClassVar[date] = date.max

    #: Headline of the article.
    headline_css: ClassVar[str] = ""
    #: Lead or summary.
    description_css: ClassVar[str] = ""
    #: Element that holds the text.
    body_css: ClassVar[str] = ""
    #: Pictures that precede the body.
    lead_media_css: ClassVar[str] = ""
    #: Noise: elements inside the body that are not part of its text.
    noise_css: ClassVar[str] = ""
    #: Date of publication, in an attribute or as text.
    date_css: ClassVar[str] = ""
    #: Names of the authors.
    authors_css: ClassVar[str] = ""
    #: Credit line.
    source_css: ClassVar[str] = ""
    #: Teasers of other articles.
    related_css: ClassVar[str] = ""

    #: Beginning of a plain-text capture's first line, if the site prints its name there.
    text_site_name: ClassVar[str] = ""
    #: Credit line that identifies a plain-text capture of each edition.
    text_credits: ClassVar[Mapping[str, str]] = {}
