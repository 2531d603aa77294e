"""`portico demo`: the whole invitation flow on real Kafka and PostgreSQL, shown step by step."""

import signal
import time
from dataclasses import dataclass
from functools import partial
from types import FrameType

import typer

from cli import demo_data, timeline
from cli.chart_api import ChartApi, RefusedError
from cli.demo_result import (
    EXPECTED_EVENTS,
    AcceptedInvitation,
    DemoResult,
    RefusedInvitation,
    events_of,
    show,
)
from cli.errors import CommandError
from cli.mail_inbox import MailInbox, link_in
from cli.portal_visitor import PortalVisitor
from cli.temporary_stack import temporary_stack
from cli.terminal import AsJson, console, failures_explained, print_json, report
from cli.waiting import wait_for
from contracts.chart import Relationship
from contracts.envelope import Invitee
from contracts.scopes import Role
from devstack.status import Status, status

PASSWORD = "correct horse, demo"  # noqa: S105 - of accounts that live for seconds
CHART = "marty.json"
CHART_WITHOUT_EMAIL = "dionne.json"
SIGTERM_EXIT_CODE = 128 + signal.SIGTERM


@dataclass(frozen=True)
class Accepted:
    """An invitation that was accepted, with its alert before and after."""

    id: str
    invitee: str
    role: Role
    alert_before: str
    alert_after: str | None


def demo(as_json: AsJson = False) -> None:
    """Invite a patient, a guardian and a guarantor, follow each to the portal, and clean up.

    Runs in temporary state of its own. Shows each invitation's events with the time between them,
    the facesheet's alert before and after, the granted scopes, and who is refused and why. Exit
    code 0 only if all of that is as it should be.
    """
    signal.signal(signal.SIGTERM, _end)
    began = time.monotonic()
    with failures_explained():
        with temporary_stack(report) as stack:
            report(f"Ready after {time.monotonic() - began:.1f} s")
            result = run(status(stack.home.folder))
        report(f"Stopped; the demo took {time.monotonic() - began:.1f} s")
    if as_json:
        print_json(result.as_json())
    else:
        show(result, console)
    for problem in result.problems():
        report(f"Error: {problem}")
    raise typer.Exit(1 if result.problems() else 0)


def run(stack: Status) -> DemoResult:
    """Go through the flow on a running stack that knows no organisation yet.

    Raises:
        CommandError: A step did not work; the message says which.
    """
    with ChartApi(stack, demo_data.ORGANIZATION) as api:
        demo_data.open_organization(api)
        chart = _import(api, CHART)
        people = _enter_addresses(api, chart)
        accepted = [_invite(stack, api, chart, *who) for who in people]
        refused = [
            _refused(api, chart, _add_contact(api, chart, "Jo", Relationship.FRIEND)),
            _refused(api, other := _import(api, CHART_WITHOUT_EMAIL), other),
        ]
    return DemoResult(invitations=_with_events(stack, accepted), refused=refused)


def _import(api: ChartApi, bundle: str) -> str:
    """Import a bundle of one patient; return the chart's id, which is the patient's as well."""
    report(f"Importing {bundle}")
    patients = api.import_bundle(demo_data.FOLDER / "fhir" / bundle)["patients"]
    return str(patients[0])


def _enter_addresses(api: ChartApi, chart: str) -> list[tuple[str, Role, str]]:
    """Enter what staff would; return who can be invited, as what, and at which address."""
    api.change_person(chart, chart, email=_address("Marty"))
    guardian = _add_contact(api, chart, "Rosa", Relationship.GUARDIAN)
    guarantor = _add_contact(api, chart, "Luis", Relationship.GUARANTOR)
    return [
        (chart, Role.PATIENT, _address("Marty")),
        (guardian, Role.GUARDIAN, _address("Rosa")),
        (guarantor, Role.GUARANTOR, _address("Luis")),
    ]


def _add_contact(api: ChartApi, chart: str, name: str, relationship: Relationship) -> str:
    body = {"given_name": name, "family_name": "Hamill", "email": _address(name)}
    return api.add_contact(chart, {**body, "relationship": relationship})


def _address(name: str) -> str:
    return f"{name.lower()}.hamill@family.example"


def _invite(
    stack: Status, api: ChartApi, chart: str, person: str, role: Role, email: str
) -> Accepted:
    """Invite somebody, and accept the invitation as they would."""
    report(f"Inviting the {role}")
    invitation = api.invite(chart, person)
    link = link_in(MailInbox(stack["urls"]["inbox"] or "").text_to(email))
    before = wait_for(partial(_alert_of_sent, api, chart, person), "The alert of a sent invitation")
    report(f"Accepting as the {role}")
    dashboard = PortalVisitor().accept(link, PASSWORD)
    if "Next appointments" not in dashboard:
        raise CommandError(f"The {role}'s dashboard shows no chart.")
    return Accepted(invitation, _key(chart, person), role, before, _alert_after(api, chart, person))


def _alert_of_sent(api: ChartApi, chart: str, person: str) -> str | None:
    found = [each for each in api.chart(chart)["alerts"] if each["person"] == person]
    return str(found[0]["message"]) if found and found[0]["state"] == "sent" else None


def _alert_after(api: ChartApi, chart: str, person: str) -> str | None:
    """Return None once the alert is gone, or the alert that will not go."""

    def gone() -> bool | None:
        return (
            None if any(each["person"] == person for each in api.chart(chart)["alerts"]) else True
        )

    try:
        wait_for(gone, "The alert's end")
    except CommandError:
        return _alert_of_sent(api, chart, person) or "another alert"
    return None


def _refused(api: ChartApi, chart: str, person: str) -> RefusedInvitation:
    """Try to invite somebody who cannot be.

    Raises:
        CommandError: It was possible.
    """
    try:
        api.invite(chart, person)
    except RefusedError as refusal:
        return RefusedInvitation(
            invitee=_key(chart, person), reason=refusal.reason, message=refusal.message
        )
    raise CommandError(f"{_key(chart, person)} was invited and should have been refused.")


def _with_events(stack: Status, accepted: list[Accepted]) -> list[AcceptedInvitation]:
    servers = stack["kafka"]["bootstrap_servers"] or ""
    timelines = timeline.read(servers, [each.id for each in accepted], EXPECTED_EVENTS)
    return [
        AcceptedInvitation(
            invitee=each.invitee,
            role=each.role,
            events=events_of(timelines[each.id]),
            alert_before=each.alert_before,
            alert_after=each.alert_after,
            scopes=timeline.granted_scopes(timelines[each.id]),
        )
        for each in accepted
    ]


def _key(chart: str, person: str) -> str:
    return Invitee(organization=demo_data.ORGANIZATION, chart=chart, person=person).key


def _end(_signal: int, _frame: FrameType | None) -> None:
    """Unwind on SIGTERM, so that the stack is stopped and its folder deleted."""
    raise SystemExit(SIGTERM_EXIT_CODE)
