"""A link works once, for one account, while its invitation is open."""

import asyncio
import random
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from chassis.database import Database
from contracts.invitations import InvitationAccepted, InvitationExpired, InvitationSuperseded
from services.invitation_service.throttle import MOST_PER_ADDRESS, MOST_PER_NETWORK
from tests.event_log import EventLog
from tests.integration.invitation_service.conftest import Center, Portal


@pytest.fixture
async def invited(center: Center) -> tuple[UUID, str]:
    """An open invitation's id and token."""
    await center.opens()
    request = await center.invites(await center.has())
    return request.id, await center.token_of(request)


async def let_expire(database: Database, invitation_id: UUID) -> None:
    async with database.transaction() as tx:
        await tx.run(
            "UPDATE invitations SET expires_at = :then WHERE id = :id",
            then=tx.now - timedelta(seconds=1),
            id=invitation_id,
        )


def new_network() -> str:
    """Return the beginning of addresses that no other test uses."""
    return ".".join(["10", *(str(random.randrange(256)) for _ in range(2))])  # noqa: S311 - a test


async def test_looking_up_says_who_is_invited_and_consumes_nothing(
    portal: Portal, invited: tuple[UUID, str]
) -> None:
    invitation_id, token = invited
    for _ in range(3):
        found = (await portal.look_up(token)).json()
        assert found["invitation_id"] == str(invitation_id)
        assert found["email"] == "ana@sunrise.example"
        assert found["role"] == "patient"
        assert found["state"] == "open"
    assert (await portal.redeem(token)).status_code == 200
    assert (await portal.look_up(token)).json()["state"] == "accepted"


async def test_accepting_is_published_once_with_account_and_redemption(
    portal: Portal, events: EventLog, invited: tuple[UUID, str]
) -> None:
    invitation_id, token = invited
    redemption_id, account_id = uuid4(), uuid4()
    assert (await portal.redeem(token, redemption_id, account_id)).status_code == 200
    (accepted,) = await events.wait_for(
        InvitationAccepted, lambda e: e.data.invitation_id == invitation_id
    )
    assert accepted.data.redemption_id == redemption_id
    assert accepted.data.account_id == account_id


async def test_of_fifty_who_redeem_at_once_exactly_one_is_let_in(
    center: Center, portal: Portal, events: EventLog, invited: tuple[UUID, str]
) -> None:
    invitation_id, token = invited
    answers = await asyncio.gather(*(portal.redeem(token) for _ in range(50)))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 49
    assert {a.json()["type"] for a in answers if a.status_code == 409} == {
        "urn:portico:problem:invitation_accepted"
    }
    await events.wait_for(InvitationAccepted, lambda e: e.data.invitation_id == invitation_id)
    await center.issued(await center.invites(await center.has(chart="c-2")))
    assert len(events.of(InvitationAccepted, lambda e: e.data.invitation_id == invitation_id)) == 1


async def test_the_same_redemption_sent_again_has_the_same_answer(
    center: Center, portal: Portal, events: EventLog, invited: tuple[UUID, str]
) -> None:
    invitation_id, token = invited
    redemption_id, account_id = uuid4(), uuid4()
    answers = await asyncio.gather(
        *(portal.redeem(token, redemption_id, account_id) for _ in range(10))
    )
    answers.append(await portal.redeem(token, redemption_id, account_id))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    await center.issued(await center.invites(await center.has(chart="c-2")))
    assert len(events.of(InvitationAccepted, lambda e: e.data.invitation_id == invitation_id)) == 1


async def test_a_redemption_for_another_account_is_another_one(
    portal: Portal, invited: tuple[UUID, str]
) -> None:
    _, token = invited
    redemption_id = uuid4()
    assert (await portal.redeem(token, redemption_id)).status_code == 200
    assert (await portal.redeem(token, redemption_id)).status_code == 409


