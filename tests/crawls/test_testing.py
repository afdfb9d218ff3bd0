"""`crawler.testing`, for other people's tests."""

from __future__ import annotations

import pytest

from crawler.errors import ReplayError
from crawler.testing import replay


def test_replay_for_other_peoples_tests() -> None:
    articles = replay("vna", "seeds", edition="zh")
    assert {article.edition for article in articles} == {"zh"}
    assert len(articles) == 4
    with pytest.raises(ReplayError, match="edition=xx: not known"):
        replay("vna", "seeds", edition="xx")
    with pytest.raises(ReplayError, match="no such file"):
        replay("vna", "nowhere")
