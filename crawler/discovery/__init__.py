"""Finds the articles that a publisher announces. Imports extraction and state.

`sitemaps`, `links` and `load_more` turn bytes into announcements; `sources` and `listings` request and follow
them; `intake` hands the announced articles to the frontier, or plays them in a replay.
"""

from crawler.discovery.links import read_links
from crawler.discovery.sitemaps import read_xml

__all__ = ["read_links", "read_xml"]
