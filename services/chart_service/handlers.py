"""What becomes of consumed events: news of invitations and of access, for charts and lists."""

from chassis.database import Transaction
from services.chart_service import access, alerts, directory, queries
from services.chart_service.access import AccessEvent
from services.chart_service.alerts import AlertEvent


async def alert_news(events: list[AlertEvent], tx: Transaction) -> None:
    """Bring the alerts of these invitations up to date; a few statements, whatever their number."""
    await queries.alerts.save_alerts(tx, alerts.merge(map(alerts.news_of, events)))
    await directory.standing_changed(tx, [event.data.invitee for event in events])


async def access_news(events: list[AccessEvent], tx: Transaction) -> None:
    """Bring up to date who has access to charts; a few statements, whatever their number."""
    news = [access.news_of(event) for event in events]
    known = await queries.access.known(tx, [access.key_of(new) for new in news])
    await queries.access.save(tx, access.fold(known, news))
    await directory.standing_changed(tx, [event.data.invitee for event in events])
