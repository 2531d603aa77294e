"""What a portal user sees of a chart."""

from pydantic import (
    BaseModel,
)

from contracts.scopes import Role


class AccessAnswer(BaseModel):
    """What a portal user may see of a chart: a field without its scope is not there."""

    chart: str
    role: Role
    legal_name: str = ""
    mrn: str = ""
    preferred_name: str | None = None
