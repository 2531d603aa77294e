"""A poisoned event is found in the console, replayed once its cause is gone, and gone itself."""

from collections.abc import AsyncIterator

import pytest
from aiokafka import ConsumerRecord
from playwright.async_api import Browser, Page, expect

from contracts.invitations import InvitationAccepted
from tests.browser.checks import check_on_all_screens
from tests.browser.ops_console import watching, window
from tests.integration.portal_access.accepted import acceptance_of, register
from tests.integration.portal_access.stack import Center, Stack


@pytest.fixture
async def page(browser: Browser, stack: Stack) -> AsyncIterator[Page]:
    """The window of somebody who signed in to the console."""
    async with watching(stack) as url, window(browser, url, "/dead-letters") as page:
        yield page


@pytest.fixture
async def center(stack: Stack) -> Center:
    """A treatment centre with its portal on."""
    opened = Center(stack)
    await opened.opens()
    return opened


async def poisoned(center: Center, stack: Stack) -> tuple[InvitationAccepted, str]:
    """Publish an acceptance that nobody registered for; return it, and its dead letter's id."""
    event = acceptance_of(center, "c-lost")
    await stack.events.publish(event)

    def is_it(record: ConsumerRecord) -> bool:
        return str(event.id).encode() in record.value

    letter = await stack.events.wait_for_dead_letter(is_it)
    topic = letter.topic.removesuffix(".dlq")
    return event, f"{topic}/{letter.partition}/{letter.offset}"


async def test_a_poisoned_event_is_found_replayed_and_gone(
    center: Center, stack: Stack, page: Page
) -> None:
    event, letter = await poisoned(center, stack)
    await page.reload()
    await check_on_all_screens(page)
    await page.get_by_role("link", name="handler_failed on invitation.lifecycle.v1").click()
    await check_on_all_screens(page)
    await page.get_by_role("link", name=letter, exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("InvitationAccepted")
    await expect(page.get_by_text("AccountMissingError").first).to_be_visible()
    await check_on_all_screens(page)
    await register(event, center, stack)
    await page.get_by_role("link", name="Replay").click()
    await check_on_all_screens(page)
    await page.get_by_role("button", name="Yes, replay").click()
    await expect(page.get_by_text("Replayed: 1")).to_be_visible()
    await center.granted(event.data.invitation_id)
    await page.goto(f"/dead-letters/one?id={letter}")
    await expect(page.get_by_role("row", name="Replayed ops:ops")).to_be_visible()
    await expect(page.get_by_role("link", name="Replay", exact=True)).to_have_count(0)
    again = await page.goto(f"/dead-letters/replay?id={letter}")
    assert again is not None
    assert again.status == 409


async def test_what_nobody_needs_is_discarded_with_a_reason(
    center: Center, stack: Stack, page: Page
) -> None:
    _, letter = await poisoned(center, stack)
    await page.goto(f"/dead-letters/discard?id={letter}")
    await page.get_by_role("button", name="Discard").click()
    await expect(page.get_by_role("alert")).to_contain_text("Say why")
    await check_on_all_screens(page)
    await page.get_by_label("Why").fill("a test of the EMR")
    await page.get_by_role("button", name="Discard").click()
    await expect(page.get_by_text("Discarded: 1")).to_be_visible()
    await page.goto(f"/dead-letters/one?id={letter}")
    await expect(page.get_by_role("row", name="Discarded ops:ops")).to_contain_text("a test")
