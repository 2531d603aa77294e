"""What each of the ops people may do."""

from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator


class Role(StrEnum):
    """A viewer looks; an operator decides about dead letters; an investigator sees names, too."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    INVESTIGATOR = "investigator"


class User(BaseModel):
    """Somebody who may sign in: the argon2id hash of their password, and their role.

    A hash alone is an operator's.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    password: str
    role: Role = Role.OPERATOR

    @model_validator(mode="before")
    @classmethod
    def _of_hash(cls, value: Any) -> Any:
        return {"password": value} if isinstance(value, str) else value
