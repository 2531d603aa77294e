"""What cannot be done about a dead letter."""


class DeadLetterError(Exception):
    """What was asked for cannot be done; the message is a sentence that says what to do."""
