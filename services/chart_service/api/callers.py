"""Who calls the API: the operator of the installation, or a client of one organisation.

Bearer tokens by RFC 6750; each route asks for the caller by the scope that it needs.
"""

import hmac
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request, Security
from fastapi.openapi.models import OAuthFlowClientCredentials, OAuthFlows
from fastapi.security import HTTPBearer, OAuth2, SecurityScopes

from chassis.database import Database
from chassis.security.tokens import hash_of
from chassis.web.problems import ProblemError
from services.chart_service import facesheet, queries
from services.chart_service.api.scopes import MEANINGS, ApiScope
from services.chart_service.audit import OPERATOR


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, for which organisation (None: for each), and what they may do."""

    actor: str
    organization_id: str | None
    scopes: frozenset[str]


class Callers:
    """Knows callers by their bearer tokens."""

    def __init__(self, database: Database, operator_token: str) -> None:
        self._database = database
        self._operator_token = operator_token.encode()

    async def of(self, request: Request) -> Caller:
        """Return who sent a request.

        Raises:
            ProblemError: 401, the token is missing, unknown, expired or its client was revoked.
        """
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise ProblemError(401, "token_needed", "This call needs a bearer token.")
        if hmac.compare_digest(token.encode(), self._operator_token):
            return Caller(OPERATOR, None, frozenset(ApiScope))
        async with self._database.transaction() as tx:
            found = await queries.clients.holder_of(tx, hash_of(token))
        if found is None:
            challenge = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
            sentence = "The bearer token is not known, or its time is over. Get a new one."
            raise ProblemError(401, "token_invalid", sentence, challenge)
        return Caller(f"client:{found.client_id}", found.organization_id, frozenset(found.scopes))


async def authenticated(request: Request) -> Caller:
    """Return the caller, who has something to do with the organisation in the path.

    Raises:
        ProblemError: 401, nobody knows the caller; 404, the organisation is not the client's.
    """
    if not hasattr(request.state, "caller"):
        callers: Callers = request.app.state.callers
        request.state.caller = await callers.of(request)
    caller: Caller = request.state.caller
    # Another organisation looks just like one that is not there.
    if caller.organization_id not in {None, request.path_params.get("organization")}:
        raise facesheet.unknown("organization")
    return caller


_oauth2 = OAuth2(
    flows=OAuthFlows(
        clientCredentials=OAuthFlowClientCredentials(
            tokenUrl="/oauth/token",
            scopes={scope.value: meaning for scope, meaning in MEANINGS.items()},
        )
    ),
    scheme_name="clientCredentials",
    description="A client of one organisation, made under Settings, Integrations (RFC 6749 4.4).",
    auto_error=False,
)
_operator = HTTPBearer(
    scheme_name="operator",
    description="PORTICO_API_TOKEN: whoever runs the installation, for all organisations.",
    auto_error=False,
)


async def _allowed(
    needed: SecurityScopes,
    caller: Annotated[Caller, Depends(authenticated)],
    _client: Annotated[Any, Depends(_oauth2)],
    _token: Annotated[Any, Depends(_operator)],
) -> Caller:
    missing = set(needed.scopes) - caller.scopes
    if missing:
        challenge = f'Bearer error="insufficient_scope", scope="{needed.scope_str}"'
        sentence = f"This call needs the scope {needed.scope_str}, which the token does not have."
        raise ProblemError(403, "insufficient_scope", sentence, {"WWW-Authenticate": challenge})
    return caller


def _with(scope: ApiScope) -> Any:
    return Security(_allowed, scopes=[scope.value])


ReadsOrganization = Annotated[Caller, _with(ApiScope.ORGANIZATION_READ)]
WritesOrganization = Annotated[Caller, _with(ApiScope.ORGANIZATION_WRITE)]
WritesStaff = Annotated[Caller, _with(ApiScope.STAFF_WRITE)]
ReadsCharts = Annotated[Caller, _with(ApiScope.CHARTS_READ)]
WritesCharts = Annotated[Caller, _with(ApiScope.CHARTS_WRITE)]
ReadsRecords = Annotated[Caller, _with(ApiScope.RECORDS_READ)]
WritesRecords = Annotated[Caller, _with(ApiScope.RECORDS_WRITE)]
ReadsInvitations = Annotated[Caller, _with(ApiScope.INVITATIONS_READ)]
WritesInvitations = Annotated[Caller, _with(ApiScope.INVITATIONS_WRITE)]
ReadsWebhooks = Annotated[Caller, _with(ApiScope.WEBHOOKS_READ)]
WritesWebhooks = Annotated[Caller, _with(ApiScope.WEBHOOKS_WRITE)]
