"""What becomes of a mail by the mail server's answer, and when a failed one is tried again."""

import random
from datetime import timedelta

_PERMANENT = frozenset({550, 551, 553, 554, 556})
"""Replies on a recipient or its mail that no retry mends (RFC 5321 4.2.3, RFC 7504).

Others of the 5xx class (say, 530: authentication required) speak of this sender, not of the
invitee: whoever runs Portico mends them, and the mail waits.
"""

_SENTENCES = {
    550: "The mail server says that this address does not exist.",
    551: "The mail server says that this person has moved to another address.",
    553: "The mail server does not accept this address.",
    556: "The domain of this address does not accept mail.",
}
_FIRST_DELAY = timedelta(seconds=2)
_LONGEST_DELAY = timedelta(minutes=15)


def is_permanent(smtp_code: int) -> bool:
    """Tell whether a reply to RCPT or DATA means that the mail can never arrive."""
    return smtp_code in _PERMANENT


def sentence_for(smtp_code: int) -> str:
    """Return what staff read about a bounce; the server's own words may quote the address."""
    return _SENTENCES.get(smtp_code, f"The mail server refused the mail (code {smtp_code}).")


def delay_after(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: doubling, half of it by chance."""
    longest: timedelta = min(_LONGEST_DELAY, _FIRST_DELAY * (1 << min(attempts, 12)))
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - jitter
