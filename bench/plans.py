"""The plans that PostgreSQL makes for the list of charts and the directory."""

from chassis.database import Database
from services.chart_service import search_words
from services.chart_service.models import Status
from services.chart_service.queries import chart_list, directory_list
from services.chart_service.queries.directory_list import Place, Selection, Sort

_RARE, _COMMON = ["mrn-00500"], ["s"]


async def explain(url: str, organization_id: str) -> dict[str, str]:
    """Return EXPLAIN (ANALYZE, BUFFERS) of each kind of statement, by what it is for."""
    database = Database(url)
    plans = {}
    async with database.transaction() as tx:
        for name, (statement, values) in _statements(organization_id).items():
            found = await tx.run(f"EXPLAIN (ANALYZE, BUFFERS) {statement}", **values)
            plans[name] = "\n".join(found.scalars())
    await database.close()
    return plans


def _statements(organization_id: str) -> dict[str, tuple[str, dict[str, object]]]:
    found: dict[str, tuple[str, dict[str, object]]] = {}
    for name, words, are_many in (
        ("all", [], False),
        ("few", _RARE, False),
        ("many", _COMMON, True),
    ):
        statement = chart_list.listing(is_search=bool(words), are_many=are_many)
        values = chart_list.values_of(organization_id, words) | {"limit": 26, "offset": 0}
        found[f"charts, {name}"] = statement, values
    everybody = Selection(organization_id)
    pending = Selection(organization_id, Status.PENDING)
    few = Selection(organization_id, words=search_words.wanted(_RARE[0]))
    many = Selection(organization_id, Status.NOT_ELIGIBLE, _COMMON)
    changed = Selection(organization_id, sort=Sort.CHANGED)
    for name, selection in (
        *(("all", everybody), ("pending", pending), ("by last change", changed)),
        *(("few", few), ("many, of a status", many)),
    ):
        statement = directory_list.listing(selection, Place(), are_many=selection is many)
        values = directory_list.values_of(selection) | {"limit": 51}
        found[f"directory, {name}"] = statement, values
    for name, selection in (("all", everybody), ("pending", pending), ("few", few)):
        counted = directory_list.counting(selection), directory_list.values_of(selection)
        found[f"directory, count of {name}"] = counted
    return found
