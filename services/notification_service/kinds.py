"""The kinds of mails: what each is about, and where its link leads."""

from enum import StrEnum

from chassis.web.languages import QUERY, marked


class Kind(StrEnum):
    """What a mail says; those after the reminder are the notices of contracts/access.py."""

    INVITATION = "invitation"
    REMINDER = "reminder"
    VERIFY_EMAIL = "verify_email"
    EMAIL_CHANGED = "email_changed"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - what happens
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - what happens
    SIGN_IN_CHANGED = "sign_in_changed"
    MESSAGE_WAITING = "message_waiting"
    GUARDIAN_ACCESS_ENDED = "guardian_access_ended"
    GUARDIANS_ENDED = "guardians_ended"
    ACCESS_ENDED = "access_ended"


INVITES = frozenset({Kind.INVITATION, Kind.REMINDER})
"""Mails of an invitation: what becomes of them is published, and they end with it."""

SUBJECTS = {
    Kind.INVITATION: marked("Your invitation to the patient portal of {name}"),
    Kind.REMINDER: marked("Reminder: your invitation to the patient portal of {name}"),
    Kind.VERIFY_EMAIL: marked("Verify your e-mail address for the patient portal of {name}"),
    Kind.EMAIL_CHANGED: marked("The e-mail address of your account at {name} was changed"),
    Kind.RESET_PASSWORD: marked("Choose a new password for the patient portal of {name}"),
    Kind.PASSWORD_CHANGED: marked("The password of your account at {name} was changed"),
    Kind.SIGN_IN_CHANGED: marked("How you sign in at {name} was changed"),
    Kind.MESSAGE_WAITING: marked("You have a new message in the patient portal of {name}"),
    Kind.GUARDIAN_ACCESS_ENDED: marked(
        "Your access as a guardian has ended in the portal of {name}"
    ),
    Kind.GUARDIANS_ENDED: marked(
        "Your guardians' access has ended in the patient portal of {name}"
    ),
    Kind.ACCESS_ENDED: marked("Your access has ended in the patient portal of {name}"),
}
"""Subjects name the sender and the portal, never a person or their health."""

_PAGES = {
    Kind.INVITATION: "accept",
    Kind.REMINDER: "accept",
    Kind.VERIFY_EMAIL: "verify-email",
    Kind.RESET_PASSWORD: "reset-password",
}
"""The page of the portal that takes a mail's token, of mails that have one."""


def link(
    kind: Kind, portal_url: str, organization: str, token: str | None, language: str | None = None
) -> str:
    """Return where a mail's button leads; a token stands in the fragment, which no server sees.

    The page is in the language of the mail, if somebody said which that is.

    Raises:
        ValueError: a mail of this kind needs a token, and there is none.
    """
    portal = portal_url.rstrip("/")
    query = f"?{QUERY}={language}" if language else ""
    if kind not in _PAGES:
        return f"{portal}/{organization}/sign-in{query}"
    if token is None:
        raise ValueError(f"a mail of the kind {kind} needs a token")
    return f"{portal}/{_PAGES[kind]}{query}#{token}"
