"""When a page is asked for again."""

from __future__ import annotations

from crawler.state.schedule import DAY, Due, Schedule

HOUR = DAY // 24


def test_a_page_is_due_at_each_age_and_then_every_half_year() -> None:
    schedule, now, dues = Schedule(), 0, []
    for _ in range(8):
        due = schedule.after(0, now)
        assert due.at is not None
        now = due.at
        dues.append((now / DAY, due.unconditional))
    assert dues == [
        (1 / 24, False), (0.25, False), (1, False), (7, False), (30, True), (210, True), (390, True), (570, True)
    ]  # fmt: skip


def test_without_a_tail_the_last_age_is_the_last_visit() -> None:
    assert Schedule((60,), tail=0).after(0, 60_000) == Due(None)


def test_a_failing_page_is_tried_for_a_month_and_one_that_was_had_goes_on() -> None:
    schedule = Schedule(tail=100)
    waits = [schedule.after_failure(0, failures, 0, captured=False).at for failures in range(12)]
    assert waits[:3] == [HOUR // 6, HOUR // 3, HOUR * 2 // 3]
    assert waits[-1] == DAY
    assert schedule.after_failure(31 * DAY, 40, 0, captured=False) == Due(None)
    assert schedule.after_failure(31 * DAY, 40, 0, captured=True) == Due(131 * DAY, unconditional=True)


def test_a_missing_article_is_looked_at_again_within_the_hour_and_without_validators() -> None:
    dues = [Schedule().after_missing(0, looks) for looks in range(5)]
    assert [due.at for due in dues] == [HOUR, HOUR, 6 * HOUR, DAY, DAY]
    assert dues[-1].unconditional
