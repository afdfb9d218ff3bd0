"""What watches a crawl: `progress` on a terminal, `monitors` against earlier crawls. Imports recording."""
