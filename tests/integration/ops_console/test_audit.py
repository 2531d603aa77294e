"""The ops people's audit log, on real Kafka."""

from uuid import uuid4

from chassis.broker import Broker
from contracts.ops import OpsActed, OpsActedData, OpsAction
from contracts.topics import OPS_AUDIT
from services.ops_console import audit
from tests.infrastructure import Servers

LONG = 2_500


async def test_a_long_log_is_read_page_by_page_and_nothing_is_missing(servers: Servers) -> None:
    who = f"ana-{uuid4().hex[:8]}"
    broker = Broker(servers.kafka)
    acts = [
        OpsActed.of(OpsActedData(via="ops", who=who, action=OpsAction.REVEALED, what=str(number)))
        for number in range(LONG)
    ]
    await broker.send_all(
        [(OPS_AUDIT.name, act.data.key, act.model_dump_json().encode()) for act in acts]
    )
    await broker.close()
    seen: list[str] = []
    before: int | None = None
    for _ in range(10):
        page = await audit.entries(servers.kafka, f"ops:{who}", before)
        seen += [act.data.what for act in page.acts]
        before = page.older
        if before is None:
            break
    assert seen == [str(number) for number in reversed(range(LONG))]
