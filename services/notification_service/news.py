"""What other services hear of a mail; of a notice they hear nothing."""

from contracts.deliveries import (
    InvitationBounced,
    InvitationBouncedData,
    InvitationReminderSent,
    InvitationReminderSentData,
    InvitationSent,
    InvitationSentData,
)
from contracts.envelope import CloudEvent, utc_now
from services.notification_service.kinds import Kind
from services.notification_service.queries.due import DueMail, MailedInvitation


def sent(mail: DueMail, message_id: str) -> list[CloudEvent]:
    """Return the news that the mail server took a mail."""
    if mail.invitation is None:
        return []
    named = _named(mail.invitation) | {"message_id": message_id, "sent_at": utc_now()}
    if mail.kind is Kind.REMINDER:
        reminder = InvitationReminderSentData.model_validate(named)
        return [InvitationReminderSent.of(reminder, traceparent=mail.traceparent)]
    data = InvitationSentData.model_validate(named)
    return [InvitationSent.of(data, traceparent=mail.traceparent)]


def bounced(mail: DueMail, smtp_code: int, message: str) -> list[CloudEvent]:
    """Return the news that a mail will never arrive, with a sentence for staff."""
    if mail.invitation is None:
        return []
    more = {"smtp_code": smtp_code, "message": message, "bounced_at": utc_now()}
    data = InvitationBouncedData.model_validate(_named(mail.invitation) | more)
    return [InvitationBounced.of(data, traceparent=mail.traceparent)]


def _named(invitation: MailedInvitation) -> dict[str, object]:
    return {
        "invitee": invitation.invitee,
        "invitation_id": invitation.id,
        "role": invitation.role,
    }
