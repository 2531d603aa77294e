"""Many people on charts at once, as statements take and return them."""

from collections.abc import Sequence
from typing import Any, NamedTuple, Self

from sqlalchemy import Row

from contracts.envelope import Invitee

KEYS = """
    unnest(CAST(:organizations AS varchar[]), CAST(:charts AS varchar[]),
        CAST(:people AS varchar[])) AS wanted (organization_id, chart_id, person_id)
"""
"""What statements join: a row for each of the people that `arrays_of` is given."""

BY_KEY = "USING (organization_id, chart_id, person_id)"


class PersonKey(NamedTuple):
    """Whose entry it is; sorted and looked up by the hundred, which an Invitee is slow at."""

    organization: str
    chart: str
    person: str

    @classmethod
    def of(cls, invitee: Invitee) -> Self:
        """Return an invitee's key."""
        return cls(invitee.organization, invitee.chart, invitee.person)


def arrays_of(people: Sequence[Invitee | PersonKey]) -> dict[str, list[str]]:
    """Return what `KEYS` takes."""
    return {
        "organizations": [each.organization for each in people],
        "charts": [each.chart for each in people],
        "people": [each.person for each in people],
    }


def key_of(row: Row[Any]) -> PersonKey:
    """Return whom a row is about."""
    return PersonKey(row.organization_id, row.chart_id, row.person_id)
