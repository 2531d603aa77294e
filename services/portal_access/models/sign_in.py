"""portal_access's tables of how people prove who they are, besides a password."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field
from webauthn.helpers import bytes_to_base64url

from chassis.columns import time_column
from services.portal_access.models.tables import Table


class Authenticator(Table, table=True):
    """An app that makes codes (TOTP, RFC 6238); it counts once its first code was right."""

    __tablename__ = "authenticators"

    account_id: UUID = Field(primary_key=True, foreign_key="accounts.id")
    sealed_secret: str
    confirmed_at: datetime | None = time_column(default=None, nullable=True)
    last_step: int = 0
    """The time step of the newest code that was used: none is good twice."""


class Passkey(Table, table=True):
    """A passkey of an account (WebAuthn): its public key, and the name that its holder gave it."""

    __tablename__ = "passkeys"
    __table_args__ = (Index("passkeys_account", "account_id"),)

    credential_id: bytes = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="accounts.id")
    name: str
    public_key: bytes
    sign_count: int = Field(default=0, sa_type=BigInteger)
    transports: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    created_at: datetime = time_column()
    last_used_at: datetime | None = time_column(default=None, nullable=True)

    @property
    def id_in_text(self) -> str:
        """The credential's id as browsers and forms have it (base64url)."""
        return bytes_to_base64url(self.credential_id)


class RecoveryCode(Table, table=True):
    """A code for who has neither app nor passkey at hand; it goes when it is used."""

    __tablename__ = "recovery_codes"

    account_id: UUID = Field(primary_key=True, foreign_key="accounts.id")
    number: int = Field(primary_key=True)
    code_hash: str


class Purpose(StrEnum):
    """What a ceremony is for."""

    ADD_PASSKEY = "add_passkey"
    SIGN_IN = "sign_in"


class Ceremony(Table, table=True):
    """A challenge that a browser was sent, for the one time that it can be answered."""

    __tablename__ = "ceremonies"
    __table_args__ = (Index("ceremonies_expires_at", "expires_at"),)

    name_hash: bytes = Field(primary_key=True)
    purpose: str
    challenge: bytes
    expires_at: datetime = time_column()


class SecondStep(Table, table=True):
    """Somebody whose password was right, and who has yet to take the second step."""

    __tablename__ = "second_steps"
    __table_args__ = (Index("second_steps_expires_at", "expires_at"),)

    name_hash: bytes = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="accounts.id")
    invitation_id: UUID | None = None
    """The invitation that they go on to accept, if they came from one."""
    expires_at: datetime = time_column()
