"""The story of each invitation as it is told: its steps, the time between them, what is late."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from uuid import UUID

from contracts.envelope import utc_now
from services.ops_console import timelines
from services.ops_console.addresses import mailed_to
from services.ops_console.lateness import late_in
from services.ops_console.payloads import masked
from services.ops_console.timelines import Count, Step


class IdError(ValueError):
    """What was given is no id; the message is a sentence that says what is."""


@dataclass(frozen=True)
class Story:
    """What happened to one invitation; `invitation_id` is None for what is about a person alone."""

    invitation_id: str | None
    invitee: str
    steps: list[tuple[Step, float]]
    """Each with the seconds since the one before, 0 for the first."""
    late: list[str]
    email: str = field(default="", repr=False)
    """Where the invitation goes, "" when no step says so; whole, see addresses.py."""

    @property
    def traces(self) -> dict[str, str]:
        """The ids of the traces that the steps are in, each with the event that it begins with."""
        found: dict[str, str] = {}
        for step, _ in self.steps:
            found.setdefault(step.trace_id, step.event)
        return found


async def find(servers: str, id_: str, expect: Count, advance: Count) -> list[Story]:
    """Return the stories of an invitation's or event's id, or of `organization/chart/person`.

    Raises:
        IdError: It is neither.
        KafkaError: Kafka is away.
    """
    look = timelines.of_person if "/" in id_ else timelines.of_invitation
    steps = await look(servers, _normal(id_.strip()), expect, advance)
    return [_story(of_one) for of_one in _by_invitation(steps)]


def invitations_by_person(stories: Iterable[Story]) -> dict[str, list[str]]:
    """Return of whom the stories are, each with the ids of the invitations told of."""
    found: dict[str, list[str]] = {}
    for story in stories:
        ids = found.setdefault(story.invitee, [])
        if story.invitation_id:
            ids.append(story.invitation_id)
    return found


def _normal(id_: str) -> str:
    try:
        return id_ if "/" in id_ else str(UUID(id_))
    except ValueError as error:
        raise IdError(
            f"{masked(id_)} is neither an id of an invitation or event (a UUID) nor a person's key "
            "(organization/chart/person)."
        ) from error


def _by_invitation(steps: Iterable[Step]) -> list[list[Step]]:
    """Return the steps of each invitation, and those that are about the person alone."""
    stories: dict[str | None, list[Step]] = {}
    for step in steps:
        stories.setdefault(step.invitation_id, []).append(step)
    return list(stories.values())


def _story(steps: Sequence[Step]) -> Story:
    waits = [0.0, *((after.at - before.at).total_seconds() for before, after in pairwise(steps))]
    return Story(
        steps[0].invitation_id,
        masked(steps[0].key),
        list(zip(steps, waits, strict=True)),
        late_in(steps, utc_now()),
        mailed_to(steps),
    )
