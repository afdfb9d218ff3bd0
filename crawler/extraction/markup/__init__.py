"""Reads HTML in general: no publisher is known here, and no field of `Article`.

Imports libraries and nothing else of the project. The order: `parsing` turns bytes into a tree, `selectors`
finds elements in it, `metadata` and `text` read what these hold.
"""
