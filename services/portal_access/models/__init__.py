"""portal_access's tables."""

from services.portal_access.models.portal import (
    Acceptance,
    Account,
    AccountEvent,
    Brand,
    Connection,
    EmailChange,
    Happened,
    PasswordReset,
    Person,
    Policy,
    Registration,
    SignInAttempts,
    Table,
)
from services.portal_access.models.sign_in import (
    Authenticator,
    Ceremony,
    Passkey,
    Purpose,
    RecoveryCode,
    SecondStep,
)

__all__ = [
    "Acceptance",
    "Account",
    "AccountEvent",
    "Authenticator",
    "Brand",
    "Ceremony",
    "Connection",
    "EmailChange",
    "Happened",
    "Passkey",
    "PasswordReset",
    "Person",
    "Policy",
    "Purpose",
    "RecoveryCode",
    "Registration",
    "SecondStep",
    "SignInAttempts",
    "Table",
]
