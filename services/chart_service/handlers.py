"""What becomes of consumed events: each is news of an invitation, for the facesheet."""

from chassis.database import Transaction
from services.chart_service import alerts, queries
from services.chart_service.alerts import AlertEvent


async def alert_news(events: list[AlertEvent], tx: Transaction) -> None:
    """Bring the alerts of these invitations up to date; one statement, whatever their number."""
    await queries.alerts.save_alerts(tx, alerts.merge(map(alerts.news_of, events)))
