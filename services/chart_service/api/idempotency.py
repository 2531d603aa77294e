"""Requests that must not be done twice: the same key and request get the same answer for a day.

By draft-ietf-httpapi-idempotency-key-header. The answer is kept in the transaction of the work, so
that there is never one without the other; a request that failed may be tried again.
"""

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, TypeVar

from fastapi import Depends, Header, Request
from pydantic import BaseModel, BeforeValidator, StringConstraints

from chassis.database import Database, Transaction
from chassis.web.problems import ProblemError
from services.chart_service import queries
from services.chart_service.api.callers import Caller, authenticated

KEPT_FOR = timedelta(hours=24)

Answer = TypeVar("Answer", bound=BaseModel)

IdempotencyKey = Annotated[
    Annotated[str, StringConstraints(pattern=r"^[\x21\x23-\x7e]{1,255}$")] | None,
    BeforeValidator(lambda sent: sent.strip('"') if isinstance(sent, str) else sent),
    Header(
        description="A value of the request's own, such as a UUID, bare or in double quotes. Sent "
        "again within 24 hours, the same request gets the same answer and is not done twice."
    ),
]


@dataclass(frozen=True, slots=True)
class Once:
    """A request with its key, if it has one."""

    organization_id: str
    caller: str
    key: str | None
    fingerprint: bytes

    async def answer(
        self, tx: Transaction, model: type[Answer], work: Callable[[], Awaitable[Answer]]
    ) -> Answer:
        """Do the work and keep its answer, or return the answer that was kept.

        Raises:
            ProblemError: 409, the same key is at work just now; 422, it was used otherwise.
        """
        if self.key is None:
            return await work()
        if not await queries.idempotency.lock(tx, self.organization_id, self.caller, self.key):
            sentence = "A request with this Idempotency-Key is at work. Try again in a moment."
            raise ProblemError(409, "idempotency_key_in_use", sentence, {"Retry-After": "1"})
        known = await queries.idempotency.kept(
            tx, self.organization_id, self.caller, self.key, tx.now - KEPT_FOR
        )
        if known is None:
            done = await work()
            await self._keep(tx, done)
            return done
        if not hmac.compare_digest(known.fingerprint, self.fingerprint):
            sentence = "This Idempotency-Key was used for another request. Use a new one."
            raise ProblemError(422, "idempotency_key_reused", sentence)
        return model.model_validate_json(known.body)

    async def _keep(self, tx: Transaction, done: BaseModel) -> None:
        await queries.idempotency.keep(
            tx,
            organization_id=self.organization_id,
            caller=self.caller,
            key=self.key,
            fingerprint=self.fingerprint,
            body=done.model_dump_json(),
        )


async def _once(
    request: Request,
    caller: Annotated[Caller, Depends(authenticated)],
    idempotency_key: IdempotencyKey = None,
) -> Once:
    # Keyed, for a body may hold a password, of which a bare hash would say too much.
    secret: str = request.app.state.cookies.secret
    said = f"{request.method} {request.url.path}\n".encode() + await request.body()
    fingerprint = hmac.new(secret.encode(), said, hashlib.sha256).digest()
    organization = request.path_params["organization"]
    return Once(organization, caller.actor, idempotency_key, fingerprint)


OnlyOnce = Annotated[Once, Depends(_once)]
"""What a route asks for that makes something."""


async def forget_old(database: Database) -> None:
    """Drop answers that are kept no longer."""
    async with database.transaction() as tx:
        await queries.idempotency.forget(tx, tx.now - KEPT_FOR)
