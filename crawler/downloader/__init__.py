"""Between Scrapy's engine and the wire: capture, replay, robots.txt, politeness. Imports recording, archive.

A request waits for its turn, is sent, and is recorded; then its response is judged, before any spider sees
it.
"""
