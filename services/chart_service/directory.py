"""Keeping the Portal Directory true: made anew wherever something changes that it tells of.

In the transaction of the change, but for an organisation's settings: those concern everybody in
it, and a task (refresh_some) goes through its charts soon after.
"""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from chassis.database import Database, Transaction
from contracts.envelope import Invitee
from services.chart_service import facesheet, queries, rules, search_words
from services.chart_service.directory_status import Access, Invitation, decide
from services.chart_service.models import Organization, Person
from services.chart_service.queries.directory_words import Described
from services.chart_service.queries.person_keys import PersonKey

_CHARTS_AT_ONCE = 200
_SETTINGS_THAT_MATTER = frozenset({"age_of_majority", "death_ends_access", "discharge_ends_access"})
_REFRESH_POLL_SECONDS = 1.0


async def charts_changed(tx: Transaction, organization_id: str, chart_ids: Collection[str]) -> None:
    """Bring up to date whoever is on these charts, after their people or MRNs were saved."""
    if not chart_ids:
        return
    organization = await facesheet.known_organization(tx, organization_id)
    people = await queries.people.saved_people(tx, organization_id, chart_ids)
    mrns = await queries.charts.mrns(tx, organization_id, chart_ids)
    described = describe(organization, people, mrns)
    await queries.directory_words.describe(tx, described)
    await queries.directory_words.describe_charts(tx, described)
    await _judge(tx, [PersonKey.of(each.invitee) for each in described])


async def standing_changed(tx: Transaction, people: Collection[Invitee]) -> None:
    """Bring these people up to date, after their alerts or their access were saved.

    An alert may come before its chart. Then the entry that it makes is what a transaction waits
    for that records the chart meanwhile, so that neither misses what the other brings.
    """
    if not people:
        return
    # In one order, so that two transactions never wait for each other.
    wanted = sorted({PersonKey.of(each) for each in people})
    if await queries.directory.lock(tx, wanted) < len(wanted):
        await queries.directory.add_missing(tx, wanted)
        await queries.directory.lock(tx, wanted)
    await _judge(tx, wanted)


async def organization_changed(
    tx: Transaction, organization_id: str, fields: Collection[str]
) -> None:
    """Have everybody of an organisation brought up to date soon, if these settings matter to it."""
    if _SETTINGS_THAT_MATTER.intersection(fields):
        await queries.directory_refreshes.ask_for_refresh(tx, organization_id)


async def keep_refreshed(database: Database) -> None:
    """Do what settings leave to be brought up to date, for as long as the service runs."""
    while True:
        if not await refresh_some(database):
            await asyncio.sleep(_REFRESH_POLL_SECONDS)


async def refresh_some(database: Database) -> bool:
    """Bring some charts of an organisation up to date that waits for it; False if none does."""
    async with database.transaction() as tx:
        waiting = await queries.directory_refreshes.next_refresh(tx)
        if waiting is None:
            return False
        organization_id, after = waiting
        charts = await queries.charts.ids_after(tx, organization_id, after, _CHARTS_AT_ONCE)
        await charts_changed(tx, organization_id, charts)
        await queries.directory_refreshes.refreshed(
            tx, organization_id, charts[-1] if charts else None
        )
    return True


def describe(
    organization: Organization, people: Sequence[Person], mrns: Mapping[str, str]
) -> list[Described]:
    """Return what charts say of the people on them, by chart and person."""
    # That the portal is off is said once on top of the directory, not of each person.
    with_portal = Organization(**(organization.model_dump() | {"portal_enabled": True}))
    patients = {person.chart_id: person for person in people if person.is_patient}
    return [
        _described(with_portal, patients[person.chart_id], person, mrns[person.chart_id])
        for person in sorted(people, key=lambda each: (each.chart_id, each.id))
        if person.chart_id in patients
    ]


def _described(organization: Organization, patient: Person, person: Person, mrn: str) -> Described:
    refusal = rules.refusal(organization, patient, person)
    words = search_words.words_of(
        person.given_name, person.family_name, person.preferred_name, person.email, mrn
    )
    return Described(
        Invitee(organization=organization.id, chart=person.chart_id, person=person.id),
        search_words.sort_name(person.family_name, person.given_name),
        refusal.code if refusal else None,
        {search_words.lexeme(organization.id, word) for word in words},
        person.is_patient,
    )


async def _judge(tx: Transaction, people: Sequence[PersonKey]) -> None:
    refusals = await queries.directory.refusals(tx, people)
    invitations: dict[PersonKey, list[Invitation]] = defaultdict(list)
    for key, invitation in await queries.directory.invitations(tx, people):
        invitations[key].append(invitation)
    accesses: dict[PersonKey, list[Access]] = defaultdict(list)
    for key, access in await queries.directory.accesses(tx, people):
        accesses[key].append(access)
    standings = [
        (key, decide(refusal, invitations[key], accesses[key])) for key, refusal in refusals.items()
    ]
    await queries.directory.set_standings(tx, standings)
