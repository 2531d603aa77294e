"""The way in of who gave the right password, or answered by a passkey."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from services.portal_access import language_choice
from services.portal_access.models import Account
from services.portal_access.second_step import SecondSteps
from services.portal_access.sign_in import SignIn

SECOND_STEP = "/sign-in/second-step"


class Entrance:
    """Lets people in who have proved enough."""

    def __init__(self, sign_in: SignIn, second_steps: SecondSteps) -> None:
        self._sign_in = sign_in
        self._second_steps = second_steps

    async def second_step(
        self, account: Account, invitation_id: UUID | None = None
    ) -> Response | None:
        """Return the way to the second step, None for whom the right password is enough.

        With an invitation, they go on to accept it.
        """
        response = RedirectResponse(SECOND_STEP, 303)
        is_asked = await self._second_steps.begin(response, account.id, invitation_id)
        return response if is_asked else None

    async def after_password(self, request: Request, account: Account) -> Response:
        """Let somebody in whose password is right, or ask for the second step first."""
        return await self.second_step(account) or await self.admit(request, account, None)

    async def after_passkey(self, request: Request, account: Account) -> Response:
        """Let somebody in whose passkey answered; a password before it needs no more."""
        begun = await self._second_steps.of(request)
        invitation_id = begun.invitation_id if begun else None
        return await self.admit(request, account, invitation_id)

    async def admit(
        self, request: Request, account: Account, invitation_id: UUID | None
    ) -> Response:
        """Begin the session of somebody who has proved enough."""
        there = f"/accept/sign-in?invitation={invitation_id}" if invitation_id else "/"
        response = RedirectResponse(there, 303)
        language_choice.keep_mails(request, response)
        await self._second_steps.drop(request, response)
        await self._sign_in.begin(request, response, account.id)
        return response
