"""One crawl's output, whole after any crash. Imports state, bulk and archive.

Order of writing: WARC record, index line, item line, state row. `recovery` repairs whatever a crash cut off.
"""
