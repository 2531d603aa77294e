"""The route by which a service tells the ops console what it knows of a person's invitations."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from chassis.database import Database, Transaction
from chassis.records import CALLER, MOST_INVITATIONS, Record, Records
from chassis.security.call_verifier import Verifier
from contracts.envelope import Identifier, Invitee

_OUTBOX = "SELECT count(*) FROM outbox WHERE key = :key"


Read = Callable[[Transaction, Invitee, Sequence[UUID]], Awaitable[Sequence[Record]]]
"""Returns what a service knows of a person, and of these of their invitations."""

Ids = Annotated[
    list[UUID], Query(default_factory=list, max_length=MOST_INVITATIONS, alias="invitation")
]


def routes(service: str, database: Database, ops_jwks_url: str, read: Read) -> APIRouter:
    """Return the route by which the console asks a service; none where no console is known.

    `read` returns what the service itself knows; what waits in its outbox is added here.
    """
    if not ops_jwks_url:
        return APIRouter()
    verifier = Verifier(service, issuer=CALLER, jwks_url=ops_jwks_url)

    async def signed(request: Request) -> None:
        await verifier.claims(request)

    router = APIRouter(dependencies=[Depends(signed)], include_in_schema=False)

    @router.get("/internal/records/{organization}/{chart}/{person}")
    async def records(
        organization: Identifier, chart: Identifier, person: Identifier, ids: Ids
    ) -> Records:
        invitee = Invitee(organization=organization, chart=chart, person=person)
        async with database.transaction() as tx:
            found = [*await read(tx, invitee, ids), *await _outbox(tx, invitee)]
        return Records(records=found)

    return router


async def _outbox(tx: Transaction, invitee: Invitee) -> list[Record]:
    waiting = int((await tx.run(_OUTBOX, key=invitee.key)).scalar_one())
    events = "1 event" if waiting == 1 else f"{waiting:,} events"
    return [Record(what="Outbox", state="waiting", detail=events)] if waiting else []
