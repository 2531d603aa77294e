"""What the steps of an acceptance share: which one it is on, and how its pages are made."""

from typing import Any

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from services.portal_access.acceptance import Step

Errors = list[tuple[str, str]]


def elsewhere(step: Step, here: str) -> Response | None:
    """Return the way to the page that this visitor is on, None when they are on it."""
    if step.acceptance.redeemed:
        return to(step, "done")
    there = _page_of(step)
    return None if there == here else to(step, there)


def _page_of(step: Step) -> str:
    if step.birth_date_needed:
        return "birth-date"
    return "sign-in" if step.account else "register"


def to(step: Step, page: str) -> Response:
    """Return the way to a page of the same acceptance."""
    return RedirectResponse(f"/accept/{page}?invitation={step.acceptance.invitation_id}", 303)


def page(
    request: Request,
    template: str,
    step: Step,
    status: int = 200,
    *,
    errors: Errors | None = None,
    away: bool = False,
    **values: Any,
) -> Response:
    """Return a page; its template sees the step, and `away` if a neighbour does not answer."""
    response: Response = request.app.state.pages.render(
        request,
        template,
        status,
        brand=step.brand,
        step=step,
        acceptance=step.acceptance,
        errors=errors or [],
        away=away,
        **values,
    )
    return response
