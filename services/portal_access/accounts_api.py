"""The API for chart_service: an organisation's accounts and what administrators do. Signed calls.

A search is a POST: an address in a URL would stay in logs.
"""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field, ValidationError

from chassis.database import Database, Transaction
from chassis.security.call_verifier import Verifier
from chassis.security.seal import Seal
from chassis.web.problems import ProblemError
from contracts.envelope import Identifier
from services.portal_access import accounts, queries, rules
from services.portal_access.accounts import Admin
from services.portal_access.models import Account
from services.portal_access.schemas import (
    AccountAnswer,
    AccountDetails,
    ChangeAnswer,
    ConnectionAnswer,
    Disconnection,
    Found,
    HistoryLine,
    NewEmail,
    Search,
)

_LISTED = set(AccountAnswer.model_fields) - {"connections"}


def routes(database: Database, verifier: Verifier, seal: Seal) -> APIRouter:
    """Return the API over this database, for calls that the verifier knows."""
    router = APIRouter(prefix="/api/v1/accounts")

    async def admin_of(request: Request) -> Admin:
        try:
            return _Claims.model_validate(await verifier.claims(request)).admin()
        except ValidationError as error:
            sentence = "The signed call names no organisation and no actor."
            raise ProblemError(403, "claims_missing", sentence) from error

    ForAdmin = Annotated[Admin, Depends(admin_of)]  # noqa: N806 - a type

    @router.post("/search")
    async def search(admin: ForAdmin, body: Search) -> Found:
        """Return a page of the organisation's accounts, by address."""
        part = rules.email_key(body.q)
        active = None if body.status is None else body.status == "active"
        offset = (body.page - 1) * body.size
        async with database.transaction() as tx:
            total = await queries.search.count(tx, admin.organization, part, active)
            rows = await queries.search.page(
                tx, admin.organization, part, active, body.size, offset
            )
            return Found(total=total, accounts=await _listed(tx, admin, rows))

    @router.get("/{account}")
    async def details(admin: ForAdmin, account: UUID) -> AccountDetails:
        """Return an account with its connections and history."""
        async with database.transaction() as tx:
            row = await accounts.locked(tx, admin, account)
            [listed] = await _listed(tx, admin, [row])
            change = await queries.email_changes.pending(tx, account)
            history = await queries.history.newest(tx, admin.organization, account)
            methods = await queries.second_steps.methods(tx, account)
        return AccountDetails(
            **dict(listed),
            terms_accepted_at=row.terms_accepted_at,
            phone=row.phone,
            second_step=methods.needed,
            email_change=ChangeAnswer.of(change) if change else None,
            history=[HistoryLine.of(line) for line in history],
        )

    @router.post("/{account}/disable", status_code=204)
    async def disable(admin: ForAdmin, account: UUID) -> None:
        """Let nobody in by this account; doing it twice is doing it once."""
        async with database.transaction() as tx:
            await accounts.disable(tx, admin, account)

    @router.post("/{account}/enable", status_code=204)
    async def enable(admin: ForAdmin, account: UUID) -> None:
        """Let its holder in again; doing it twice is doing it once."""
        async with database.transaction() as tx:
            await accounts.enable(tx, admin, account)

    @router.post("/{account}/second-step/remove", status_code=204)
    async def remove_second_step(admin: ForAdmin, account: UUID) -> None:
        """Let its holder in by the password alone; doing it twice is doing it once."""
        async with database.transaction() as tx:
            await accounts.remove_second_step(tx, admin, account)

    @router.post("/{account}/disconnect", status_code=204)
    async def disconnect(admin: ForAdmin, account: UUID, body: Disconnection) -> None:
        """Take one chart away from this account."""
        async with database.transaction() as tx:
            await accounts.disconnect(tx, admin, account, body.chart, body.role)

    @router.post("/{account}/email-change")
    async def change_email(admin: ForAdmin, account: UUID, body: NewEmail) -> ChangeAnswer:
        """Ask the holder of a new address to verify it."""
        async with database.transaction() as tx:
            change = await accounts.ask_for_email(tx, admin, account, body.email, seal)
        return ChangeAnswer.of(change)

    @router.post("/{account}/email-change/resend")
    async def resend(admin: ForAdmin, account: UUID) -> ChangeAnswer:
        """Send the mail to the new address again; only the newest link works."""
        async with database.transaction() as tx:
            return ChangeAnswer.of(await accounts.ask_again(tx, admin, account, seal))

    return router


class _Claims(BaseModel):
    organization: Identifier
    actor: str = Field(pattern=r"^staff:[A-Za-z0-9-]{1,64}$")

    def admin(self) -> Admin:
        return Admin(self.organization, self.actor)


async def _listed(tx: Transaction, admin: Admin, rows: Sequence[Account]) -> list[AccountAnswer]:
    ids = [row.id for row in rows]
    by_account: dict[UUID, list[ConnectionAnswer]] = {account: [] for account in ids}
    for connection in await queries.search.connections_of(tx, admin.organization, ids):
        by_account[connection.account_id].append(ConnectionAnswer.of(connection))
    return [
        AccountAnswer(**row.model_dump(include=_LISTED), connections=by_account[row.id])
        for row in rows
    ]
