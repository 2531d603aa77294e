"""For how long clocks stand still, by the times of the switches."""

from datetime import UTC, datetime, timedelta

from chassis.pauses import Known, Pause, Switch, follow

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def switches(*states: bool) -> list[Switch]:
    """An organisation's switch, moved once an hour."""
    return [Switch("sunrise", START + number * HOUR, on) for number, on in enumerate(states)]


def test_what_was_never_off_has_no_pause() -> None:
    assert follow({}, switches(True, True)) == ({"sunrise": None}, [])


def test_a_pause_begins_with_the_first_of_several_news_that_it_is_off() -> None:
    assert follow({}, switches(True, False, False)) == ({"sunrise": START + HOUR}, [])


def test_a_pause_that_begins_and_ends_within_a_batch_counts() -> None:
    paused, over = follow({}, switches(False, False, True, True, False, True))
    assert paused == {"sunrise": None}
    assert over == [
        Pause("sunrise", START, START + 2 * HOUR),
        Pause("sunrise", START + 4 * HOUR, START + 5 * HOUR),
    ]


def test_a_pause_that_began_long_ago_ends_now() -> None:
    known = {"sunrise": Known(START - 24 * HOUR, START - HOUR)}
    over = [Pause("sunrise", START - 24 * HOUR, START)]
    assert follow(known, switches(True)) == ({"sunrise": None}, over)


def test_old_news_changes_nothing() -> None:
    known = {"sunrise": Known(None, START + HOUR)}
    assert follow(known, switches(False)) == ({"sunrise": None}, [])


def test_organisations_pause_on_their_own() -> None:
    other = Switch("harbor", START, on=False)
    paused, over = follow({}, [*switches(True), other])
    assert paused == {"sunrise": None, "harbor": START}
    assert over == []
