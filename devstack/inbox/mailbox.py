"""The mails that arrived, in memory."""

from collections.abc import Collection, Iterable, Iterator

from devstack.inbox.mail import Mail


class Mailbox:
    """Keeps the newest mails and drops the oldest beyond its capacity.

    Used from one event loop, hence without locks.

    Args:
        capacity: How many mails to keep.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._mails: dict[str, Mail] = {}
        self._read: set[str] = set()

    def __len__(self) -> int:
        """How many mails there are."""
        return len(self._mails)

    def __iter__(self) -> Iterator[Mail]:
        """Iterate over the mails, newest first."""
        return reversed(self._mails.values())

    def add(self, mail: Mail) -> None:
        """Keep a mail; the oldest goes when there are too many."""
        self._mails[mail.id] = mail
        if len(self._mails) > self._capacity:
            self.remove([next(iter(self._mails))])

    def get(self, mail_id: str) -> Mail | None:
        """Return the mail with this id, or the newest for "latest"; None when there is none."""
        if mail_id == "latest":
            return next(iter(self), None)
        return self._mails.get(mail_id)

    def mark_read(self, mail: Mail) -> None:
        """Note that somebody opened this mail."""
        self._read.add(mail.id)

    def is_read(self, mail: Mail) -> bool:
        """Tell whether somebody opened this mail."""
        return mail.id in self._read

    def unread(self, mails: Iterable[Mail] | None = None) -> int:
        """Count the mails that nobody opened yet; among all of them by default."""
        if mails is None:
            return len(self._mails) - len(self._read)
        return sum(mail.id not in self._read for mail in mails)

    def remove(self, mail_ids: Collection[str]) -> None:
        """Remove these mails; those not there are passed over."""
        for mail_id in mail_ids:
            self._mails.pop(mail_id, None)
            self._read.discard(mail_id)

    def clear(self) -> None:
        """Remove all mails."""
        self._mails.clear()
        self._read.clear()
