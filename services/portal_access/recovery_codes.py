"""Recovery codes: ten for who has neither app nor passkey at hand, each good once.

A code's first character is its number, so that one hash is checked and not ten. The others are
hashed like passwords, for they have fewer than 112 random bits (OWASP ASVS 5.0, 6.5.2).
"""

import secrets
from uuid import UUID

from chassis.database import Database, Transaction
from chassis.security import passwords
from services.portal_access import queries

COUNT = 10

_LETTERS = "abcdefghjkmnpqrstvwxyz23456789"
"""Those that nobody takes for another when a code is read from paper."""
_RANDOM_LETTERS = 11
_GROUP = 4


def new_codes() -> list[str]:
    """Return ten new codes as they are shown, such as `0abc-defg-hjkm`."""
    return [_grouped(f"{number}{_random()}") for number in range(COUNT)]


async def hashes_of(codes: list[str]) -> list[str]:
    """Return what is stored of new codes; it takes about a second."""
    return [await passwords.hash_password(_plain(code)) for code in codes]


async def use(database: Database, account_id: UUID, entered: str) -> bool:
    """Use a code up; False when it is none of the account's, or was used before."""
    code = _plain(entered)
    number = int(code[0]) if code[:1].isascii() and code[:1].isdigit() else -1
    async with database.transaction() as tx:
        known = await queries.recovery_codes.one(tx, account_id, number)
    if not await passwords.matches(code, known.code_hash if known else None) or known is None:
        return False
    async with database.transaction() as tx:
        return await queries.recovery_codes.use(tx, known)


async def drop_if_useless(tx: Transaction, account_id: UUID) -> None:
    """Drop an account's codes when a password alone lets its holder in again."""
    if not (await queries.second_steps.methods(tx, account_id)).needed:
        await queries.recovery_codes.remove(tx, account_id)


def _random() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_RANDOM_LETTERS))


def _grouped(code: str) -> str:
    return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


def _plain(code: str) -> str:
    return "".join(filter(str.isalnum, code)).lower()
