"""The portal in Spanish: for whom, and for how long; and the portal on a home screen."""

import pytest

from chassis.web.languages import COOKIE
from contracts.access import NoticeKind, NoticeRequested
from contracts.invitations import InvitationIssued
from tests.integration.portal_access.stack import PASSWORD, Center, Visitor, heading_of

ROSA = "rosa@sunrise.example"


async def test_a_guardians_language_goes_with_their_invitation_and_notices(
    center: Center, visitor: Visitor
) -> None:
    await center.has_chart("c-1", "ana@sunrise.example")
    guardian = await center.has_guardian("c-1", ROSA, language="es-US")
    invitation_id, token = await center.invites(guardian)
    (issued,) = await center.stack.events.wait_for(
        InvitationIssued, lambda event: event.data.invitation_id == invitation_id
    )
    assert issued.data.language == "es-US"
    await visitor.accepts(token)
    await center.granted(invitation_id)
    await center.call("PATCH", "/charts/c-1/people/g-1", {"ended": True})
    (told,) = await center.stack.events.wait_for(
        NoticeRequested, lambda event: event.data.organization == center.id
    )
    assert (told.data.kind, told.data.language) == (NoticeKind.ACCESS_ENDED, "es-US")


async def test_who_follows_a_spanish_mail_stays_in_spanish(
    center: Center, visitor: Visitor
) -> None:
    _, token = await center.invites(
        await center.has_chart("c-1", ROSA, "Rosa", birth_date="1990-05-31", gender="female")
    )
    page = await visitor.get("/accept?lang=es")
    assert '<html lang="es">' in page.text
    assert COOKIE not in visitor.client.cookies
    wrong = await visitor.send(page, "/accept?lang=es", code="?")
    assert "Hay un problema" in wrong.text
    question = await visitor.send(wrong, "/accept?lang=es", code=token)
    assert heading_of(question) == "Cree su cuenta"
    weak = await visitor.registers(question, "short")
    assert "Escriba una contraseña de al menos 8 caracteres" in weak.text
    dashboard = await visitor.registers(weak, PASSWORD)
    assert "Próximas citas" in dashboard.text
    assert "31 de mayo de 1990" in dashboard.text
    assert "Femenino" in dashboard.text


async def test_a_language_is_chosen_on_any_page_and_the_page_stays(
    center: Center, visitor: Visitor
) -> None:
    path = f"/{center.id}/sign-in?notice=signed-out&lang=es"
    page = await visitor.get(path)
    assert heading_of(page) == "Iniciar sesión"
    english = await visitor.send(
        page, "/language", language="en", then=f"/{center.id}/sign-in?notice=signed-out"
    )
    assert heading_of(english) == "Sign in"
    assert english.url.query == b"notice=signed-out"
    assert heading_of(await visitor.get(path)) == "Sign in"


@pytest.mark.parametrize("page", ["https://other.example/", "//other.example", "/\\other.example"])
async def test_choosing_a_language_leads_to_no_other_site(visitor: Visitor, page: str) -> None:
    home = await visitor.get("/")
    there = await visitor.send(home, "/language", language="es", then=page)
    assert there.url.host == visitor.client.base_url.host
    assert there.url.path == "/"
    assert heading_of(there) == "Inicie sesión en su portal del paciente"


async def test_errors_are_in_the_readers_language(visitor: Visitor) -> None:
    visitor.client.headers["Accept-Language"] = "es-MX"
    page = await visitor.get("/no/such/page")
    assert heading_of(page) == "No se encontró la página"


async def test_the_portal_can_be_put_on_a_home_screen(center: Center, visitor: Visitor) -> None:
    page = await visitor.get(f"/{center.id}/sign-in")
    path = f"/{center.id}/manifest.webmanifest"
    assert f'rel="manifest" href="{path}"' in page.text
    assert "manifest-src 'self'" in page.headers["content-security-policy"]
    found = await visitor.get(path)
    assert found.headers["content-type"] == "application/manifest+json"
    manifest = found.json()
    assert (manifest["name"], manifest["start_url"]) == ("Sunrise Recovery Center", "/")
    for icon in manifest["icons"]:
        answer = await visitor.get(icon["src"])
        assert answer.headers["content-type"] == icon["type"]
    assert (await visitor.get("/manifest.webmanifest")).json()["name"] == "Patient portal"
    assert (await visitor.get("/no-such/manifest.webmanifest")).status_code == 404
