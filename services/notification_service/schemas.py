"""What chart_service sends to this service's API, and what it gets back."""

from typing import Annotated, Literal

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BaseModel, Field

from contracts.chart import Line, Logo
from contracts.envelope import Language


def _address(value: str) -> str:
    try:
        found = validate_email(value, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise ValueError("This is no e-mail address") from error
    if found.ascii_email is None:
        raise ValueError("The part before the @ may have ASCII characters only")
    return found.ascii_email


class MailLook(BaseModel):
    """How a mail is to look: a brand that need not be saved yet, and whom it greets."""

    name: Line = Field(max_length=120)
    phone: Line = Field(max_length=40)
    logo: Logo | None = None
    given_name: str = Field(default="", max_length=100)
    kind: Literal["invitation", "reminder"] = "invitation"
    invitation_days: int = Field(default=7, ge=1, le=60)
    language: Language | None = None


class MailToTry(MailLook):
    """A mail that is sent now, for a look at it in a real mailbox."""

    to: Annotated[str, Field(max_length=320), AfterValidator(_address)]


class Preview(BaseModel):
    """The mail as a mail program shows it; the logo stands in the HTML as a data: URI."""

    subject: str
    html: str
    text: str


class Tried(BaseModel):
    """The mail server took the mail."""

    message_id: str
