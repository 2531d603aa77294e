"""Times are said in the organisation's time zone."""

from tests.integration.portal_access.stack import Center, Stack, Visitor

ANA = "ana@sunrise.example"


async def test_an_appointment_is_at_the_centres_time(stack: Stack, visitor: Visitor) -> None:
    center = Center(stack)
    await center.opens(time_zone="America/New_York")
    _, token = await center.invites(await center.has_chart("c-1", ANA))
    await visitor.accepts(token)
    times = {"starts_at": "2099-01-15T02:30:00Z", "ends_at": "2099-01-15T03:00:00Z"}
    visit = {"id": "a-1", "title": "Intake", **times}
    await center.call("POST", "/charts/c-1/records", {"appointments": [visit]})
    page = (await visitor.get("/charts/c-1/patient/appointments")).text.replace("\u202f", " ")
    assert "Wednesday, January 14, 2099, 9:30 PM" in page
    assert "to 10:00 PM EST" in page.replace("</time>", "")
