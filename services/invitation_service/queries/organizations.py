"""SQL on the copies of organisations, and on which of them are paused."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from chassis.database import Transaction
from chassis.pauses import Known
from contracts.chart import OrganizationChanged
from services.invitation_service.known_charts import ChartKey


async def known(tx: Transaction, ids: Collection[str]) -> dict[str, Known]:
    """Return since when each of these organisations is paused; they stay so until the commit."""
    rows = await tx.run(
        """
        SELECT id, paused_at, changed_at FROM organizations
        WHERE id = ANY(:ids) ORDER BY id FOR UPDATE
        """,
        ids=sorted(ids),
    )
    return {row.id: Known(row.paused_at, row.changed_at) for row in rows}


async def keep(
    tx: Transaction,
    events: Sequence[OrganizationChanged],
    paused_at: Mapping[str, datetime | None],
) -> None:
    """Keep the newest of each organisation, and since when it is paused."""
    newest = {event.data.organization: event for event in events}.values()
    await tx.run(
        """
        INSERT INTO organizations
            (id, invitation_days, reminder_days, discharge_ends_access, paused_at, changed_at)
        SELECT * FROM unnest(
            CAST(:ids AS text[]), CAST(:days AS smallint[]), CAST(:reminders AS smallint[]),
            CAST(:discharges AS boolean[]), CAST(:paused AS timestamptz[]),
            CAST(:times AS timestamptz[]))
        ON CONFLICT (id) DO UPDATE SET invitation_days = excluded.invitation_days,
            reminder_days = excluded.reminder_days,
            discharge_ends_access = excluded.discharge_ends_access,
            paused_at = excluded.paused_at, changed_at = excluded.changed_at
        WHERE organizations.changed_at <= excluded.changed_at
        """,
        ids=[event.data.organization for event in newest],
        days=[event.data.invitation_days for event in newest],
        reminders=[event.data.reminder_days for event in newest],
        discharges=[event.data.discharge_ends_access for event in newest],
        paused=[paused_at[event.data.organization] for event in newest],
        times=[event.time for event in newest],
    )


async def charts_ended_by_discharge(tx: Transaction, ids: Collection[str]) -> set[ChartKey]:
    """Return the charts with open invitations whose access ended with the patient's discharge."""
    rows = await tx.run(
        """
        SELECT DISTINCT i.organization_id, i.chart_id
        FROM organizations o
        JOIN invitations i ON i.organization_id = o.id AND i.state = 'open'
        JOIN people p ON p.organization_id = i.organization_id AND p.chart_id = i.chart_id
            AND p.relationship = 'Patient' AND p.discharged
        WHERE o.id = ANY(:ids) AND o.discharge_ends_access
        """,
        ids=sorted(ids),
    )
    return {(row.organization_id, row.chart_id) for row in rows}
