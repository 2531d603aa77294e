"""What Kafka tells of its consumer groups: how many instances each has."""

from uuid import uuid4

from aiokafka import AIOKafkaConsumer

from contracts.topics import CHART_INVITES
from services.ops_console.cluster import ClusterReader
from tests.infrastructure import Servers
from tests.waiting import until


async def test_the_instances_of_a_group_are_counted(servers: Servers) -> None:
    group, nobodys = f"g-{uuid4().hex[:8]}", f"g-{uuid4().hex[:8]}"
    member = AIOKafkaConsumer(
        CHART_INVITES.name,
        bootstrap_servers=servers.kafka,
        group_id=group,
        enable_auto_commit=False,
    )
    async with member, ClusterReader(servers.kafka) as reader:

        async def told() -> dict[str, int] | None:
            members = (await reader.read([group, nobodys])).members
            return dict(members) if members.get(group) else None

        assert await until(told) == {group: 1, nobodys: 0}
