"""Settings: the terms and the privacy policy, and all their versions."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path
from fastapi.responses import RedirectResponse, Response
from pydantic import TypeAdapter, ValidationError

from chassis.database import Database, Transaction
from chassis.web.csrf import protect
from contracts.chart import PolicyKind
from services.chart_service import commands, facesheet, queries
from services.chart_service.models import Policy
from services.chart_service.pages import words
from services.chart_service.pages.settings import fields, tabs
from services.chart_service.pages.settings.fields import SettingsForm
from services.chart_service.pages.visits import SignedInAsAdmin, Visit
from services.chart_service.schemas.policies import MOST_CHARACTERS, PolicyText

_HOME = "/settings/policies"
_TITLES = {PolicyKind.TERMS: "Terms of service", PolicyKind.PRIVACY: "Privacy policy"}
_UNCHANGED = "This text is published already. Change something, then publish it"
_TEXT: TypeAdapter[str] = TypeAdapter(PolicyText)

Version = Annotated[int, Path(ge=1, le=1_000_000)]


def routes(database: Database) -> APIRouter:
    """Return the pages over this database."""
    router = APIRouter()

    @router.get("/settings/policies")
    async def show(visit: SignedInAsAdmin, published: str = "") -> Response:
        async with database.transaction() as tx:
            found = await queries.policies.policies(tx, visit.organization.id)
            names = {p.published_by: await _name_of(tx, visit, p.published_by) for p in found}
        kinds = [
            (kind.value, title, [policy for policy in found if policy.kind == kind])
            for kind, title in _TITLES.items()
        ]
        return tabs.render(
            visit,
            "policies.html",
            kinds=kinds,
            names=names,
            published={kind.value: title for kind, title in _TITLES.items()}.get(published),
            words=words,
        )

    @router.get("/settings/policies/{kind}/new")
    async def write(visit: SignedInAsAdmin, kind: PolicyKind) -> Response:
        newest = await newest_of(visit, kind)
        return _page(visit, kind, newest, SettingsForm({"text": newest.text if newest else ""}))

    @router.post("/settings/policies/{kind}/new", dependencies=[Depends(protect)])
    async def publish(visit: SignedInAsAdmin, kind: PolicyKind) -> Response:
        form = await fields.read(visit.request)
        _check(form)
        if not form.errors:
            text = form.given["text"]
            async with database.transaction() as tx:
                _, is_new = await commands.policies.publish(
                    tx, visit.organization.id, kind, text, visit.actor
                )
            if is_new:
                return RedirectResponse(f"{_HOME}?published={kind.value}", status_code=303)
            form.errors.append(("text", _UNCHANGED))
        return _page(visit, kind, await newest_of(visit, kind), form)

    @router.get("/settings/policies/{kind}/{version}")
    async def read(visit: SignedInAsAdmin, kind: PolicyKind, version: Version) -> Response:
        async with database.transaction() as tx:
            policy = await queries.policies.version(tx, visit.organization.id, kind, version)
            if policy is None:
                raise facesheet.unknown("version")
            name = await _name_of(tx, visit, policy.published_by)
        title = _TITLES[kind]
        return tabs.render(visit, "policy.html", policy=policy, title=title, name=name, words=words)

    async def newest_of(visit: Visit, kind: PolicyKind) -> Policy | None:
        async with database.transaction() as tx:
            return await queries.policies.newest(tx, visit.organization.id, kind)

    return router


def _check(form: SettingsForm) -> None:
    # Browsers send CR LF; a text is the same text whoever sends it.
    text = form.entered.get("text", "").replace("\r\n", "\n")
    if not text:
        form.errors.append(("text", "Enter the text"))
        return
    try:
        form.given["text"] = _TEXT.validate_python(text)
    except ValidationError:
        sentence = f"Enter a text of at most {MOST_CHARACTERS:,} characters, without control ones"
        form.errors.append(("text", sentence))


async def _name_of(tx: Transaction, visit: Visit, actor: str) -> str:
    kind, _, staff_id = actor.partition(":")
    if kind != "staff":
        return "The EMR, by the API"
    found = await queries.staff.staff(tx, UUID(staff_id))
    ours = found is not None and found.organization_id == visit.organization.id
    return found.name if found and ours else "Somebody who works here no longer"


def _page(visit: Visit, kind: PolicyKind, newest: Policy | None, form: SettingsForm) -> Response:
    return tabs.render(
        visit,
        "policy_new.html",
        form.status,
        kind=kind.value,
        title=_TITLES[kind],
        newest=newest,
        form=form,
    )
