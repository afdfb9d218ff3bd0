"""Decides what to fetch next, and records how each fetch went. Imports recording and state.

A due page is a row of the state, leased by the crawl that fetches it; its row changes only with the outcome.
"""
