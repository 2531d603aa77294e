"""Who accepts an invitation gives the patient's date of birth, where the organisation wants that.

A try counts as wrong from its start, so that many at once get no further than one by one. Tries
are counted per invitation, whoever makes them; what is wrong too often locks all its links.
"""

from datetime import date, datetime, timedelta

from chassis.database import Database, Transaction
from contracts.access import InvitationLocked, InvitationLockedData, LockReason
from contracts.envelope import Invitee
from contracts.scopes import Role
from services.portal_access import queries, rules
from services.portal_access.birth_dates import BirthDates, Found
from services.portal_access.invitations import UnavailableError
from services.portal_access.models import Acceptance

_COMPARED_WITHIN = timedelta(seconds=30)


class BirthDateCheck:
    """Compares what invitees give, and locks links."""

    def __init__(self, database: Database, birth_dates: BirthDates) -> None:
        self._database = database
        self._birth_dates = birth_dates

    async def try_one(self, acceptance: Acceptance, given: date) -> int:
        """Try a date of birth; return how many more tries there are after one that was wrong.

        0 means that the acceptance itself tells how it goes on: the date was right, or the links
        are locked, or the last try is being compared just now.

        Raises:
            UnavailableError: nobody can tell now; the try does not count.
        """
        number = await self._count(acceptance)
        if number is None:
            return 0
        found = await self._compare(acceptance, given)
        async with self._database.transaction() as tx:
            return await _conclude(tx, acceptance, number, found)

    async def _count(self, acceptance: Acceptance) -> int | None:
        invitation_id, most = acceptance.invitation_id, rules.MOST_BIRTH_DATE_TRIES
        async with self._database.transaction() as tx:
            number = await queries.birth_dates.count_try(tx, invitation_id, most)
            if number is None:
                # The last try may be right. If nothing has come of it by now, nothing will.
                last_try = tx.now - _COMPARED_WITHIN
                await _lock(tx, acceptance, LockReason.BIRTH_DATE_WRONG, last_try)
        return number

    async def _compare(self, acceptance: Acceptance, given: date) -> Found:
        try:
            return await self._birth_dates.compare(acceptance, given)
        except UnavailableError:
            async with self._database.transaction() as tx:
                await queries.birth_dates.forgive_try(tx, acceptance.invitation_id)
            raise


async def _conclude(tx: Transaction, acceptance: Acceptance, number: int, found: Found) -> int:
    if found is Found.RIGHT:
        await queries.birth_dates.forgive_try(tx, acceptance.invitation_id)
        await queries.birth_dates.note_right(tx, acceptance.redemption_id)
        return 0
    if found is Found.MISSING:
        await _lock(tx, acceptance, LockReason.BIRTH_DATE_MISSING)
        return 0
    if number == rules.MOST_BIRTH_DATE_TRIES:
        await _lock(tx, acceptance, LockReason.BIRTH_DATE_WRONG)
    return rules.MOST_BIRTH_DATE_TRIES - number


async def _lock(
    tx: Transaction,
    acceptance: Acceptance,
    reason: LockReason,
    tried_before: datetime | None = None,
) -> None:
    if not await queries.birth_dates.lock(tx, acceptance.invitation_id, reason, tried_before):
        return
    invitee = Invitee(
        organization=acceptance.organization_id,
        chart=acceptance.chart_id,
        person=acceptance.person_id,
    )
    data = InvitationLockedData(
        invitee=invitee,
        invitation_id=acceptance.invitation_id,
        role=Role(acceptance.role),
        reason=reason,
        locked_at=tx.now,
    )
    tx.publish(InvitationLocked.of(data))
