"""Tokens for clients of the API: OAuth 2.0 client credentials (RFC 6749 4.4) and metadata.

The known libraries for authorisation servers are made for synchronous frameworks and many grants;
this one grant is less code than their adaptation would be.
"""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from chassis.database import Database
from chassis.security.tokens import hash_of
from services.chart_service import commands, queries, throttle
from services.chart_service.api import token_requests
from services.chart_service.api.scopes import ApiScope
from services.chart_service.api.token_requests import (
    FORM,
    NOT_STORED,
    TokenRefusedError,
    TokenRequest,
)
from services.chart_service.schemas.clients import OAuthError, TokenAnswer, TokenForm

_BODY = {
    "requestBody": {
        "required": True,
        "content": {FORM: {"schema": TokenForm.model_json_schema()}},
    }
}
_ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"model": OAuthError, "description": "The request is wrong (RFC 6749 5.2)"},
    401: {"model": OAuthError, "description": "No client has this id and secret"},
    429: {"model": OAuthError, "description": "Too many wrong secrets: wait 15 minutes"},
}


def routes(database: Database, issuer: str) -> APIRouter:
    """Return the token endpoint, and what programs can learn of it by themselves."""
    router = APIRouter(tags=["Authorisation"])

    @router.post("/oauth/token", response_model=TokenAnswer, openapi_extra=_BODY, responses=_ERRORS)
    async def get_token(request: Request) -> Response:
        """Return an access token, good for 15 minutes.

        The client's id and secret come by HTTP Basic or in the form (RFC 6749 2.3.1).
        """
        address = request.client.host if request.client else ""
        try:
            asked = token_requests.read(request.headers, await request.body())
            answer = await _grant(asked, address)
        except TokenRefusedError as refused:
            return refused.response()
        return JSONResponse(answer.model_dump(), headers=NOT_STORED)

    async def _grant(asked: TokenRequest, address: str) -> TokenAnswer:
        async with database.transaction() as tx:
            client = await queries.clients.client_with_secret(
                tx, asked.client_id, hash_of(asked.client_secret)
            )
            scopes = _scopes(asked, client.scopes) if client else []
            if client:
                token = await commands.clients.issue_token(tx, client, scopes)
                return TokenAnswer(access_token=token, scope=" ".join(scopes))
            # Guesses are counted, and a right secret is never among too many.
            counted = throttle.sources(f"client {asked.client_id}", address)
            may_go_on = await throttle.count(tx, counted)
        raise token_requests.unknown_client(401 if may_go_on else 429)

    @router.get("/.well-known/oauth-authorization-server", include_in_schema=False)
    async def metadata() -> dict[str, Any]:
        """Describe the token endpoint (RFC 8414)."""
        return {
            "issuer": issuer,
            "token_endpoint": f"{issuer}/oauth/token",
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "grant_types_supported": ["client_credentials"],
            "response_types_supported": [],
            "scopes_supported": [scope.value for scope in ApiScope],
            "service_documentation": f"{issuer}/docs",
        }

    return router


async def forget_old(database: Database) -> None:
    """Drop tokens whose time is over."""
    async with database.transaction() as tx:
        await queries.clients.forget_tokens(tx)


def _scopes(asked: TokenRequest, allowed: list[str]) -> list[str]:
    if asked.scopes is None:
        return sorted(allowed)
    if not asked.scopes <= set(allowed):
        raise TokenRefusedError("invalid_scope", "The client may not have all these scopes.")
    return sorted(asked.scopes)
