"""The API for chart_service: how a mail would look, and one to try. Signed calls."""

import asyncio
from uuid import uuid4

from aiosmtplib import SMTPException
from fastapi import APIRouter, Depends, Request

from chassis import telemetry
from chassis.security.call_verifier import Verifier
from chassis.web.problems import Problem, ProblemError
from services.notification_service.preview import Samples
from services.notification_service.schemas import MailLook, MailToTry, Preview, Tried
from services.notification_service.sender import mail_server
from services.notification_service.settings import Settings
from services.notification_service.smtp import InterruptedDeliveryError, RefusedError

_LONGEST_SECONDS = 20.0
"""Somebody waits in front of a page: the mail server has less time than for other mails."""

_log = telemetry.logger("api")


def routes(settings: Settings, verifier: Verifier) -> APIRouter:
    """Return the API, for callers whom the verifier knows."""

    async def signed(request: Request) -> None:
        await verifier.claims(request)

    router = APIRouter(prefix="/api/v1", dependencies=[Depends(signed)])
    samples = Samples(settings.mail_from, settings.portal_url)

    @router.post("/previews")
    async def preview(body: MailLook) -> Preview:
        """Show a mail of this look, exactly as it would be sent but for its link."""
        return samples.preview(body)

    @router.post("/test-mails", status_code=202, responses={502: {"model": Problem}})
    async def try_out(body: MailToTry) -> Tried:
        """Send a mail of this look now; 502 tells what the mail server said instead."""
        message_id = f"<{uuid4()}@{settings.mail_from.partition('@')[2]}>"
        await _send(settings, body.to, samples.mail(body, message_id))
        return Tried(message_id=message_id)

    return router


async def _send(settings: Settings, to: str, mail: bytes) -> None:
    server = mail_server(settings)
    try:
        async with asyncio.timeout(_LONGEST_SECONDS):
            await server.send(settings.mail_from, to, mail)
    except RefusedError as error:
        _log.warning("test mail refused", code=error.code)
        said = f"The mail server refused the mail. It said: {error.code} {error.reply}"
        raise ProblemError(502, "mail_refused", said) from error
    except (SMTPException, OSError, TimeoutError, InterruptedDeliveryError) as error:
        _log.warning("test mail not sent", exc=error)
        detail = "The mail server does not answer. Try again, or tell whoever runs Portico."
        raise ProblemError(502, "mail_server_away", detail) from error
    finally:
        server.close()
