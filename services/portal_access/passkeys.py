"""Passkeys (WebAuthn level 3): a device's own key instead of a password, for this portal alone.

A passkey asks its holder for a finger, a face or a PIN, so that it stands for two factors.
"""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from chassis.database import Database, Transaction
from chassis.security.tokens import hash_of, new_token
from services.portal_access import passkey_answers, queries, rules
from services.portal_access.models import Account, Brand, Ceremony, Passkey, Purpose

CEREMONY_LIFE = timedelta(minutes=5)
"""How long somebody has to answer their device."""

_VERIFIED = UserVerificationRequirement.REQUIRED


@dataclass(frozen=True, slots=True)
class Begun:
    """A ceremony that a browser goes on with: its secret name, and what the device is asked."""

    name: str
    options: str
    """JSON, as PublicKeyCredential's parse…FromJSON take it."""


class Passkeys:
    """Makes passkeys, and lets people in by them."""

    def __init__(self, database: Database, portal_url: str) -> None:
        self._database = database
        parts = urlsplit(portal_url)
        self._host = parts.hostname or ""
        self._origin = f"{parts.scheme}://{parts.netloc}"

    @property
    def available(self) -> bool:
        """Whether there can be passkeys: they belong to a domain, never to an IP address."""
        return not rules.is_ip_address(self._host)

    async def ask_to_add(self, account: Account, brand: Brand) -> Begun:
        """Return what a device is asked that is to make a passkey."""
        async with self._database.transaction() as tx:
            known = await queries.passkeys.of(tx, account.id)
        options = webauthn.generate_registration_options(
            rp_id=self._host,
            rp_name=brand.name,
            user_id=account.id.bytes,
            user_name=account.email,
            exclude_credentials=[PublicKeyCredentialDescriptor(id=p.credential_id) for p in known],
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_VERIFIED
            ),
        )
        return await self._begin(
            Purpose.ADD_PASSKEY, options.challenge, webauthn.options_to_json(options)
        )

    async def ask_to_sign_in(self) -> Begun:
        """Return what a device is asked that is to let its holder in; it names nobody."""
        options = webauthn.generate_authentication_options(
            rp_id=self._host, user_verification=_VERIFIED
        )
        return await self._begin(
            Purpose.SIGN_IN, options.challenge, webauthn.options_to_json(options)
        )

    async def add(
        self, tx: Transaction, account: Account, ceremony: str, credential: str, name: str
    ) -> bool:
        """Keep a passkey that a device made; False when it is not what was asked for."""
        challenge = await queries.ceremonies.take(tx, hash_of(ceremony), Purpose.ADD_PASSKEY)
        answer = passkey_answers.read(credential)
        if challenge is None or answer is None:
            return False
        try:
            made = webauthn.verify_registration_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=self._host,
                expected_origin=self._origin,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError):
            return False
        new = Passkey(
            credential_id=made.credential_id,
            account_id=account.id,
            name=name,
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            transports=answer.transports,
            created_at=tx.now,
        )
        return await queries.passkeys.add(tx, new)

    async def account_by(self, organization: str, ceremony: str, credential: str) -> Account | None:
        """Return whose passkey answered, of an organisation whose portal is on; else None."""
        async with self._database.transaction() as tx:
            challenge = await queries.ceremonies.take(tx, hash_of(ceremony), Purpose.SIGN_IN)
            answer = passkey_answers.read(credential)
            passkey = await queries.passkeys.lock(tx, answer.id) if answer else None
            if challenge is None or passkey is None:
                return None
            if not await self._answered(tx, passkey, challenge, credential):
                return None
            account = await queries.accounts.account_with_open_portal(tx, passkey.account_id)
        return account if account and account.organization_id == organization else None

    async def _answered(
        self, tx: Transaction, passkey: Passkey, challenge: bytes, credential: str
    ) -> bool:
        try:
            answer = webauthn.verify_authentication_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=self._host,
                expected_origin=self._origin,
                credential_public_key=passkey.public_key,
                credential_current_sign_count=passkey.sign_count,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError):
            return False
        await queries.passkeys.used(tx, passkey.credential_id, answer.new_sign_count)
        return True

    async def _begin(self, purpose: Purpose, challenge: bytes, options: str) -> Begun:
        name = new_token()
        async with self._database.transaction() as tx:
            new = Ceremony(
                name_hash=hash_of(name),
                purpose=purpose,
                challenge=challenge,
                expires_at=tx.now + CEREMONY_LIFE,
            )
            await queries.ceremonies.begin(tx, new)
        return Begun(name, options)
