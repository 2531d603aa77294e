"""The texts that people agree to, for everybody to read, and the question after a new version."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from chassis.database import Database
from chassis.web.csrf import protect
from chassis.web.languages import gettext, marked
from chassis.web.problems import ProblemError
from contracts.chart import PolicyKind
from services.portal_access import queries, rules
from services.portal_access.models import Account, Brand
from services.portal_access.rules import Agreement
from services.portal_access.sign_in import SignIn

AGREEMENT = "/agreement"

_AGREE_FIRST = marked("Tick the box if you agree, or sign out")
Text = Annotated[str, Form(max_length=20)]
Version = Annotated[int | None, Query(ge=1, le=1_000_000)]


def routes(database: Database, sign_in: SignIn) -> APIRouter:
    """Return the pages with the terms of service and the privacy policy."""
    router = APIRouter(include_in_schema=False)

    @router.get("/terms")
    async def general_terms(request: Request) -> Response:
        """Show the terms of service of organisations that published none."""
        return _page(request, "terms.html", None)

    @router.get("/privacy")
    async def general_privacy(request: Request) -> Response:
        """Show the privacy policy of organisations that published none."""
        return _page(request, "privacy.html", None)

    @router.get("/{organization}/terms")
    async def terms(request: Request, organization: str, version: Version = None) -> Response:
        """Show an organisation's terms of service."""
        return await show(request, organization, PolicyKind.TERMS, version)

    @router.get("/{organization}/privacy")
    async def privacy(request: Request, organization: str, version: Version = None) -> Response:
        """Show an organisation's privacy policy."""
        return await show(request, organization, PolicyKind.PRIVACY, version)

    async def show(
        request: Request, organization: str, kind: PolicyKind, version: int | None
    ) -> Response:
        if not organization.isprintable():
            raise _not_here()
        async with database.transaction() as tx:
            brand = await queries.brands.brand(tx, organization)
            versions = await queries.policies.versions(tx, organization, kind)
        if brand is None:
            raise _not_here()
        if not versions and version is None:
            return _page(request, f"{kind}.html", brand)
        found = next((one for one in versions if version in {None, one.version}), None)
        if found is None:
            raise _not_here()
        return _page(request, "policy.html", brand, policy=found, versions=versions)

    @router.get(AGREEMENT)
    async def ask(request: Request) -> Response:
        """Ask a signed-in person to agree to what is new."""
        account = await sign_in.account(request)
        return await question(request, account) if account else RedirectResponse("/", 303)

    @router.post(AGREEMENT, dependencies=[Depends(protect)])
    async def agree(
        request: Request, agreed: Text = "", terms: Text = "", privacy: Text = ""
    ) -> Response:
        """Note what a signed-in person agrees to: the versions that they were shown."""
        account = await sign_in.account(request)
        if account and agreed != "yes":
            return await question(request, account, [("agreed", gettext(_AGREE_FIRST))])
        if account:
            async with database.transaction() as tx:
                newest = await queries.policies.newest(tx, account.organization_id)
                shown = rules.agreement_in(terms, privacy).at_most(newest)
                await queries.policies.agree(tx, account, shown)
        return RedirectResponse("/", 303)

    async def question(
        request: Request, account: Account, errors: list[tuple[str, str]] | None = None
    ) -> Response:
        async with database.transaction() as tx:
            brand = await queries.brands.brand(tx, account.organization_id)
            newest = await queries.policies.newest(tx, account.organization_id)
        if not is_due(account, newest):
            return RedirectResponse("/", 303)
        status = 422 if errors else 200
        return _page(
            request,
            "agreement.html",
            brand,
            status,
            account=account,
            newest=newest,
            errors=errors or [],
        )

    return router


def is_due(account: Account, newest: Agreement) -> bool:
    """Tell whether somebody has yet to agree to a version that holds now."""
    return account.terms_version < newest.terms or account.privacy_version < newest.privacy


def _not_here() -> ProblemError:
    return ProblemError(404, "not_found", marked("There is no such text at this address."))


def _page(
    request: Request, template: str, brand: Brand | None, status: int = 200, **values: object
) -> Response:
    page: Response = request.app.state.pages.render(
        request, template, status, brand=brand, **values
    )
    return page
