"""Users (portal administrators): who may sign in, and as what."""

from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response

from chassis.database import Database
from chassis.web.csrf import protect
from chassis.web.problems import ProblemError
from services.chart_service import commands, queries
from services.chart_service.models import Staff
from services.chart_service.pages import forms, user_forms, words
from services.chart_service.pages.oidc import Offer
from services.chart_service.pages.user_forms import ROLES, UserForm
from services.chart_service.pages.visits import SignedInAsAdmin, Visit

_DONE = {
    "added": "The user is added and can sign in now",
    "saved": "The changes are saved",
    "reactivated": "The user is reactivated and may sign in again",
    "deactivated": "The user is deactivated and signed out everywhere",
    "unlinked": "The link is removed. The next sign-in there makes a new one",
}


def routes(database: Database, offer: Offer, emr_url: str) -> APIRouter:
    """Return the pages over this database, for portal administrators."""
    router = APIRouter()

    @router.get("/users")
    async def users(visit: SignedInAsAdmin, done: str = "") -> Response:
        async with database.transaction() as tx:
            rows = await queries.staff.all_staff(tx, visit.organization.id)
            links = await queries.sign_in.password_links(tx, visit.organization.id)
        said = _DONE.get(done)
        return visit.render(
            "users.html", rows=rows, links=links, offer=offer, done=said, words=words
        )

    @router.get("/users/new")
    async def ask(visit: SignedInAsAdmin) -> Response:
        return _adding(visit, user_forms.of_new_user(), offer)

    @router.post("/users/new", dependencies=[Depends(protect)])
    async def add(visit: SignedInAsAdmin) -> Response:
        form = user_forms.read_new(await forms.values(visit.request))
        if form.errors:
            return _adding(visit, form, offer)
        new = commands.staff.new_staff(visit.organization.id, **form.given)
        try:
            async with database.transaction() as tx:
                await commands.staff.add(tx, new, visit.actor)
                code = await commands.staff.give_link(tx, new) if offer.passwords else None
        except ProblemError as problem:
            form.errors.append(("email", problem.detail))
            return _adding(visit, form, offer)
        if code is None:
            return RedirectResponse("/users?done=added", status_code=303)
        return hand_over(visit, new, link_with(emr_url, code), offer)

    @router.get("/users/{user}")
    async def show(visit: SignedInAsAdmin, user: UUID, done: str = "") -> Response:
        return await _details(visit, user, done=_DONE.get(done))

    @router.post("/users/{user}", dependencies=[Depends(protect)])
    async def save(visit: SignedInAsAdmin, user: UUID) -> Response:
        form = user_forms.read_changes(await forms.values(visit.request))
        if form.errors:
            return await _details(visit, user, form)
        try:
            async with database.transaction() as tx:
                given = form.given
                await commands.staff.change(tx, visit.organization.id, user, given, visit.actor)
        except ProblemError as problem:
            form.errors.append(("role", problem.detail))
            return await _details(visit, user, form)
        return RedirectResponse(f"/users/{user}?done=saved", status_code=303)

    async def _details(
        visit: Visit, user: UUID, form: UserForm | None = None, done: str | None = None
    ) -> Response:
        async with database.transaction() as tx:
            known = await commands.staff.member(tx, visit.organization.id, user)
            links = await queries.sign_in.password_links(tx, visit.organization.id)
        return visit.render(
            "user.html",
            422 if form else 200,
            user=known,
            form=form or user_forms.of_user(known),
            link_until=links.get(known.id),
            roles=ROLES,
            offer=offer,
            done=done,
            words=words,
        )

    return router


def _adding(visit: Visit, form: UserForm, offer: Offer) -> Response:
    status = 422 if form.errors else 200
    return visit.render("add_user.html", status, form=form, roles=ROLES, offer=offer)


def link_with(emr_url: str, code: str) -> str:
    """Return the link to choose a password; no server sees what stands after the #."""
    return f"{emr_url.rstrip('/')}/set-password#{code}"


def hand_over(visit: Visit, user: Staff, link: str, offer: Offer) -> Response:
    """Return the page that shows a link, this once."""
    return visit.render("user_link.html", user=user, link=link, offer=offer)
