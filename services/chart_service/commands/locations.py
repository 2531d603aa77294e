"""What is done to an organisation's places."""

from collections.abc import Collection

from chassis.database import Transaction
from chassis.web.problems import ProblemError
from contracts.chart import LocationChanged, LocationChangedData
from services.chart_service import audit, queries
from services.chart_service.audit import Act, Action
from services.chart_service.models import Location
from services.chart_service.rules import Fields


async def change_location(
    tx: Transaction, organization_id: str, location_id: str, given: Fields, actor: str
) -> list[str]:
    """Make a place what is given; of one that is known, what is left out stays as it is.

    Returns the names of the fields that changed.
    """
    known = await queries.locations.lock_location(tx, organization_id, location_id)
    own: Fields = {"organization_id": organization_id, "id": location_id}
    before = known.model_dump() if known else own
    new = Location(**(before | given))
    await queries.locations.save_location(tx, new)
    changed = sorted({n.removesuffix("_media_type") for n in given if given[n] != before.get(n)})
    tx.publish(_location_changed(new))
    detail = {"location": location_id, "fields": changed}
    await audit.record(tx, Act(organization_id, actor, Action.LOCATION_CHANGED, detail=detail))
    return changed


async def check_known(tx: Transaction, organization_id: str, location_ids: Collection[str]) -> None:
    """Check that charts may belong to these places.

    Raises:
        ProblemError: 422, one of them is not there.
    """
    there = {place.id for place in await queries.locations.locations(tx, organization_id)}
    if missing := sorted(set(location_ids) - there):
        sentence = f"There is no location {missing[0]} here. Add it first, then place charts in it."
        raise ProblemError(422, "location_unknown", sentence)


def _location_changed(location: Location) -> LocationChanged:
    data = LocationChangedData(
        organization=location.organization_id,
        location=location.id,
        name=location.name,
        phone=location.phone,
        logo=location.logo_value,
        removed=location.ended,
    )
    return LocationChanged.of(data)
