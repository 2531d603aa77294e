"""Bodies of the token endpoint, in the words of RFC 6749."""

from typing import Literal

from pydantic import BaseModel, Field

from services.chart_service.commands.clients import TOKEN_LIFE


class TokenForm(BaseModel):
    """A request for a token; id and secret are here or in the Authorization header."""

    grant_type: Literal["client_credentials"]
    scope: str | None = Field(default=None, description="Some of the client's scopes; else all.")
    client_id: str | None = None
    client_secret: str | None = None


class TokenAnswer(BaseModel):
    """An access token, for the header `Authorization: Bearer …`."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - the name of a type
    expires_in: int = int(TOKEN_LIFE.total_seconds())
    scope: str


class OAuthError(BaseModel):
    """Why there is no token (RFC 6749 5.2)."""

    error: str
    error_description: str
