"""The second step of signing in: after the right password, a code from an app or a recovery code.

A passkey lets people in by itself, with or without a password before it.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from chassis.database import Database, Transaction
from chassis.security.tokens import hash_of, new_token
from services.portal_access import account_news, queries, recovery_codes, throttle
from services.portal_access.authenticators import Authenticators
from services.portal_access.models import Account, Brand, Happened, SecondStep
from services.portal_access.queries.second_steps import Methods
from services.portal_access.sign_in import Refusal

LIFE = timedelta(minutes=10)
"""How long the second step may take."""

_COOKIE = "portico_portal_step"


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody whose password was right: who, and what else they have."""

    step: SecondStep
    account: Account
    brand: Brand
    methods: Methods


class SecondSteps:
    """Holds those back whose password alone is not enough, until they prove more."""

    def __init__(self, database: Database, apps: Authenticators, *, secure: bool) -> None:
        self._database = database
        self._apps = apps
        self._secure = secure

    async def begin(self, response: Response, account_id: UUID, invitation_id: UUID | None) -> bool:
        """Ask for the second step if the account has one; tell whether it has.

        With an invitation, they go on to accept it.
        """
        name = new_token()
        async with self._database.transaction() as tx:
            if not (await queries.second_steps.methods(tx, account_id)).needed:
                return False
            new = SecondStep(
                name_hash=hash_of(name),
                account_id=account_id,
                invitation_id=invitation_id,
                expires_at=tx.now + LIFE,
            )
            await queries.second_steps.begin(tx, new)
        response.set_cookie(
            _COOKIE,
            name,
            max_age=int(LIFE.total_seconds()),
            httponly=True,
            samesite="lax",
            secure=self._secure,
        )
        return True

    async def standing(self, request: Request) -> Standing | None:
        """Return who a browser's owner is about to be, None when it is too late or never began."""
        async with self._database.transaction() as tx:
            step = await queries.second_steps.one(tx, _name_hash(request))
            if step is None:
                return None
            account = await queries.accounts.account_with_open_portal(tx, step.account_id)
            if account is None:
                return None
            brand = await queries.brands.brand(tx, account.organization_id)
            methods = await queries.second_steps.methods(tx, account.id)
        assert brand is not None  # its portal is open
        return Standing(step, account, brand, methods)

    async def check_code(
        self, standing: Standing, code: str, network_address: str
    ) -> Refusal | None:
        """Return why a code of the app does not let somebody in, None when it does."""
        counted, refusal = await self._count(standing, network_address)
        if refusal:
            return refusal
        async with self._database.transaction() as tx:
            if not await self._apps.accepts(tx, standing.account.id, code):
                return Refusal.WRONG
            return await _end(tx, standing, counted)

    async def check_recovery_code(
        self, standing: Standing, code: str, network_address: str
    ) -> Refusal | None:
        """Return why a recovery code does not let somebody in, None when it does."""
        counted, refusal = await self._count(standing, network_address)
        if refusal:
            return refusal
        if not await recovery_codes.use(self._database, standing.account.id, code):
            return Refusal.WRONG
        async with self._database.transaction() as tx:
            await account_news.note(tx, standing.account, Happened.RECOVERY_CODE_USED)
            return await _end(tx, standing, counted)

    async def of(self, request: Request) -> SecondStep | None:
        """Return the second step that a browser has yet to take."""
        async with self._database.transaction() as tx:
            return await queries.second_steps.one(tx, _name_hash(request))

    async def drop(self, request: Request, response: Response) -> None:
        """Forget the second step that a browser had yet to take, as its owner is in."""
        if _COOKIE in request.cookies:
            async with self._database.transaction() as tx:
                await queries.second_steps.end(tx, _name_hash(request))
            response.delete_cookie(_COOKIE, httponly=True, samesite="lax", secure=self._secure)

    async def _count(
        self, standing: Standing, network_address: str
    ) -> tuple[tuple[str, str], Refusal | None]:
        account = standing.account
        counted = throttle.sources(
            account.organization_id, account.email_key, network_address, "second step "
        )
        async with self._database.transaction() as tx:
            may_go_on = await throttle.count(tx, counted, throttle.MOST_CODES)
        return counted, None if may_go_on else Refusal.THROTTLED


def _name_hash(request: Request) -> bytes:
    return hash_of(request.cookies.get(_COOKIE, ""))


async def _end(tx: Transaction, standing: Standing, counted: tuple[str, str]) -> Refusal | None:
    # Whoever comes second with the same step, or too late, has not taken it.
    if not await queries.second_steps.end(tx, standing.step.name_hash):
        return Refusal.WRONG
    await throttle.forgive(tx, counted, tx.now)
    return None
