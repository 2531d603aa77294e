"""Each role from the mail in the inbox to the dashboard, and what is there for it."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.mails import follow, mailing
from tests.integration.portal_access.stack import PASSWORD, Center, Stack

EVERYBODYS = ["Dashboard", "My documents", "My treatment plans", "My files", "My account"]
SECTIONS = {
    "patient": [*EVERYBODYS, "My information", "My appointments", "My medications"],
    "guardian": [*EVERYBODYS, "My information", "My appointments", "My medications"],
    "guarantor": EVERYBODYS,
}
"""ROLE_TABLE.md; messages are off."""


@pytest.fixture(scope="module")
async def inbox(stack: Stack) -> AsyncIterator[str]:
    """The address of the inbox to which all mails of the stack go."""
    async with mailing(stack) as url:
        yield url


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    """The window in which somebody reads their mail."""
    context = await browser.new_context()
    yield await context.new_page()
    await context.close()


async def invites(center: Center, role: str) -> str:
    """Invite somebody in a role; return the address that the mail goes to."""
    email = f"{role}@{center.id}.example"
    patient = await center.has_chart("c-1", email if role == "patient" else "kid@family.example")
    if role == "patient":
        await center.invites(patient)
    else:
        relationship = role.capitalize()
        await center.invites(await center.has_guardian("c-1", email, relationship=relationship))
    return email


@pytest.mark.parametrize("role", list(SECTIONS))
async def test_from_the_mail_to_the_dashboard(
    stack: Stack, inbox: str, page: Page, role: str
) -> None:
    center = Center(stack)
    await center.opens()
    email = await invites(center, role)
    portal = await follow(inbox, page, email, "Your invitation", "Set up your account")
    await portal.get_by_role("button", name="Continue").click()
    await portal.get_by_label("Choose a password").fill(PASSWORD)
    await portal.get_by_label("I agree to the terms").check()
    await portal.get_by_role("button", name="Create account").click()
    await expect(portal.get_by_role("heading", level=1)).to_have_text("Ana Lopez")
    words = "Your own chart" if role == "patient" else f"You are the {role}"
    await expect(portal.get_by_text(words)).to_be_visible()
    links = portal.get_by_role("navigation", name="Chart").get_by_role("link")
    assert sorted(await links.all_inner_texts()) == sorted(SECTIONS[role])
