"""What can go wrong in a command and be put right by whoever gave it."""


class CommandError(Exception):
    """A command could not be carried out; the message says what to do."""
