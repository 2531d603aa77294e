"""Inviting many: the selection, the page that asks, and the page that shows how it goes."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import RedirectResponse, Response

from chassis.database import Database, Transaction
from chassis.web.csrf import protect
from services.chart_service import commands, queries
from services.chart_service.commands.bulk_invites import MOST
from services.chart_service.models import ItemState
from services.chart_service.pages import bulk_words, directory_view, standing_words, words
from services.chart_service.pages.directory_view import View
from services.chart_service.pages.visits import SignedIn, Visit
from services.chart_service.queries.directory_selection import Place

_PAGE_SIZE = 100
After = Annotated[int, Query(ge=0, le=MOST)]


def routes(database: Database, wake: Callable[[], None]) -> APIRouter:
    """Return the pages over this database; `wake` tells the worker that something was confirmed."""
    router = APIRouter(prefix="/directory/bulk", include_in_schema=False)

    @router.post("", dependencies=[Depends(protect)])
    async def select(
        visit: SignedIn,
        which: Annotated[str, Form()] = "picked",
        q: Annotated[str, Form()] = "",
        pick: Annotated[list[str], Form()] = [],  # noqa: B006 - FastAPI makes a new one
    ) -> Response:
        organization = visit.organization.id
        view = View.of(visit.request.query_params, q)
        async with database.transaction() as tx:
            chosen = await _all_of(tx, visit, view) if which == "all" else _picked(pick)
            if not chosen:
                return RedirectResponse(view.href(), status_code=303)
            bulk_id = await commands.bulk_invites.prepare(tx, organization, chosen, visit.actor)
        return RedirectResponse(f"/directory/bulk/{bulk_id}", status_code=303)

    @router.get("/{bulk_id}")
    async def show(visit: SignedIn, bulk_id: UUID, only: str = "", after: After = 0) -> Response:
        state = only if only in set(ItemState) else None
        async with database.transaction() as tx:
            values = await _progress(tx, visit.organization.id, bulk_id, state, after)
        is_part = visit.request.headers.get("hx-request") == "true"
        template = "bulk_progress.html" if is_part else "bulk_invite.html"
        return visit.render(template, **values)

    @router.post("/{bulk_id}", dependencies=[Depends(protect)])
    async def confirm(visit: SignedIn, bulk_id: UUID) -> Response:
        async with database.transaction() as tx:
            await commands.bulk_invites.confirm(tx, visit.organization.id, bulk_id, visit.actor)
            tx.after_commit.add(wake)
        return RedirectResponse(f"/directory/bulk/{bulk_id}", status_code=303)

    @router.post("/{bulk_id}/again", dependencies=[Depends(protect)])
    async def again(visit: SignedIn, bulk_id: UUID) -> Response:
        organization = visit.organization.id
        async with database.transaction() as tx:
            await commands.bulk_invites.known(tx, organization, bulk_id)
            refused = await queries.bulk.refused(tx, organization, bulk_id)
            chosen = [(item.chart_id, item.person_id) for item in refused]
            new_id = await commands.bulk_invites.prepare(tx, organization, chosen, visit.actor)
        return RedirectResponse(f"/directory/bulk/{new_id}", status_code=303)

    return router


async def _all_of(tx: Transaction, visit: Visit, view: View) -> list[tuple[str, str]]:
    selection = view.selection(visit.organization.id)
    rows = await queries.directory_list.page(tx, selection, Place(), MOST + 1)
    return [(row.chart_id, row.person_id) for row in rows]


def _picked(picks: list[str]) -> list[tuple[str, str]]:
    found = [directory_view.ENTRY.fullmatch(pick) for pick in picks]
    return [(match[1], match[2]) for match in found if match]


async def _progress(
    tx: Transaction, organization_id: str, bulk_id: UUID, state: str | None, after: int
) -> dict[str, Any]:
    bulk = await commands.bulk_invites.known(tx, organization_id, bulk_id)
    rows = await queries.bulk.people(tx, organization_id, bulk_id, state, _PAGE_SIZE + 1, after)
    return {
        "bulk": bulk,
        "counts": await queries.bulk.counts(tx, organization_id, bulk_id),
        "people": rows[:_PAGE_SIZE],
        "next_after": rows[_PAGE_SIZE - 1].position if len(rows) > _PAGE_SIZE else None,
        "only": state,
        "after": after,
        "bulk_words": bulk_words,
        "standing": standing_words,
        "words": words,
    }
