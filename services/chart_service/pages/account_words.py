"""How the pages of portal accounts say what happened, why, and who did it."""

from contracts.access import AccessEndReason
from services.chart_service.account_view import AccountView
from services.chart_service.portal_accounts import Details, Happened

_HAPPENED = {
    "created": "Account created",
    "signed_in": "Signed in",
    "connected": "Connected to the chart",
    "disconnected": "Disconnected from the chart",
    "disabled": "Account disabled",
    "enabled": "Account enabled",
    "email_change_asked": "New e-mail address entered, verification sent",
    "email_changed": "New e-mail address verified",
    "password_reset_asked": "New password asked for",
    "password_changed": "Password changed",
    "phone_changed": "Phone number changed",
    "authenticator_added": "Authenticator app added",
    "authenticator_removed": "Authenticator app removed",
    "passkey_added": "Passkey added",
    "passkey_removed": "Passkey removed",
    "recovery_codes_made": "Recovery codes made",
    "recovery_code_used": "Signed in with a recovery code",
    "second_step_removed": "Two-step sign-in removed",
}
_BECAUSE = {
    AccessEndReason.DISCONNECTED: "by an administrator",
    AccessEndReason.RELATIONSHIP_ENDED: "the relationship to the patient ended",
    AccessEndReason.RELATIONSHIP_NOT_ELIGIBLE: "the relationship gives this role no longer",
    AccessEndReason.PATIENT_DECEASED: "the patient is deceased",
    AccessEndReason.PATIENT_DISCHARGED: "the patient was discharged",
    AccessEndReason.PATIENT_OF_AGE: "the patient came of age",
}


def happened(line: Happened) -> str:
    """Return what happened, and why if there is a reason."""
    what = _HAPPENED.get(line.what, line.what)
    return f"{what}: {_BECAUSE[AccessEndReason(line.reason)]}" if line.reason else what


def who(line: Happened, view: AccountView) -> str:
    """Return who did it: a member of staff by name, the account's holder, or nobody."""
    kind = line.actor.partition(":")[0]
    if kind == "staff":
        return view.staff.get(line.actor, "A former member of staff")
    return "Account holder" if kind == "portal" else "Automatic"


def status(account: Details) -> tuple[str, str]:
    """Return the kind and the label of the badge of an account's state."""
    return ("success", "Active") if account.is_active else ("danger", "Disabled")
