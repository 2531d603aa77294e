"""What organisations and their places have in common: a name and a logo."""

from typing import Annotated

from pydantic import AfterValidator, Field

from contracts.chart import Logo
from services.chart_service.rules import Fields
from services.chart_service.schemas.fields import Body, Name

_SIGNATURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}


def _an_image(logo: Logo) -> Logo:
    if not logo.content.startswith(_SIGNATURES[logo.media_type]):
        raise ValueError(f"the logo's content is not {logo.media_type}")
    return logo


AnImage = Annotated[Logo, AfterValidator(_an_image)]


class Branded(Body):
    """What has a name and a logo; of what is known, what is left out stays as it is."""

    name: Annotated[Name, Field(max_length=120)]
    logo: AnImage | None = None

    def given(self) -> Fields:
        """Return the columns that were sent."""
        sent = self.model_dump(exclude_unset=True, exclude={"logo"})
        if "logo" not in self.model_fields_set:
            return sent
        return sent | logo_columns(self.logo)


def logo_columns(logo: Logo | None) -> Fields:
    """Return the columns that hold a logo."""
    return {
        "logo": logo.content if logo else None,
        "logo_media_type": logo.media_type if logo else None,
    }
