"""SQL on charts: all that a decision on one looks at."""

from collections.abc import Iterable

from chassis.database import Transaction
from contracts.scopes import Role
from services.invitation_service.addresses import key_of
from services.invitation_service.known_charts import Chart, ChartKey, LiveInvitation, Organization
from services.invitation_service.models import State
from services.invitation_service.queries.people import person_of


def columns(keys: Iterable[ChartKey]) -> dict[str, list[str]]:
    """Return charts as two arrays, each chart once, in order."""
    pairs = sorted(set(keys))
    return {"organizations": [o for o, _ in pairs], "charts": [c for _, c in pairs]}


async def load(tx: Transaction, keys: Iterable[ChartKey]) -> dict[ChartKey, Chart]:
    """Return what is known of each of these charts; an unknown one is empty.

    Live invitations stay as returned until the commit: who redeems one meanwhile waits.
    """
    found = {key: Chart() for key in keys}
    wanted = columns(found)
    await _add_organizations(tx, found, wanted["organizations"])
    await _add_people(tx, found, wanted)
    await _add_live_invitations(tx, found, wanted)
    return found


async def _add_organizations(tx: Transaction, found: dict[ChartKey, Chart], ids: list[str]) -> None:
    rows = await tx.run(
        """
        SELECT id, paused_at IS NULL AS portal_enabled, invitation_days, discharge_ends_access
        FROM organizations WHERE id = ANY(:ids)
        """,
        ids=sorted(set(ids)),
    )
    known = {
        row.id: Organization(row.portal_enabled, row.invitation_days, row.discharge_ends_access)
        for row in rows
    }
    for (organization, _), chart in found.items():
        chart.organization = known.get(organization)


async def _add_people(
    tx: Transaction, found: dict[ChartKey, Chart], wanted: dict[str, list[str]]
) -> None:
    rows = await tx.run(
        """
        SELECT p.* FROM people p
        JOIN unnest(CAST(:organizations AS text[]), CAST(:charts AS text[])) AS w (o, c)
            ON p.organization_id = w.o AND p.chart_id = w.c
        """,
        **wanted,
    )
    for row in rows:
        chart = found[row.organization_id, row.chart_id]
        chart.people[row.id] = person_of(row)


async def _add_live_invitations(
    tx: Transaction, found: dict[ChartKey, Chart], wanted: dict[str, list[str]]
) -> None:
    rows = await tx.run(
        """
        SELECT i.id, i.organization_id, i.chart_id, i.person_id, i.role, i.email, i.state
        FROM invitations i
        JOIN unnest(CAST(:organizations AS text[]), CAST(:charts AS text[])) AS w (o, c)
            ON i.organization_id = w.o AND i.chart_id = w.c
        WHERE i.state IN ('open', 'accepted')
        ORDER BY i.id FOR UPDATE OF i
        """,
        **wanted,
    )
    for row in rows:
        live = LiveInvitation(
            row.id, row.person_id, Role(row.role), key_of(row.email), State(row.state)
        )
        found[row.organization_id, row.chart_id].live.append(live)
