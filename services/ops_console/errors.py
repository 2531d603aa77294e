"""What cannot be done about a dead letter, or asked of the topics."""


class DeadLetterError(Exception):
    """What was asked for cannot be done; the message is a sentence that says what to do."""


class EventsError(ValueError):
    """What was asked of the topics cannot be answered; the message is a sentence for people."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        """The name of what was asked wrongly, as forms and options have it."""
