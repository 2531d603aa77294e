"""The kinds of mails: what each is about, and where its link leads."""

from enum import StrEnum


class Kind(StrEnum):
    """What a mail says; those after the reminder are the notices of contracts/access.py."""

    INVITATION = "invitation"
    REMINDER = "reminder"
    VERIFY_EMAIL = "verify_email"
    EMAIL_CHANGED = "email_changed"
    MESSAGE_WAITING = "message_waiting"
    GUARDIAN_ACCESS_ENDED = "guardian_access_ended"
    GUARDIANS_ENDED = "guardians_ended"
    ACCESS_ENDED = "access_ended"


INVITES = frozenset({Kind.INVITATION, Kind.REMINDER})
"""Mails of an invitation: what becomes of them is published, and they end with it."""

SUBJECTS = {
    Kind.INVITATION: "Your invitation to the patient portal of {name}",
    Kind.REMINDER: "Reminder: your invitation to the patient portal of {name}",
    Kind.VERIFY_EMAIL: "Verify your e-mail address for the patient portal of {name}",
    Kind.EMAIL_CHANGED: "The e-mail address of your account at {name} was changed",
    Kind.MESSAGE_WAITING: "You have a new message in the patient portal of {name}",
    Kind.GUARDIAN_ACCESS_ENDED: "Your access as a guardian has ended in the portal of {name}",
    Kind.GUARDIANS_ENDED: "Your guardians' access has ended in the patient portal of {name}",
    Kind.ACCESS_ENDED: "Your access has ended in the patient portal of {name}",
}
"""Subjects name the sender and the portal, never a person or their health."""


def link(kind: Kind, portal_url: str, organization: str, token: str | None) -> str:
    """Return where a mail's button leads; a token stands in the fragment, which no server sees.

    Raises:
        ValueError: a mail of this kind needs a token, and there is none.
    """
    portal = portal_url.rstrip("/")
    if kind is not Kind.VERIFY_EMAIL and kind not in INVITES:
        return f"{portal}/{organization}/sign-in"
    if token is None:
        raise ValueError(f"a mail of the kind {kind} needs a token")
    return f"{portal}/{'accept' if kind in INVITES else 'verify-email'}#{token}"
