"""Shared parts of the commands: base class, progress on a terminal, a crawl's summary, a queue of crawls.

It is a package of its own because every module in `crawler.commands` becomes a command. Imports recording and
state.
"""
