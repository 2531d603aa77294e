"""What the examples of events are about."""

from pydantic.config import JsonDict

EXAMPLE_INVITEE: JsonDict = {"organization": "sunrise", "chart": "c-1001", "person": "p-2001"}
