"""The texts that people agree to, and the sections that an organisation leaves on."""

from tests.integration.portal_access.stack import (
    PASSWORD,
    Center,
    Stack,
    Visitor,
    heading_of,
    is_signed_in,
)
from tests.waiting import until

ADDRESS = "ana@sunrise.example"


async def publish(center: Center, kind: str, text: str) -> None:
    """Publish a text, and wait until the portal has it."""
    version = (await center.call("PUT", f"/policies/{kind}", {"text": text})).json()["version"]
    query = """
        SELECT count(*) FROM policies
        WHERE organization_id = :id AND kind = :kind AND version = :version
    """

    async def heard() -> bool:
        return await center.stack.rows(query, id=center.id, kind=kind, version=version) == 1

    await until(heard)


async def agreed_to(center: Center, terms: int, privacy: int) -> bool:
    query = """
        SELECT count(*) FROM accounts WHERE organization_id = :id
            AND terms_version = :terms AND privacy_version = :privacy
    """
    return await center.stack.rows(query, id=center.id, terms=terms, privacy=privacy) == 1


async def test_a_text_is_shown_with_its_version_and_the_earlier_ones(
    center: Center, visitor: Visitor
) -> None:
    general = await visitor.get(f"/{center.id}/terms")
    assert "It is not for emergencies" in general.text
    await publish(center, "terms", "Be kind.\n\n<b>Be honest.</b>")
    await publish(center, "terms", "Be kind, please.")
    page = await visitor.get(f"/{center.id}/terms")
    assert heading_of(page) == "Terms of service"
    assert "Be kind, please." in page.text
    assert "version 2 of" in page.text
    old = await visitor.get(f"/{center.id}/terms?version=1")
    assert "no longer in force" in old.text
    assert "&lt;b&gt;Be honest." in old.text
    assert "What we keep" in (await visitor.get(f"/{center.id}/privacy")).text
    for path in (f"/{center.id}/terms?version=3", "/nobody/terms", "/%00/terms"):
        assert (await visitor.get(path)).status_code == 404


async def test_who_has_an_account_is_asked_once_about_a_new_version(
    center: Center, visitor: Visitor
) -> None:
    await publish(center, "privacy", "We keep little.")
    _, token = await center.invites(await center.has_chart("c-1", ADDRESS))
    question = await visitor.opens_link(token)
    assert f"/{center.id}/privacy" in question.text
    path = question.url.raw_path.decode()
    shown = {"terms_version": "0", "privacy_version": "1"}
    await visitor.send(question, path, password=PASSWORD, terms="yes", **shown)
    assert await agreed_to(center, 0, 1)
    await publish(center, "terms", "Be kind.")
    asked = await visitor.get("/")
    assert heading_of(asked) == "New terms of service"
    refused = await visitor.send(asked, "/agreement", terms="1", privacy="1")
    assert refused.status_code == 422
    page = await visitor.send(refused, "/agreement", agreed="yes", terms="1", privacy="1")
    assert is_signed_in(page)
    assert await agreed_to(center, 1, 1)
    assert is_signed_in(await visitor.get("/agreement"))


async def test_what_was_published_while_somebody_registered_is_asked_about(
    center: Center, visitor: Visitor
) -> None:
    _, token = await center.invites(await center.has_chart("c-1", ADDRESS))
    question = await visitor.opens_link(token)
    await publish(center, "terms", "Be kind.")
    page = await visitor.registers(question)
    assert heading_of(page) == "New terms of service"


async def test_a_section_that_is_switched_off_is_not_there(
    center: Center, visitor: Visitor, stack: Stack
) -> None:
    _, token = await center.invites(await center.has_chart("c-1", ADDRESS))
    page = await visitor.accepts(token)
    assert "My medications" in page.text
    await center.opens(sections_off=["medications", "files"], messages_enabled=True)
    query = "SELECT count(*) FROM brands WHERE organization_id = :id AND messages_enabled"

    async def heard() -> bool:
        return await stack.rows(query, id=center.id) == 1

    await until(heard)
    page = await visitor.get("/")
    assert "My medications" not in page.text
    assert "My files" not in page.text
