"""Which dead letters a page is about: one by its id, or the open ones of a group."""

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Form, Query
from pydantic import BaseModel, ConfigDict

from chassis.web.problems import ProblemError
from services.ops_console import dead_letters
from services.ops_console.errors import DeadLetterError
from services.ops_console.letters import Letter

Text = Annotated[str, Query(max_length=300)]
Entered = Annotated[str, Form(max_length=300)]


class Choice(BaseModel):
    """An id; without one, what the dead letters have in common: what is empty is any."""

    model_config = ConfigDict(frozen=True)

    id: str = ""
    topic: str = ""
    consumer: str = ""
    reason: str = ""

    @property
    def query(self) -> str:
        """The end of an address that chooses the same."""
        return urlencode({name: value for name, value in self.model_dump().items() if value})

    @property
    def fields(self) -> dict[str, str]:
        """What a form sends to choose the same."""
        return self.model_dump()

    def open_in(self, letters: Sequence[Letter]) -> list[Letter]:
        """Return the chosen ones that are open.

        Raises:
            ProblemError: 404, there is none of this id, or no such topic; 409, it was decided.
        """
        try:
            if self.id:
                found = dead_letters.find(letters, [self.id])
                dead_letters.require_open(found)
                return found
            open_ones = dead_letters.open_ones(letters, self.topic, self.reason)
        except DeadLetterError as error:
            raise ProblemError(409 if self.id else 404, "dead_letter", str(error)) from error
        return [letter for letter in open_ones if self.consumer in {"", letter.consumer}]


async def _of_query(
    id: Text = "",  # noqa: A002 - as the address says it
    topic: Text = "",
    consumer: Text = "",
    reason: Text = "",
) -> Choice:
    return Choice(id=id, topic=topic, consumer=consumer, reason=reason)


async def _of_form(
    id: Entered = "",  # noqa: A002 - as the form says it
    topic: Entered = "",
    consumer: Entered = "",
    reason: Entered = "",
) -> Choice:
    return Choice(id=id, topic=topic, consumer=consumer, reason=reason)


Chosen = Annotated[Choice, Depends(_of_query)]
ChosenByForm = Annotated[Choice, Depends(_of_form)]
