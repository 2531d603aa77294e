"""The pages that people read mails on; they need no script and load nothing from elsewhere."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.templating import Jinja2Templates

from chassis.web import languages, zones
from chassis.web.pages import HERE as DESIGN_SYSTEM
from devstack.inbox.api import TheMail, TheMailbox
from devstack.inbox.search import find

router = APIRouter(include_in_schema=False)
templates = Jinja2Templates([Path(__file__).parent / "templates", DESIGN_SYSTEM / "templates"])
templates.env.add_extension("jinja2.ext.i18n")
templates.env.install_gettext_callables(  # type: ignore[attr-defined] # the extension's
    languages.gettext, languages.ngettext, newstyle=True
)
templates.env.globals["language"] = languages.DEFAULT
templates.env.filters["here"] = zones.here

PAGE_SIZE = 50
# A mail may not run scripts, load anything, or act as this page; its links open in a new tab.
MAIL_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'"
)
LINKS_IN_NEW_TAB = '<base target="_blank">'


@router.get("/")
async def mails(
    request: Request,
    mailbox: TheMailbox,
    query: str = "",
    start: Annotated[int, Query(ge=0)] = 0,
    refresh: bool = False,
) -> HTMLResponse:
    """List the mails, newest first."""
    found = find(mailbox, query)
    context = {
        "mails": found[start : start + PAGE_SIZE],
        "total": len(found),
        "unread": mailbox.unread(),
        "start": start,
        "page_size": PAGE_SIZE,
        "query": query,
        # A later page holds still under its reader, whatever arrives.
        "refreshes": refresh and start == 0,
        "mailbox": mailbox,
    }
    return templates.TemplateResponse(request, "mails.html", context)


@router.get("/mail/{mail_id}")
async def mail(request: Request, mail: TheMail, mailbox: TheMailbox) -> HTMLResponse:
    """Show one mail: its HTML version in a frame, its text and its header."""
    mailbox.mark_read(mail)
    return templates.TemplateResponse(request, "mail.html", {"mail": mail})


@router.get("/mail/{mail_id}/html")
async def mail_html(mail: TheMail) -> HTMLResponse:
    """Return the HTML version alone, for the frame."""
    headers = {"Content-Security-Policy": MAIL_POLICY, "Referrer-Policy": "no-referrer"}
    return HTMLResponse(LINKS_IN_NEW_TAB + mail.html_with_images, headers=headers)


@router.post("/delete")
async def delete_all(mailbox: TheMailbox) -> RedirectResponse:
    """Delete all mails and go back to the list."""
    mailbox.clear()
    return RedirectResponse("/", status_code=303)


def not_found(request: Request) -> HTMLResponse:
    """Say that there is no such page."""
    return templates.TemplateResponse(request, "not_found.html", status_code=404)
