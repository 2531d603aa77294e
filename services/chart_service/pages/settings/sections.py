"""Settings: which sections of the portal are on, and messages."""

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from chassis.database import Database
from chassis.web.csrf import protect
from contracts.scopes import Section
from services.chart_service import commands
from services.chart_service.pages.settings import fields, tabs
from services.chart_service.pages.visits import SignedInAsAdmin

_HOME = "/settings/sections"
_SECTIONS = {
    Section.INFORMATION: ("My information", "Demographics, insurance and contacts."),
    Section.APPOINTMENTS: ("My appointments", "Upcoming and past appointments."),
    Section.DOCUMENTS: ("My documents", "Shared evaluations and consents, and outcomes."),
    Section.TREATMENT_PLANS: ("My treatment plans", "Shared treatment plans."),
    Section.MEDICATIONS: ("My medications", "Medications with their pharmacy."),
    Section.FILES: ("My files", "Uploads of identity and insurance cards and pictures."),
}


def routes(database: Database) -> APIRouter:
    """Return the page over this database."""
    router = APIRouter()

    @router.get("/settings/sections")
    async def show(visit: SignedInAsAdmin, saved: str | None = None) -> Response:
        off = visit.organization.sections_off
        choices = [(s.value, *words, s.value not in off) for s, words in _SECTIONS.items()]
        return tabs.render(visit, "sections.html", choices=choices, news=tabs.news_of(saved))

    @router.post("/settings/sections", dependencies=[Depends(protect)])
    async def save(visit: SignedInAsAdmin) -> Response:
        form = await fields.read(visit.request)
        form.choice("messages_enabled")
        off = [s.value for s in Section if form.entered.get(f"section_{s.value}") != "yes"]
        async with database.transaction() as tx:
            changed = await commands.organizations.change_organization(
                tx, visit.organization.id, form.given | {"sections_off": off}, visit.actor
            )
        return tabs.back_to(_HOME, changed)

    return router
