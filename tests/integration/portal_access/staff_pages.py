"""A member of staff at the EMR's pages, who writes to the people of a chart."""

from uuid import uuid4

from tests.integration.portal_access.stack import PASSWORD, Center, Visitor
from tests.waiting import until


async def staff_of(center: Center, name: str = "Kim Park", role: str = "staff") -> Visitor:
    """Add a user to an organisation and sign them in."""
    who = {"email": f"{uuid4().hex[:8]}@{center.id}.example", "password": PASSWORD}
    await center.call("POST", "/staff", who | {"name": name, "role": role})
    staff = Visitor(center.stack.chart_url)
    assert (await staff.post("/sign-in", **who)).url.path == "/"
    return staff


async def writes(staff: Visitor, person: str, subject: str, body: str) -> str:
    """Write to somebody on chart c-1, as soon as it is known there that they have an account.

    Returns the conversation's id.
    """
    letter = str(uuid4())
    form = {"person": person, "subject": subject, "body": body, "letter_id": letter}

    async def sent() -> bool:
        answer = await staff.post("/charts/c-1/messages/new", **form)
        return answer.url.path == "/charts/c-1/messages"

    await until(sent)
    return letter
