"""A batch is handled in few runs, and each key's events in their order."""

import random
from collections import defaultdict

import pytest

from chassis.ordering import in_order
from contracts.chart import (
    InviteRequested,
    InviteRequestedData,
    PersonChanged,
    PersonChangedData,
    Relationship,
    RevokeRequested,
    RevokeRequestedData,
)
from contracts.envelope import CloudEvent, Invitee
from contracts.scopes import Role


def keep(_: list[CloudEvent]) -> None:
    """Stand for a handler."""


def decide(_: list[CloudEvent]) -> None:
    """Stand for a handler of two kinds of events."""


HANDLERS = {PersonChanged: keep, InviteRequested: decide, RevokeRequested: decide}


def person_changed(key: str) -> CloudEvent:
    data = PersonChangedData(
        invitee=invitee(key), relationship=Relationship.PATIENT, given_name="Ana"
    )
    return PersonChanged.of(data)


def invite_requested(key: str) -> CloudEvent:
    return InviteRequested.of(InviteRequestedData(invitee=invitee(key), role=Role.PATIENT))


def revoke_requested(key: str) -> CloudEvent:
    return RevokeRequested.of(RevokeRequestedData(invitee=invitee(key), role=Role.PATIENT))


def invitee(key: str) -> Invitee:
    return Invitee(organization="sunrise", chart="c-1", person=key)


MAKERS = (person_changed, invite_requested, revoke_requested)


def by_key(events: list[CloudEvent]) -> dict[str, list[CloudEvent]]:
    found: dict[str, list[CloudEvent]] = defaultdict(list)
    for event in events:
        found[event.subject].append(event)
    return found


@pytest.mark.parametrize("seed", range(40))
def test_each_keys_events_keep_their_order_and_none_is_lost(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a test's dice
    keys = [f"p-{number}" for number in range(chance.choice((1, 3, 20)))]
    events = [chance.choice(MAKERS)(chance.choice(keys)) for _ in range(chance.randrange(80))]
    runs = list(in_order(events, HANDLERS))
    assert by_key([event for _, run in runs for event in run]) == by_key(events)
    assert all(HANDLERS[type(event)] is handler for handler, run in runs for event in run)


def test_an_empty_batch_has_no_runs() -> None:
    assert list(in_order([], HANDLERS)) == []


def test_events_for_one_handler_are_one_run_in_the_batchs_order() -> None:
    events = [chosen(f"p-{n % 5}") for n in range(20) for chosen in MAKERS[1:]]
    assert list(in_order(events, HANDLERS)) == [(decide, events)]


def test_different_keys_mixed_are_one_run_per_handler() -> None:
    events = [MAKERS[n % 3](f"p-{n}") for n in range(30)]
    assert len(list(in_order(events, HANDLERS))) == 2


def test_a_key_that_goes_back_and_forth_takes_a_run_for_each_change() -> None:
    events = [person_changed("p-1"), invite_requested("p-1"), person_changed("p-1")]
    runs = [run for _, run in in_order(events, HANDLERS)]
    assert runs == [[event] for event in events]


def test_many_keys_that_go_back_and_forth_share_their_runs() -> None:
    keys = [f"p-{number}" for number in range(50)]
    events = [make(key) for make in (person_changed, invite_requested) * 2 for key in keys]
    assert [len(run) for _, run in in_order(events, HANDLERS)] == [50] * 4
