"""An invitee's way from the token to a connected account; each step can be taken again.

The redemption's id is made at the first step and stays, so that a lost answer, a second press or
a crash in between never leaves an invitation used up without an account.
"""

import asyncio
from dataclasses import dataclass
from uuid import UUID, uuid4

from chassis.database import Database, Transaction
from chassis.security import passwords
from chassis.security.seal import Seal, SealBrokenError
from chassis.security.tokens import hash_of, new_token
from contracts.scopes import Role
from services.portal_access import queries, rules
from services.portal_access.invitations import FoundInvitation, Invitations, RefusedError
from services.portal_access.models import Acceptance, Account, Brand, Registration
from services.portal_access.rules import Agreement

WAIT_SECONDS = 10.0
"""How long a page waits for the connection before it asks for patience."""

OVER = "over"
"""The reason when an acceptance is not there any more: the link must be opened again."""
PORTAL_OFF = "portal_off"
"""The reason when the organisation has switched its portal off."""

_PASSING = frozenset({"throttled", PORTAL_OFF})
"""Reasons that leave the invitation as it is: the same step may be taken later."""
_LOOK_EVERY_SECONDS = 0.1


@dataclass(frozen=True)
class Step:
    """Where a visitor stands: the acceptance, who invites, and the account of the address."""

    acceptance: Acceptance
    brand: Brand
    account: Account | None
    newest: Agreement
    """Which versions of the texts hold now."""
    patients_name: str | None
    """The first name of the patient whose chart it is; None until news of them has come."""

    @property
    def is_own_chart(self) -> bool:
        """Whether the invitee is the patient."""
        return self.acceptance.role == Role.PATIENT

    @property
    def birth_date_needed(self) -> bool:
        """Whether the patient's date of birth is to be given before anything else."""
        return self.brand.birth_date_check and not self.acceptance.birth_date_given


