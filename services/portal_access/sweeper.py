"""What is over by the clock: sessions, acceptances and registrations that nobody finished."""

from datetime import timedelta

from chassis import inbox
from chassis.database import Database
from chassis.web import sessions
from services.portal_access import queries, rules, throttle

_UNVERIFIED_SHOWN_FOR = timedelta(days=30)


async def sweep(database: Database) -> None:
    """Drop what nobody needs any more."""
    async with database.transaction() as tx:
        await sessions.forget_ended(tx)
        await queries.password_resets.forget_old(tx)
        await queries.second_steps.forget_before(tx, tx.now)
        await queries.ceremonies.forget_before(tx, tx.now)
        await queries.sweeping.forget_before(
            tx,
            acceptances=tx.now - rules.ACCEPTANCE_LIFE,
            # A registration whose redemption was never answered may still be accepted, for as
            # long as the topic can bring the news.
            registrations=tx.now - inbox.KEPT_FOR,
            birth_date_tries=tx.now - rules.BIRTH_DATE_TRIES_KEPT,
            asks=tx.now - rules.ASKED_ANEW_AFTER,
            attempts=tx.now - throttle.WINDOW - timedelta(hours=1),
        )
        # Until then administrators see that an address was not verified in time.
        await queries.email_changes.forget_before(tx, tx.now - _UNVERIFIED_SHOWN_FOR)
