"""Where a mail goes, what becomes of it by the mail server's answer, and when it is tried again."""

import random
import re
from datetime import timedelta

from email_validator import validate_email

_PERMANENT = frozenset({550, 551, 553, 554, 556})
"""Replies on a recipient or its mail that no retry mends (RFC 5321 4.2.3, RFC 7504).

Others of the 5xx class (say, 530: authentication required) speak of this sender, not of the
invitee: whoever runs Portico mends them, and the mail waits.
"""

_ENHANCED = re.compile(r"5\.\d{1,3}\.\d{1,3}\b")
_OURS_OR_THE_ROUTES = re.compile(r"5\.(1\.[78]|4\.\d+|7\.\d+)")
"""Enhanced codes (RFC 3463) that speak of the sender (5.1.7, 5.1.8), of the route (5.4) or of a
policy, such as a blocked sender (5.7): the mailbox may well be there, and the mail waits."""

_SENTENCES = {
    550: "The mail server says that this address does not exist.",
    551: "The mail server says that this person has moved to another address.",
    553: "The mail server does not accept this address.",
    556: "The domain of this address does not accept mail.",
}
CANNOT_BE_MADE = "The mail could not be made here. Tell whoever runs Portico, then invite again."
FAILED = 554
"""The code of a mail that never left, as its token was sealed elsewhere or its address is none."""
MOST_TRIES_TO_MAKE = 12
"""About an hour by `delay_after`, within which whoever runs Portico may mend a wrong key."""

_FIRST_DELAY = timedelta(seconds=2)
_LONGEST_DELAY = timedelta(minutes=15)


def smtp_address(email: str) -> str:
    """Return an address as every mail server takes it: its domain in A-labels (RFC 5890 2.3.2.1).

    Raises:
        ValueError: it is no address, or its local part needs SMTPUTF8.
    """
    if email.isascii():
        return email
    found = validate_email(email, check_deliverability=False, test_environment=True)
    if found.ascii_email is None:
        raise ValueError("the address's local part is not ASCII, which needs SMTPUTF8")
    return found.ascii_email


def is_permanent(smtp_code: int, reply: str = "") -> bool:
    """Tell whether a reply to RCPT or DATA means that the mail can never arrive.

    The enhanced code at the reply's beginning, where there is one, says more than the first.
    """
    enhanced = _ENHANCED.match(reply)
    about_us = enhanced is not None and _OURS_OR_THE_ROUTES.fullmatch(enhanced[0]) is not None
    return smtp_code in _PERMANENT and not about_us


def sentence_for(smtp_code: int) -> str:
    """Return what staff read about a bounce; the server's own words may quote the address."""
    return _SENTENCES.get(smtp_code, f"The mail server refused the mail (code {smtp_code}).")


def delay_after(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: doubling, half of it by chance."""
    longest: timedelta = min(_LONGEST_DELAY, _FIRST_DELAY * (1 << min(attempts, 12)))
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - jitter
