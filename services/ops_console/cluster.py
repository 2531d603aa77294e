"""Which brokers and which instances of the services there are, as Kafka tells it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Self, TypeAlias

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.client import AIOKafkaClient, CoordinationType
from aiokafka.errors import KafkaError, for_code
from aiokafka.protocol.admin import (
    DescribeGroupsRequest_v0,
    DescribeGroupsRequest_v1,
    DescribeGroupsRequest_v2,
)
from aiokafka.protocol.api import Request

from chassis import telemetry

LIMIT_MS = 3_000
"""A broker that takes longer to answer is away."""


_DescribeGroups: TypeAlias = (
    DescribeGroupsRequest_v0 | DescribeGroupsRequest_v1 | DescribeGroupsRequest_v2
)

_log = telemetry.logger("cluster")


class Cluster(NamedTuple):
    """How Kafka and the consumer groups are made up at a moment."""

    brokers: frozenset[int]
    """Those that answer, by their numbers."""
    away: frozenset[int]
    """Those that belong to it, and do not answer."""
    behind: int
    """Partitions with fewer copies in sync than they have."""
    leaderless: int
    """Partitions that nothing can be published to."""
    members: Mapping[str, int]
    """How many instances each consumer group has; a group that nobody leads now is not there."""


class _GroupsRequest(Request[_DescribeGroups]):  # type: ignore[misc] # aiokafka is not typed
    """Kafka's DescribeGroups up to version 2: aiokafka 0.14 cannot read the answer to the next."""

    API_KEY = 15

    def __init__(self, groups: Sequence[str]) -> None:
        self._groups = groups

    def build(self, request_struct_class: type[_DescribeGroups]) -> _DescribeGroups:
        return request_struct_class(list(self._groups))


class ClusterReader:
    """Asks Kafka; an async context manager."""

    def __init__(self, bootstrap_servers: str) -> None:
        options = {"bootstrap_servers": bootstrap_servers, "request_timeout_ms": LIMIT_MS}
        self._admin = AIOKafkaAdminClient(**options)
        self._client = AIOKafkaClient(**options)

    async def __aenter__(self) -> Self:
        """Open the connections.

        Raises:
            KafkaError: Kafka is away.
        """
        try:
            await self._admin.start()
            await self._client.bootstrap()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close them."""
        await self._client.close()
        await self._admin.close()

    async def read(self, groups: Sequence[str]) -> Cluster:
        """Return what there is now.

        Raises:
            KafkaError: Kafka, or one of its brokers, is away.
        """
        described = await self._admin.describe_cluster()
        topics = await self._admin.describe_topics()
        partitions = [one for topic in topics for one in topic["partitions"]]
        named = {broker["node_id"] for broker in described["brokers"]}
        # Kafka names one that was killed for some seconds more.
        there = {node for node in named if await self._client.ready(node)}
        copies = {copy for one in partitions for copy in one["replicas"]}
        return Cluster(
            frozenset(there),
            frozenset((named | copies) - there),
            sum(len(one["isr"]) < len(one["replicas"]) for one in partitions),
            sum(one["leader"] not in named for one in partitions),
            await self._members(groups),
        )

    async def _members(self, groups: Sequence[str]) -> dict[str, int]:
        found = {group: await self._members_of(group) for group in groups}
        return {group: members for group, members in found.items() if members is not None}

    async def _members_of(self, group: str) -> int | None:
        try:
            leader = await self._client.coordinator_lookup(CoordinationType.GROUP, group)
            answer = await self._client.send(leader, _GroupsRequest([group]))
            [(error_code, _name, _state, _type, _protocol, members, *_)] = answer.groups
            if error_code:
                raise for_code(error_code)(group)
        except KafkaError as error:
            # Who went away may have led it; until another does, nobody knows its members.
            _log.info("a consumer group has no coordinator now", group=group, exc=error)
            return None
        return len(members)
