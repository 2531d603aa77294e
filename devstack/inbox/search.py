"""Search terms as in Mailpit: to:, from:, cc:, subject:, message-id:, and plain words.

Terms are separated by spaces and must all match; quotes keep a phrase together, as in
subject:"Your invitation" or "to:a@example.org". A leading - or ! turns a term around.
"""

import re
from collections.abc import Callable, Iterable

from devstack.inbox.mail import Mail

TERM = re.compile(r'(?:"[^"]*"|[^\s"])+')

FIELDS: dict[str, Callable[[Mail], str]] = {
    "to": lambda mail: _people(mail, "To"),
    "from": lambda mail: _people(mail, "From"),
    "cc": lambda mail: _people(mail, "Cc"),
    "reply-to": lambda mail: _people(mail, "Reply-To"),
    "subject": lambda mail: mail.subject,
    "message-id": lambda mail: mail.message_id,
}


def find(mails: Iterable[Mail], query: str) -> list[Mail]:
    """Return the mails that match every term of the query, in the order given."""
    terms = [term.replace('"', "").lower() for term in TERM.findall(query)]
    return [mail for mail in mails if all(_matches(mail, term) for term in terms if term)]


def _matches(mail: Mail, term: str) -> bool:
    if len(term) > 1 and term[0] in "-!":
        return not _matches(mail, term[1:])
    name, colon, value = term.partition(":")
    field = FIELDS.get(name) if colon else None
    if field is None:
        return term in mail.searchable
    return value.strip() in field(mail).lower()


def _people(mail: Mail, header: str) -> str:
    return " ".join(f"{entry.name} {entry.address}" for entry in mail.addresses(header))
