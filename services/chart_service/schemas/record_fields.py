"""What the fields of records may hold, as the API takes it."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, Base64Bytes, BeforeValidator, Field

from contracts.scopes import Role
from services.chart_service.files import MOST_BYTES
from services.chart_service.schemas.fields import Body

_YEARS = range(1900, 2200)


def _written(sent: object) -> object:
    # Pydantic takes numbers, be they in quotes, for seconds since 1970.
    if isinstance(sent, datetime) or (isinstance(sent, str) and sent[4:5] == "-"):
        return sent
    raise ValueError("a time is written like 2026-03-02T09:30:00-05:00")


def _in_our_time(moment: datetime) -> datetime:
    if moment.year not in _YEARS:
        raise ValueError("the year must be between 1900 and 2199")
    return moment


Moment = Annotated[AwareDatetime, BeforeValidator(_written), AfterValidator(_in_our_time)]

Content = Annotated[
    Base64Bytes,
    Field(max_length=MOST_BYTES, description="In base64; its type is found by looking at it."),
]

Roles = Annotated[
    list[Role],
    Field(
        max_length=10,
        description="Which roles see it in the portal; read when it is new and never after.",
    ),
]


class RecordBody(Body):
    """What a record is."""

    def row(self) -> dict[str, Any]:
        """Return the columns of the record's table."""
        return {name: getattr(self, name) for name in type(self).model_fields}


def role_names(roles: list[Role]) -> list[str]:
    """Return the roles' names, once each and in one order."""
    return [role.value for role in Role if role in roles]
