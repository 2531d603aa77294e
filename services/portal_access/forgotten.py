"""A forgotten password: a link to the account's address, and another password by the link.

As for /accept, the token is in the link's fragment, and only the button's POST uses it.
"""

from uuid import UUID

from chassis.database import Database, Transaction
from chassis.security import passwords
from chassis.security.seal import Seal
from chassis.security.tokens import hash_of, new_token
from chassis.web import sessions
from contracts.access import NoticeKind
from services.portal_access import account_news, notices, queries, rules, throttle
from services.portal_access.models import Account, Happened
from services.portal_access.notices import Link


class Forgotten:
    """Links for a new password: made, and used."""

    def __init__(self, database: Database, seal: Seal) -> None:
        self._database = database
        self._seal = seal

    async def ask(self, organization: str, email: str, network_address: str) -> bool:
        """Send a link to an address if an account has it; tell whether that may be asked for.

        What comes back does not depend on whether there is an account.
        """
        key = rules.email_key(email)
        counted = throttle.sources(organization, key, network_address, "forgotten ")
        async with self._database.transaction() as tx:
            may_go_on = await throttle.count(tx, counted, throttle.MOST_MAILS)
            account = await queries.accounts.account(tx, organization, key)
            if may_go_on and account is not None and account.is_active:
                await self._send(tx, account)
        return may_go_on

    async def names_by(self, token: str) -> tuple[str, ...] | None:
        """Return the names that a link's password must not be, None when it works no longer.

        The link goes on to work.
        """
        async with self._database.transaction() as tx:
            account_id = await queries.password_resets.account_of(tx, hash_of(token))
            account = await _account(tx, account_id) if account_id else None
            if account is None:
                return None
            brand = await queries.brands.brand(tx, account.organization_id)
        return (account.email, brand.name if brand else "")

    async def choose(self, token: str, password: str) -> str | None:
        """Change the password by a link; return the account's organisation, None if it is over.

        All sessions end, and the account's address is told.
        """
        password_hash = await passwords.hash_password(password)
        async with self._database.transaction() as tx:
            account_id = await queries.password_resets.take(tx, hash_of(token))
            account = await _account(tx, account_id) if account_id else None
            if account is None or not account.is_active:
                return None
            await change(tx, account, password_hash)
        return account.organization_id

    async def _send(self, tx: Transaction, account: Account) -> None:
        token, expires_at = new_token(), tx.now + rules.PASSWORD_RESET_LIFE
        await queries.password_resets.ask(tx, account.id, hash_of(token), expires_at)
        holder = await queries.connections.holder(tx, account)
        link = Link(account.email, token, expires_at)
        kind = NoticeKind.RESET_PASSWORD
        tx.publish(notices.with_link(kind, account, holder, link, self._seal))
        await account_news.note(tx, account, Happened.PASSWORD_RESET_ASKED)


async def change(
    tx: Transaction, account: Account, password_hash: str, kept: str | None = None
) -> None:
    """Give an account another password, and tell its address.

    Its sessions end, but for the one whose token is kept; so does a sign-in that waits for its
    second step, and a link for another password.
    """
    await queries.accounts.change_password(tx, account.id, password_hash)
    await sessions.end_all(tx, str(account.id), kept)
    await queries.second_steps.end_all(tx, account.id)
    await queries.password_resets.forget(tx, account.id)
    await account_news.note(tx, account, Happened.PASSWORD_CHANGED)
    await account_news.tell(tx, account, NoticeKind.PASSWORD_CHANGED)


async def _account(tx: Transaction, account_id: UUID) -> Account | None:
    return await queries.accounts.account_with_open_portal(tx, account_id)
