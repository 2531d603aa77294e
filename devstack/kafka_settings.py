"""What a Kafka broker is told in its `server.properties`."""

import base64
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from devstack.ports import HOST

# A broker killed by SIGKILL comes back only when its last session has timed out: 9 s by default.
SETTINGS = """\
process.roles=broker,controller
node.id={node_id}
{quorum}
listeners=BROKER://{host}:{port},CONTROLLER://{host}:{controller_port}
advertised.listeners=BROKER://{host}:{port}
controller.listener.names=CONTROLLER
inter.broker.listener.name=BROKER
listener.security.protocol.map=BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={log_folder}
auto.create.topics.enable=false
default.replication.factor={replicas}
min.insync.replicas={in_sync}
offsets.topic.num.partitions=4
offsets.topic.replication.factor={replicas}
transaction.state.log.num.partitions=4
transaction.state.log.replication.factor={replicas}
transaction.state.log.min.isr={in_sync}
share.coordinator.state.topic.num.partitions=4
share.coordinator.state.topic.replication.factor={replicas}
share.coordinator.state.topic.min.isr={in_sync}
group.initial.rebalance.delay.ms=0
broker.heartbeat.interval.ms=500
broker.session.timeout.ms=3000
"""


@dataclass(frozen=True)
class Membership:
    """A broker's place in a cluster whose brokers are controllers, too.

    Args:
        node_id: Its number, from 1 on.
        cluster_id: The same in all brokers; each folder keeps the one that it was made with.
        controller_ports: Of all brokers, by their numbers.
    """

    node_id: int
    cluster_id: str
    controller_ports: Mapping[int, int]

    @property
    def voters(self) -> str:
        """The quorum, as `controller.quorum.voters` wants it."""
        return ",".join(f"{node}@{HOST}:{port}" for node, port in self.controller_ports.items())


@dataclass(frozen=True)
class Ports:
    """Where a broker listens on 127.0.0.1: for clients, and for the controllers' own talk."""

    broker: int
    controller: int


def settings(log_folder: Path, ports: Ports, membership: Membership | None) -> str:
    """Return the settings of a broker that keeps its messages in log_folder."""
    replicas = len(membership.controller_ports) if membership else 1
    return SETTINGS.format(
        host=HOST,
        node_id=membership.node_id if membership else 1,
        quorum=_quorum(ports, membership),
        port=ports.broker,
        controller_port=ports.controller,
        replicas=replicas,
        in_sync=replicas // 2 + 1,
        log_folder=log_folder,
    )


def new_cluster_id() -> str:
    """Return an id for a cluster: 16 random bytes in base64url, as Kafka wants it.

    Like Kafka's own, none begins with "-": its commands would take it for an option.
    """
    made = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
    return new_cluster_id() if made.startswith("-") else made


def _quorum(ports: Ports, membership: Membership | None) -> str:
    if membership:
        return f"controller.quorum.voters={membership.voters}"
    return f"controller.quorum.bootstrap.servers={HOST}:{ports.controller}"
