"""SQL on which organisations' entries are to be made anew, and how far that is."""

from chassis.database import Transaction


async def ask_for_refresh(tx: Transaction, organization_id: str) -> None:
    """Note that all entries of an organisation are to be made anew, from the first chart on."""
    await tx.run(
        """
        INSERT INTO directory_refreshes (organization_id, after_chart)
        VALUES (:organization_id, '')
        ON CONFLICT (organization_id) DO UPDATE SET after_chart = ''
        """,
        organization_id=organization_id,
    )


async def next_refresh(tx: Transaction) -> tuple[str, str] | None:
    """Return an organisation that nobody else works on, and after which chart to go on."""
    found = await tx.run(
        """
        SELECT organization_id, after_chart FROM directory_refreshes
        LIMIT 1 FOR UPDATE SKIP LOCKED
        """
    )
    row = found.first()
    return (row.organization_id, row.after_chart) if row else None


async def refreshed(tx: Transaction, organization_id: str, last_chart: str | None) -> None:
    """Note how far an organisation's entries are made; None when that was all of them."""
    statement = "DELETE FROM directory_refreshes WHERE organization_id = :organization_id"
    if last_chart is not None:
        statement = """
            UPDATE directory_refreshes SET after_chart = :last_chart
            WHERE organization_id = :organization_id
        """
    values = {} if last_chart is None else {"last_chart": last_chart}
    await tx.run(statement, organization_id=organization_id, **values)
