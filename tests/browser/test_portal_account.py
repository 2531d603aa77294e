"""My Account in a browser: every page of it, an authenticator app, and passkeys."""

import re
from collections.abc import AsyncIterator
from urllib.parse import parse_qsl

import pyotp
import pytest
from playwright.async_api import Browser, CDPSession, Page, expect

from tests.browser.checks import check_on_all_screens
from tests.integration.portal_access.stack import PASSWORD, Center, Stack

ANA = "ana@sunrise.example"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
async def center(stack: Stack) -> Center:
    """A treatment centre with its portal on."""
    opened = Center(stack)
    await opened.opens()
    return opened


@pytest.fixture
async def page(browser: Browser, center: Center) -> AsyncIterator[Page]:
    """A browser in which Ana is signed in."""
    context = await browser.new_context(base_url=center.stack.portal_url)
    page = await context.new_page()
    _, token = await center.invites(await center.has_chart("c-1", ANA))
    await page.goto(f"/accept#{token}")
    await page.get_by_role("button", name="Continue").click()
    await page.get_by_label("Choose a password").fill(PASSWORD)
    await page.get_by_label("I agree to the terms").check()
    await page.get_by_role("button", name="Create account").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Ana Lopez")
    yield page
    await context.close()


async def has_device(page: Page) -> CDPSession:
    """Give the browser a device that makes passkeys, and whose owner says yes."""
    devices = await page.context.new_cdp_session(page)
    await devices.send("WebAuthn.enable")
    await devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return devices


async def sign_out(page: Page) -> None:
    await page.get_by_role("button", name="Sign out", exact=True).first.click()
    await expect(page.get_by_text("You are signed out")).to_be_visible()


async def give_password(page: Page) -> None:
    await page.get_by_label("E-mail address").fill(ANA)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()


async def test_a_passkey_lets_in_without_a_password(page: Page) -> None:
    await has_device(page)
    await page.get_by_role("link", name="My account").click()
    await page.get_by_role("link", name="Add a passkey").click()
    await expect(page.get_by_text("This browser makes no passkeys")).to_have_count(0)
    await check_on_all_screens(page)
    await page.get_by_label("A name for this passkey").fill("My phone")
    await page.get_by_role("button", name="Add a passkey").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    await page.get_by_role("link", name="Not now").click()
    await expect(page.get_by_text("My phone").first).to_be_visible()
    await check_on_all_screens(page)
    await sign_out(page)
    await check_on_all_screens(page)
    await page.get_by_role("button", name="Sign in with a passkey").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Ana Lopez")


async def test_who_waits_too_long_gives_the_password_again(center: Center, page: Page) -> None:
    await has_device(page)
    await page.goto("/account/passkeys/new")
    async with center.stack.database.transaction() as tx:
        await tx.run("UPDATE sessions SET confirmed_at = confirmed_at - interval '11 minutes'")
    await page.get_by_role("button", name="Add a passkey").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Confirm that it is you")
    await page.get_by_label("Your password").fill(PASSWORD)
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Add a passkey")


async def test_a_passkeys_answer_is_taken_once(page: Page) -> None:
    await has_device(page)
    await page.goto("/account/passkeys/new")
    await page.get_by_role("button", name="Add a passkey").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    await sign_out(page)
    async with page.expect_request(lambda r: r.url.endswith("/sign-in/passkey")) as sent:
        await page.get_by_role("button", name="Sign in with a passkey").click()
    request = await sent.value
    await expect(page.get_by_role("heading", level=1)).to_have_text("Ana Lopez")
    await sign_out(page)
    form: dict[str, str | float | bool] = dict(parse_qsl(request.post_data or ""))
    assert form["credential"]
    again = await page.context.request.post(request.url, form=form)
    assert again.url.endswith("notice=passkey-failed")
    await page.goto("/")
    await expect(page.get_by_role("button", name="Sign out")).to_have_count(0)


async def test_with_a_passkey_the_password_alone_lets_nobody_in(page: Page) -> None:
    devices = await has_device(page)
    await page.goto("/account/passkeys/new")
    await page.get_by_role("button", name="Add a passkey").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    await sign_out(page)
    await give_password(page)
    await expect(page.get_by_role("heading", level=1)).to_have_text("One more step")
    await check_on_all_screens(page)
    await page.get_by_role("button", name="Use a passkey").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Ana Lopez")
    await page.goto("/account")
    await page.get_by_role("button", name=re.compile("^Remove ")).click()
    await expect(page.get_by_text("The passkey is removed")).to_be_visible()
    await sign_out(page)
    await page.get_by_role("button", name="Sign in with a passkey").click()
    await expect(page.get_by_text("This passkey did not let you in")).to_be_visible()
    await devices.send("WebAuthn.disable")
    await give_password(page)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Ana Lopez")


async def test_an_app_is_set_up_by_its_key_and_asked_for(page: Page) -> None:
    await page.goto("/account")
    await page.get_by_role("button", name="Set up an app").click()
    await check_on_all_screens(page)
    await expect(page.get_by_role("img", name="A code to scan")).to_be_visible()
    key = (await page.locator(".key").inner_text()).replace(" ", "")
    await page.get_by_label("Code from your app").fill(pyotp.TOTP(key).now())
    await page.get_by_label("Code from your app").press("Enter")
    await page.get_by_role("button", name="Show my recovery codes").click()
    await check_on_all_screens(page)
    code = await page.locator(".codes li").first.inner_text()
    await page.get_by_role("link", name="I have kept them").click()
    await check_on_all_screens(page)
    await sign_out(page)
    await give_password(page)
    await expect(page.get_by_role("heading", level=1)).to_have_text("One more step")
    await check_on_all_screens(page)
    await page.get_by_text("I have neither my app nor a passkey at hand").click()
    await page.get_by_label("Recovery code").fill(code)
    await page.get_by_role("button", name="Sign in with the recovery code").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Ana Lopez")


@pytest.mark.parametrize("path", ["email", "phone", "password", "confirm", "recovery-codes"])
async def test_a_page_of_the_account_can_be_used_by_everybody(page: Page, path: str) -> None:
    await page.goto(f"/account/{path}")
    await check_on_all_screens(page)
