"""Codes from an authenticator app (TOTP, RFC 6238): six digits, new every 30 seconds."""

import secrets
from datetime import datetime
from uuid import UUID

import pyotp
import segno

from chassis import telemetry
from chassis.database import Transaction
from chassis.security.seal import Seal, SealBrokenError
from services.portal_access import queries
from services.portal_access.models import Authenticator

_log = telemetry.logger("authenticators")

_DRIFT = (0, -1)
"""The code of now, and the one before: it takes people a while to type (RFC 6238, 5.2)."""


class Authenticators:
    """Secrets that apps share with us, sealed at rest."""

    def __init__(self, seal: Seal) -> None:
        self._seal = seal

    async def propose(self, tx: Transaction, account_id: UUID) -> None:
        """Make a secret for an app; nothing depends on it until `confirm`."""
        sealed = self._seal.close(pyotp.random_base32(), bound_to=account_id)
        await queries.authenticators.propose(tx, account_id, sealed)

    async def proposed(self, tx: Transaction, account_id: UUID) -> str | None:
        """Return the secret that an app is to be told, None when there is none to tell."""
        found = await queries.authenticators.of(tx, account_id)
        return self._secret_of(found) if found and found.confirmed_at is None else None

    async def confirm(self, tx: Transaction, account_id: UUID, code: str) -> bool:
        """Let the app count from now on, if its first code is right."""
        secret = await self.proposed(tx, account_id)
        step = step_of(secret, code, tx.now) if secret else None
        return step is not None and await queries.authenticators.confirm(tx, account_id, step)

    async def accepts(self, tx: Transaction, account_id: UUID, code: str) -> bool:
        """Tell whether a code is right now; it is used up then, and all before it."""
        found = await queries.authenticators.of(tx, account_id)
        secret = self._secret_of(found) if found and found.confirmed_at else None
        step = step_of(secret, code, tx.now) if secret else None
        return step is not None and await queries.authenticators.use(tx, account_id, step)

    def _secret_of(self, app: Authenticator) -> str | None:
        try:
            return self._seal.open(app.sealed_secret, bound_to=app.account_id)
        except SealBrokenError as error:
            _log.warning(
                "an app's secret cannot be opened: was the session secret changed?", exc=error
            )
            return None


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """Return the time step of which a code is, None if it is of none about now."""
    totp = pyotp.TOTP(secret)
    entered = "".join(code.split()).encode()
    steps = (totp.timecode(now) + drift for drift in _DRIFT)
    right = (s for s in steps if secrets.compare_digest(totp.generate_otp(s).encode(), entered))
    return next(right, None)


def address_of(secret: str, email: str, issuer: str) -> str:
    """Return what an app scans: whose codes these are, and the secret (otpauth:)."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


def picture_of(address: str) -> str:
    """Return an address as a QR code: a data: URI, dark on light in every theme."""
    drawn = segno.make(address, error="m", micro=False)
    return drawn.svg_data_uri(scale=5, dark="#000", light="#fff")
