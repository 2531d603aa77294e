"""Charts and people as a large organisation has them; the same in each run."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from services.chart_service.rules import NEW_PERSON

_GIVEN = """
Maria James Ana Michael Linda José Sarah David Emma Luis Olivia Noah Sofia Daniel Mia Carlos
Grace Thomas Eva Robert Zoë Peter Rosa Henry Lena Marcus Ines Walter Yara Otto
"""
_FAMILY = """
Smith Johnson García Williams Brown López Miller Davis Martínez Wilson Anderson Núñez Taylor
Moore Jackson O'Brien Lee Harris Clark Lewis Young Walker King Wright Hill Green Adams Baker
"""
_SYLLABLES = """
ka ro len mi tar ves bo dun shi pel or an gri stev lo hart wen dal mar kof
"""
_CONTACTS = ("Guardian", "Guarantor", "Parent", "Spouse", "Friend")
_FIRST_BIRTHDAY = date(1940, 1, 1)
_DAYS = 30_000

Row = dict[str, Any]


def charts(organization_id: str, count: int) -> Iterator[tuple[str, str, list[Row]]]:
    """Yield id, MRN and people of each chart: a patient, and on average one and a half contacts."""
    dice = random.Random(4)  # noqa: S311 - the same people in each run, nothing secret
    for number in range(count):
        chart_id = f"c-{number:06}"
        own = {"organization_id": organization_id, "chart_id": chart_id}
        relationships = ["Patient", *dice.sample(_CONTACTS, dice.choice((0, 1, 1, 2, 2, 3)))]
        people = [
            _person(dice, relationship) | own | {"id": f"p-{place}"}
            for place, relationship in enumerate(relationships)
        ]
        yield chart_id, f"MRN-{number:07}", people


def _person(dice: random.Random, relationship: str) -> Row:
    given, family = dice.choice(_GIVEN.split()), _family(dice)
    address = f"{given}.{family}{dice.randrange(1000)}@example.org".lower().replace("'", "")
    return NEW_PERSON | {
        "relationship": relationship,
        "given_name": given,
        "family_name": family,
        "birth_date": _FIRST_BIRTHDAY + timedelta(days=dice.randrange(_DAYS)),
        "email": address.encode("ascii", "replace").decode().replace("?", "x")
        if dice.random() < 0.8  # noqa: PLR2004 - four of five have one on file
        else None,
    }


def _family(dice: random.Random) -> str:
    if dice.random() < 0.5:  # noqa: PLR2004 - half of them have one of the common names
        return dice.choice(_FAMILY.split())
    return "".join(dice.choices(_SYLLABLES.split(), k=3)).capitalize()
