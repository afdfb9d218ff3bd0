"""Every frozen page gives the article that is kept beside it."""

from __future__ import annotations

import pytest

from crawler.testing import FrozenPage, frozen
from tests.support.crawls import ROOT


@pytest.mark.parametrize("page", frozen(ROOT / "tests" / "pages"), ids=lambda page: page.path.stem)
def test_frozen_pages(page: FrozenPage) -> None:
    assert page.actual == page.expected
