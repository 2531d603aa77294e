"""What administrators do about clients of the API, and what clients do to get a token."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import UUID, uuid4

from chassis.database import Transaction
from chassis.security.tokens import hash_of, new_token
from chassis.web.problems import ProblemError
from services.chart_service import audit, queries
from services.chart_service.audit import Act, Action
from services.chart_service.models import ApiClient

TOKEN_LIFE = timedelta(seconds=900)


async def add_client(
    tx: Transaction, organization_id: str, name: str, scopes: Sequence[str], actor: str
) -> tuple[ApiClient, str]:
    """Add a client; return it with its secret, which nobody can read again."""
    secret = new_token()
    client = ApiClient(
        id=uuid4(),
        organization_id=organization_id,
        name=name,
        secret_hash=hash_of(secret),
        scopes=sorted(scopes),
        created_at=tx.now,
        created_by=actor,
    )
    tx.session.add(client)
    detail = {"client": str(client.id), "scopes": client.scopes}
    await audit.record(tx, Act(organization_id, actor, Action.CLIENT_ADDED, detail=detail))
    return client, secret


async def revoke_client(tx: Transaction, organization_id: str, client_id: UUID, actor: str) -> None:
    """Revoke a client: its secret and all its tokens are worth nothing from now on.

    Raises:
        ProblemError: 404, there is none that works.
    """
    if not await queries.clients.revoke(tx, organization_id, client_id):
        raise ProblemError(404, "client_unknown", "There is no such client, or it is revoked.")
    detail = {"client": str(client_id)}
    await audit.record(tx, Act(organization_id, actor, Action.CLIENT_REVOKED, detail=detail))


async def issue_token(tx: Transaction, client: ApiClient, scopes: Collection[str]) -> str:
    """Return a new token of a client, good for TOKEN_LIFE."""
    token = new_token()
    until = tx.now + TOKEN_LIFE
    await queries.clients.add_token(tx, hash_of(token), client.id, sorted(scopes), until)
    return token