class Acceptances:
    """Takes invitees through."""

    def __init__(self, database: Database, invitations: Invitations, seal: Seal) -> None:
        self._database = database
        self._invitations = invitations
        self._seal = seal

    async def begin(self, token: str, found: FoundInvitation, old_visitor: str | None) -> str:
        """Begin with an open invitation; return the visitor's new secret name.

        A new name each time, for one that came with the request may be known to others.
        """
        visitor = new_token()
        key = rules.email_key(found.email)
        async with self._database.transaction() as tx:
            account = await queries.accounts.account(tx, found.organization, key)
            new = Acceptance(
                redemption_id=uuid4(),
                visitor_hash=hash_of(visitor),
                sealed_token=self._seal.close(token, bound_to=found.invitation_id),
                account_id=account.id if account else uuid4(),
                invitation_id=found.invitation_id,
                organization_id=found.organization,
                chart_id=found.chart,
                person_id=found.person,
                role=found.role,
                email=found.email.strip(),
                email_key=key,
                created_at=tx.now,
            )
            await queries.acceptances.begin_acceptance(
                tx, new, hash_of(old_visitor) if old_visitor else None
            )
        return visitor

    async def step(self, visitor: str, invitation_id: UUID | None) -> Step:
        """Return where a visitor stands with an invitation, or with the newest of several.

        Raises:
            RefusedError: they began none, or too long ago; the portal is off; the link is locked.
        """
        async with self._database.transaction() as tx:
            begun_after = tx.now - rules.ACCEPTANCE_LIFE
            found = await queries.acceptances.acceptance(
                tx, hash_of(visitor), invitation_id, begun_after
            )
            if found is None:
                raise RefusedError(OVER)
            brand = await queries.brands.brand(tx, found.organization_id)
            account = await queries.accounts.account(tx, found.organization_id, found.email_key)
            newest = await queries.policies.newest(tx, found.organization_id)
            lock = await _lock_of(tx, found)
            name = await queries.people.patients_name(tx, found.organization_id, found.chart_id)
        if brand is None or not brand.portal_enabled:
            raise RefusedError(PORTAL_OFF, found.organization_id)
        if lock:
            raise RefusedError(lock, found.organization_id, found.invitation_id)
        return Step(found, brand, account, newest, name)

    async def register(
        self, acceptance: Acceptance, password: str, agreement: Agreement, address: str
    ) -> None:
        """Accept with an account that comes into being by it; the texts are agreed to now.

        Raises:
            RefusedError: the invitation cannot be accepted any more; nothing is left behind.
            UnavailableError: nobody can tell now; the same step again goes on from here.
        """
        password_hash = await passwords.hash_password(password)
        async with self._database.transaction() as tx:
            locked = await _locked(acceptance, tx)
            if not locked.redeemed:
                new = _registration(locked, password_hash, agreement, tx)
                await queries.acceptances.keep_registration(tx, new)
        await self._redeem(locked, address)

    async def accept_with(self, acceptance: Acceptance, account: Account, address: str) -> None:
        """Accept with the account that the address has already.

        Raises:
            RefusedError, UnavailableError: as for `register`.
        """
        async with self._database.transaction() as tx:
            locked = await _locked(acceptance, tx)
            await queries.acceptances.use_account(tx, locked, account.id)
        await self._redeem(locked, address)

    async def connected_account(self, acceptance: Acceptance) -> UUID | None:
        """Wait for the connection; return whose it is, None if it takes too long."""
        clock = asyncio.get_running_loop()
        until = clock.time() + WAIT_SECONDS
        account_id = await self._connected(acceptance)
        # Any instance may make the connection, so the database is asked.
        while account_id is None and clock.time() < until:
            await asyncio.sleep(_LOOK_EVERY_SECONDS)
            account_id = await self._connected(acceptance)
        return account_id

    async def end(self, acceptance: Acceptance) -> None:
        """Forget an acceptance that has come to its end."""
        async with self._database.transaction() as tx:
            await queries.acceptances.end_acceptance(tx, acceptance.redemption_id)

    async def _redeem(self, acceptance: Acceptance, address: str) -> None:
        if acceptance.sealed_token is None:
            return
        redemption_id = acceptance.redemption_id
        try:
            token = self._seal.open(acceptance.sealed_token, bound_to=acceptance.invitation_id)
            await self._invitations.redeem(token, redemption_id, acceptance.account_id, address)
        except SealBrokenError as error:
            raise RefusedError(OVER) from error
        except RefusedError as error:
            organization, lasting = acceptance.organization_id, error.reason not in _PASSING
            if lasting:
                await self._give_up(acceptance, error.reason)
            invitation_id = acceptance.invitation_id if lasting else None
            raise RefusedError(error.reason, organization, invitation_id) from error
        async with self._database.transaction() as tx:
            await queries.acceptances.forget_token(tx, redemption_id)

    async def _give_up(self, acceptance: Acceptance, reason: str) -> None:
        async with self._database.transaction() as tx:
            await queries.acceptances.drop_registrations(tx, [acceptance.redemption_id])
            await queries.refused_links.keep_acceptance(tx, acceptance.redemption_id, reason)
            await queries.acceptances.end_acceptance(tx, acceptance.redemption_id)

    async def _connected(self, acceptance: Acceptance) -> UUID | None:
        async with self._database.transaction() as tx:
            return await queries.connections.account_connected_by(
                tx, acceptance.organization_id, acceptance.invitation_id
            )


async def _locked(acceptance: Acceptance, tx: Transaction) -> Acceptance:
    # Two presses at once, in whatever form, must redeem with one and the same account id.
    found = await queries.acceptances.lock_acceptance(tx, acceptance.redemption_id)
    if found is None:
        raise RefusedError(OVER)
    return found


async def _lock_of(tx: Transaction, acceptance: Acceptance) -> str | None:
    if acceptance.redeemed:
        return None
    lock = await queries.birth_dates.lock_reason(tx, acceptance.invitation_id)
    if lock:
        await queries.refused_links.keep_acceptance(tx, acceptance.redemption_id, lock)
    return lock


def _registration(
    acceptance: Acceptance, password_hash: str, agreement: Agreement, tx: Transaction
) -> Registration:
    return Registration(
        redemption_id=acceptance.redemption_id,
        account_id=acceptance.account_id,
        organization_id=acceptance.organization_id,
        email=acceptance.email,
        email_key=acceptance.email_key,
        password_hash=password_hash,
        terms_accepted_at=tx.now,
        terms_version=agreement.terms,
        privacy_version=agreement.privacy,
        created_at=tx.now,
    )
