"""Reading the forms of My messages: what is wrong with one, and why a message is not taken."""

from chassis.web.languages import gettext, marked
from services.portal_access.charts import ChartRefusedError

Errors = list[tuple[str, str]]
"""Pairs of a field's id and what is wrong with it."""

LONGEST_MESSAGE = 10_000
LONGEST_SUBJECT = 200
"""As chart_service has them, in characters."""

_RECIPIENT = marked("This person receives no messages now. Choose somebody else")
_REFUSALS = {
    "recipient_unknown": ("recipient", _RECIPIENT),
    "invalid_request": ("recipient", _RECIPIENT),  # all else was looked at here before
    "messages_throttled": (
        "body",
        marked("You have sent many messages in a short time. Wait 15 minutes and try again"),
    ),
}
"""By the codes of chart_service's problems: the field, and what is said."""


def cleaned(body: str) -> str:
    """Return a message without what browsers and clipboards add to it."""
    return body.replace("\r\n", "\n").replace("\x00", "").strip()


def on_one_line(subject: str) -> str:
    """Return a subject without line breaks and signs that cannot be seen."""
    return "".join(filter(str.isprintable, " ".join(subject.split())))


def wrong_with_body(body: str) -> Errors:
    """Return what is wrong with a message."""
    if not body:
        return [("body", gettext("Write your message"))]
    if len(body) > LONGEST_MESSAGE:
        return [("body", gettext("Write a message of at most 10,000 characters"))]
    return []


def wrong_with(recipient: str, subject: str, body: str) -> Errors:
    """Return what is wrong with a message to somebody."""
    errors = [] if recipient else [("recipient", gettext("Choose who gets the message"))]
    if len(subject) > LONGEST_SUBJECT:
        errors.append(("subject", gettext("Write a subject of at most 200 characters")))
    return errors + wrong_with_body(body)


def refusal(error: ChartRefusedError) -> Errors:
    """Return why a message is not taken, and what to do, in the visitor's language."""
    field, sentence = _REFUSALS.get(error.code, ("body", error.sentence))
    return [(field, gettext(sentence))]
