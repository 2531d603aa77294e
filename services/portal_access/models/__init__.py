"""portal_access's tables."""

from services.portal_access.models.acceptances import (
    Acceptance,
    BirthDateTries,
    RefusedLink,
    Registration,
)
from services.portal_access.models.accounts import Account, Connection, EmailChange
from services.portal_access.models.history import AccountEvent, Happened
from services.portal_access.models.organizations import Brand, Person, Policy
from services.portal_access.models.passwords import PasswordReset, SignInAttempts
from services.portal_access.models.sign_in import (
    Authenticator,
    Ceremony,
    Passkey,
    Purpose,
    RecoveryCode,
    SecondStep,
)
from services.portal_access.models.tables import Table

__all__ = [
    "Acceptance",
    "Account",
    "AccountEvent",
    "Authenticator",
    "BirthDateTries",
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
    "RefusedLink",
    "Registration",
    "SecondStep",
    "SignInAttempts",
    "Table",
]