async def test_asked_for_again_the_old_link_is_dead_and_the_new_one_works(
    center: Center, portal: Portal, events: EventLog
) -> None:
    await center.opens()
    patient = await center.has()
    first = await center.invites(patient)
    old = await center.token_of(first)
    new = await center.token_of(await center.invites(patient))
    await events.wait_for(InvitationSuperseded, lambda e: e.data.invitation_id == first.id)
    refused = await portal.redeem(old)
    assert refused.status_code == 409
    assert refused.json()["type"] == "urn:portico:problem:invitation_superseded"
    assert (await portal.look_up(old)).json()["state"] == "superseded"
    assert (await portal.redeem(new)).status_code == 200


async def test_an_invitation_that_nobody_accepts_expires_and_can_be_asked_for_again(
    center: Center, portal: Portal, events: EventLog, database: Database
) -> None:
    await center.opens()
    patient = await center.has()
    request = await center.invites(patient)
    token = await center.token_of(request)
    await let_expire(database, request.id)
    refused = await portal.redeem(token)
    assert refused.status_code == 409
    assert refused.json()["type"] == "urn:portico:problem:invitation_expired"
    (expired,) = await events.wait_for(
        InvitationExpired, lambda e: e.data.invitation_id == request.id
    )
    assert expired.data.invitee == patient
    assert (await portal.look_up(token)).json()["state"] == "expired"
    again = await center.token_of(await center.invites(patient))
    assert (await portal.redeem(again)).status_code == 200


async def test_what_was_accepted_in_time_never_expires(
    center: Center,
    portal: Portal,
    events: EventLog,
    database: Database,
    invited: tuple[UUID, str],
) -> None:
    accepted, token = invited
    assert (await portal.redeem(token)).status_code == 200
    other = await center.invites(await center.has(chart="c-2"))
    await center.issued(other)
    for invitation_id in (accepted, other.id):
        await let_expire(database, invitation_id)
    await events.wait_for(InvitationExpired, lambda e: e.data.invitation_id == other.id)
    assert not events.of(InvitationExpired, lambda e: e.data.invitation_id == accepted)
    assert (await portal.look_up(token)).json()["state"] == "accepted"


@pytest.mark.parametrize("token", ["nonsense", "é\x00", "A" * 43])
async def test_a_token_that_nobody_issued_is_not_found(portal: Portal, token: str) -> None:
    assert (await portal.look_up(token)).status_code == 404
    refused = await portal.redeem(token)
    assert refused.status_code == 404
    assert token not in refused.text


@pytest.mark.parametrize("token", ["", "A" * 201])
async def test_what_can_be_no_token_is_a_wrong_request_that_is_not_quoted(
    portal: Portal, token: str
) -> None:
    refused = await portal.look_up(token)
    assert refused.status_code == 422
    assert "AAAA" not in refused.text


async def test_who_guesses_tokens_has_to_wait_and_others_do_not(
    portal: Portal, invited: tuple[UUID, str]
) -> None:
    _, token = invited
    network = new_network()
    for number in range(MOST_PER_ADDRESS):
        guess = await portal.look_up(f"guess {number}", f"{network}.1")
        assert guess.status_code == 404
    refused = await portal.look_up("one guess more", f"{network}.1")
    assert refused.status_code == 429
    assert "Try again in 15 minutes" in refused.json()["detail"]
    assert (await portal.look_up("one guess more", f"::ffff:{network}.1")).status_code == 429
    assert (await portal.look_up("another's first", f"{network}.2")).status_code == 404
    assert (await portal.look_up(token, f"{network}.2")).status_code == 200


async def test_a_network_that_guesses_from_many_addresses_has_to_wait(
    portal: Portal,
) -> None:
    network = new_network()
    guesses = [
        portal.look_up(f"guess {number}", f"{network}.{number}")
        for number in range(MOST_PER_NETWORK)
    ]
    await asyncio.gather(*guesses)
    assert (await portal.look_up("one guess more", f"{network}.200")).status_code == 429
    assert (await portal.look_up("another's first", f"{new_network()}.1")).status_code == 404
