"""The plans that PostgreSQL makes for the list of charts and the directory."""

from chassis.database import Database
from services.chart_service.models import Status
from services.chart_service.queries import chart_list, directory_statements
from services.chart_service.queries.directory_selection import Place, Selection, Sort, values_of

_RARE, _USUAL, _COMMON = ["mrn-00500"], ["maria"], ["s"]


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
    return _of_charts(organization_id) | _of_directory(organization_id)


def _of_charts(organization_id: str) -> dict[str, tuple[str, dict[str, object]]]:
    page: dict[str, object] = {"limit": 26, "offset": 0}
    all_charts = chart_list.values_of(organization_id, [])
    return {
        "charts, all": (chart_list.walking(is_search=False), all_charts | page),
        "charts, count of all": (chart_list.COUNTING, all_charts),
        **{
            f"charts, {name}": (statement, chart_list.values_of(organization_id, words) | page)
            for name, statement, words in (
                ("few", chart_list.finding(), _RARE),
                ("thousands", chart_list.finding(), _USUAL),
                ("many", chart_list.walking(is_search=True), _COMMON),
            )
        },
    }


def _of_directory(organization_id: str) -> dict[str, tuple[str, dict[str, object]]]:
    walks = {
        "all": Selection(organization_id),
        "pending": Selection(organization_id, Status.PENDING),
        "by last change": Selection(organization_id, sort=Sort.CHANGED),
        "many": Selection(organization_id, words=_COMMON),
        "many, of a status": Selection(organization_id, Status.NOT_ELIGIBLE, _COMMON),
    }
    finds = {
        "few": Selection(organization_id, words=_RARE),
        "thousands": Selection(organization_id, words=_USUAL),
        "thousands, of a status": Selection(organization_id, Status.PENDING, _USUAL),
    }
    place = Place()
    return {
        **{
            f"directory, {n}": (directory_statements.walking(s, place), values_of(s, place, 51))
            for n, s in walks.items()
        },
        **{
            f"directory, {n}": (directory_statements.finding(s, place), values_of(s, place, 51))
            for n, s in finds.items()
        },
        **{
            f"directory, count of {n}": (directory_statements.counting(s), values_of(s))
            for n, s in walks.items()
            if not s.words
        },
    }
