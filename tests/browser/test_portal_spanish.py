"""A Spanish-speaking guardian goes from the link in their mail to the dashboard."""

from playwright.async_api import Browser, expect

from tests.browser.checks import check_on_all_screens
from tests.integration.portal_access.stack import PASSWORD, Center, Stack

ADDRESS = "ana@sunrise.example"


async def test_from_the_spanish_mail_to_the_spanish_dashboard(
    browser: Browser, stack: Stack
) -> None:
    center = Center(stack)
    await center.opens()
    await center.has_chart("c-1", ADDRESS, birth_date="2010-05-31")
    guardian = await center.has_guardian("c-1", "rosa@sunrise.example", language="es")
    _, token = await center.invites(guardian)
    context = await browser.new_context(base_url=stack.portal_url, locale="en-US")
    page = await context.new_page()
    await page.goto(f"/accept?lang=es#{token}")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Acepte su invitación")
    await check_on_all_screens(page)
    await page.get_by_role("button", name="English").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Accept your invitation")
    await expect(page.get_by_label("Your invitation code")).to_have_value(token)
    await page.get_by_role("button", name="Español").click()
    await expect(page.get_by_label("Su código de invitación")).to_have_value(token)
    await page.get_by_role("button", name="Continuar").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Cree su cuenta")
    await check_on_all_screens(page)
    await page.get_by_label("Elija una contraseña").fill(PASSWORD)
    await page.get_by_label("Acepto las condiciones").check()
    await page.get_by_role("button", name="Crear cuenta").click()
    await expect(page.get_by_text("Usted es el tutor legal")).to_be_visible()
    await expect(page.get_by_text("31 de mayo de 2010")).to_be_visible()
    assert await page.evaluate("document.documentElement.lang") == "es"
    await check_on_all_screens(page)
    await context.close()
