"""The API for portal_access: look an invitation up by its token, and redeem it. Signed calls."""

from datetime import datetime
from ipaddress import IPv4Address, IPv6Address
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Request
from pydantic import BaseModel, Field
from sqlalchemy import Row

from chassis.database import Database, Transaction
from chassis.security.call_verifier import Verifier
from chassis.security.tokens import hash_of
from chassis.web.problems import ProblemError
from contracts.envelope import Invitee
from contracts.invitations import (
    InvitationAccepted,
    InvitationAcceptedData,
    InvitationOpened,
    InvitationOpenedData,
)
from contracts.scopes import Role
from services.invitation_service import metrics, queries, throttle
from services.invitation_service.models import State

Token = Annotated[str, Field(min_length=1, max_length=200)]
Client = Annotated[IPv4Address | IPv6Address | None, Header(alias="X-Portico-Client")]


class Lookup(BaseModel):
    """Which invitation is this?"""

    token: Token


class FoundInvitation(BaseModel):
    """What the accept pages need to know of an invitation."""

    invitation_id: UUID
    organization: str
    chart: str
    person: str
    role: Role
    email: str
    given_name: str
    state: State | Literal["portal_off"]
    """`portal_off`: it is open, and kept, while the organisation's portal is switched off."""
    expires_at: datetime


class Redemption(BaseModel):
    """An invitee accepts, with this account; the same redemption may be sent again."""

    token: Token
    redemption_id: UUID
    account_id: UUID


class Redeemed(BaseModel):
    """The invitation is this account's now."""

    invitation_id: UUID
    accepted_at: datetime


def routes(database: Database, verifier: Verifier) -> APIRouter:
    """Return the API over this database, for callers whom the verifier knows."""

    async def signed(request: Request) -> None:
        await verifier.claims(request)

    router = APIRouter(prefix="/api/v1", dependencies=[Depends(signed)])

    @router.post("/lookups")
    async def look_up(body: Lookup, client: Client = None) -> FoundInvitation:
        """Say what a token stands for; nothing is consumed, and the first time is published."""
        row = await _known(database, body.token, _text(client))
        async with database.transaction() as tx:
            state = _state_now(row, tx)
            if state is State.OPEN and await queries.tokens.note_opening(tx, row.id):
                tx.publish(_opened(row, tx))
        return FoundInvitation(
            invitation_id=row.id,
            organization=row.organization_id,
            chart=row.chart_id,
            person=row.person_id,
            role=row.role,
            email=row.email,
            given_name=row.given_name,
            state=state,
            expires_at=row.expires_at,
        )

    @router.post("/redemptions")
    async def redeem(body: Redemption, client: Client = None) -> Redeemed:
        """Accept an open invitation, once; idempotent per redemption id."""
        with metrics.refusals_counted():
            row = await _redeem(database, body) or await _repeated(database, body, client)
        return Redeemed(invitation_id=row.id, accepted_at=row.ended_at)

    return router


async def _redeem(database: Database, body: Redemption) -> Row[Any] | None:
    async with database.transaction() as tx:
        row = await queries.tokens.redeem(
            tx, hash_of(body.token), body.redemption_id, body.account_id
        )
        if row is not None:
            tx.publish(_accepted(row))
            tx.after_commit.add(metrics.REDEMPTIONS.labels(outcome="accepted").inc)
    return row


async def _repeated(database: Database, body: Redemption, client: Client) -> Row[Any]:
    row = await _known(database, body.token, _text(client))
    if not _is_the_same(body, row):
        async with database.transaction() as tx:
            raise _refusal(_state_now(row, tx))
    metrics.REDEMPTIONS.labels(outcome="repeated").inc()
    return row


async def _known(database: Database, token: str, client: str | None) -> Row[Any]:
    async with database.transaction() as tx:
        row = await queries.tokens.find(tx, hash_of(token))
        if row is None:
            await throttle.refuse_if_throttled(tx, client)
            await throttle.count_failure(tx, client)
    if row is None:
        raise ProblemError(404, "token_unknown", "No invitation has this token.")
    return row


def _state_now(row: Row[Any], tx: Transaction) -> State | Literal["portal_off"]:
    if row.state != State.OPEN:
        return State(row.state)
    # A paused organisation's clock stands still.
    if row.expires_at <= (row.paused_at or tx.now):
        return State.EXPIRED
    return "portal_off" if row.paused_at else State.OPEN


def _is_the_same(redemption: Redemption, row: Row[Any]) -> bool:
    return row.state == State.ACCEPTED and (row.redemption_id, row.account_id) == (
        redemption.redemption_id,
        redemption.account_id,
    )


def _refusal(state: State | Literal["portal_off"]) -> ProblemError:
    if state == "portal_off":
        detail = "The portal is switched off for now; the invitation is kept."
        return ProblemError(409, "portal_off", detail)
    return ProblemError(409, f"invitation_{state}", f"This invitation is {state}.")


def _text(client: IPv4Address | IPv6Address | None) -> str | None:
    return None if client is None else str(client)


def _named(row: Row[Any]) -> dict[str, Any]:
    invitee = Invitee(organization=row.organization_id, chart=row.chart_id, person=row.person_id)
    return {"invitee": invitee, "invitation_id": row.id, "role": row.role}


def _opened(row: Row[Any], tx: Transaction) -> InvitationOpened:
    return InvitationOpened.of(InvitationOpenedData(**_named(row), opened_at=tx.now))


def _accepted(row: Row[Any]) -> InvitationAccepted:
    data = InvitationAcceptedData(
        **_named(row),
        redemption_id=row.redemption_id,
        account_id=row.account_id,
        accepted_at=row.ended_at,
    )
    return InvitationAccepted.of(data)
