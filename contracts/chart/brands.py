"""How an organisation, or one of its places, shows itself in mails and on pages."""

from typing import Annotated, Literal

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, StringConstraints

MAX_LOGO_BYTES = 131_072
"""The largest logo, in characters of base64: it travels in each mail and in OrganizationChanged."""

Line = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]+$")]
"""Text that may stand in a mail's header: one line, without control characters."""


class Logo(BaseModel):
    """An organisation's logo, as it stands in mails and on pages."""

    model_config = ConfigDict(frozen=True)

    media_type: Literal["image/png", "image/jpeg"]
    content: Base64Bytes = Field(max_length=MAX_LOGO_BYTES)
