"""Dead letters: grouped by reason, one by one with its history, replayed or discarded."""

import json
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse, Response

from chassis.broker import Broker
from chassis.web.csrf import protect
from chassis.web.problems import ProblemError
from contracts.ops import OpsAction
from services.ops_console import audit, dead_letters, payloads, words
from services.ops_console.choosing import Choice, Chosen, ChosenByForm
from services.ops_console.errors import DeadLetterError
from services.ops_console.grouping import groups_of
from services.ops_console.kafka_away import kafka_explained
from services.ops_console.letter_history import history_of
from services.ops_console.letters import Letter, State
from services.ops_console.replay_plan import Plan, plan
from services.ops_console.replaying import replay
from services.ops_console.resolving import MAX_WHY, Decision, discard, require_why
from services.ops_console.visits import Operator, SignedIn, Visit

Why = Annotated[str, Form(max_length=2 * MAX_WHY)]

_HOME = "/dead-letters"
_MOST_SHOWN = 200
_DONE = {"replayed": "Replayed", "discarded": "Discarded"}


def routes(kafka: str, broker: Broker) -> APIRouter:
    """Return the pages over a Kafka and its address."""
    router = APIRouter(prefix=_HOME, include_in_schema=False)

    @router.get("")
    async def show(visit: SignedIn, done: str = "", number: int = 0) -> Response:
        """List what is open, grouped."""
        letters = await _read()
        open_ones = [letter for letter in letters if letter.state is State.OPEN]
        return visit.render(
            "dead_letters.html",
            groups=groups_of(open_ones),
            resolved=len(letters) - len(open_ones),
            news=f"{_DONE[done]}: {number:,}" if done in _DONE else None,
            words=words,
        )

    @router.get("/group")
    async def group(visit: SignedIn, choice: Chosen) -> Response:
        """List the open ones of a group."""
        chosen = choice.open_in(await _read())
        shown = chosen[:_MOST_SHOWN]
        return visit.render(
            "dead_letter_group.html",
            choice=choice,
            letters=shown,
            all=len(chosen),
            words=words,
            name_of=payloads.name_of,
            masked=payloads.masked,
        )

    @router.get("/one")
    async def one(visit: SignedIn, choice: Chosen) -> Response:
        """Show one with its error, payload and history."""
        letters = await _read()
        [letter] = _found(choice, letters)
        payload = json.dumps(payloads.view(letter.value, reveal=False), indent=2)
        return visit.render(
            "dead_letter.html",
            letter=letter,
            event=payloads.name_of(letter.value) or "Not readable",
            payload=payload,
            history=history_of(letter, letters),
            masked=payloads.masked,
            words=words,
        )

    @router.get("/replay")
    async def ask_to_replay(visit: Operator, choice: Chosen) -> Response:
        """Say what a replay would do."""
        found = await _plan(choice)
        return visit.render("dead_letter_replay.html", choice=choice, plan=found)

    @router.post("/replay", dependencies=[Depends(protect)])
    async def do_replay(visit: Operator, choice: ChosenByForm) -> Response:
        """Send them to their topic again, in order."""
        found = await _plan(choice)
        async with kafka_explained():
            decision = _decision(visit, "")
            await audit.write_decision(broker, OpsAction.REPLAYED, found.ready, decision)
            await replay(broker, found.ready, decision, _nobody_watches)
        return RedirectResponse(f"{_HOME}?done=replayed&number={len(found.ready)}", 303)

    @router.get("/discard")
    async def ask_to_discard(visit: Operator, choice: Chosen) -> Response:
        """Ask why."""
        number = len(choice.open_in(await _read()))
        return visit.render("dead_letter_discard.html", choice=choice, number=number, errors=[])

    @router.post("/discard", dependencies=[Depends(protect)])
    async def do_discard(visit: Operator, choice: ChosenByForm, why: Why = "") -> Response:
        """Give them up, with the reason."""
        chosen = choice.open_in(await _read())
        try:
            async with kafka_explained():
                decision = _decision(visit, why)
                require_why(decision)
                await audit.write_decision(broker, OpsAction.DISCARDED, chosen, decision)
                await discard(broker, chosen, decision, _nobody_watches)
        except DeadLetterError as error:
            values = {"choice": choice, "number": len(chosen), "errors": [("why", str(error))]}
            return visit.render("dead_letter_discard.html", 422, **values)
        return RedirectResponse(f"{_HOME}?done=discarded&number={len(chosen)}", 303)

    async def _read() -> list[Letter]:
        async with kafka_explained():
            return await dead_letters.read_all(kafka)

    async def _plan(choice: Choice) -> Plan:
        letters = await _read()
        async with kafka_explained():
            return await plan(kafka, choice.open_in(letters), letters)

    return router


def _found(choice: Choice, letters: Sequence[Letter]) -> list[Letter]:
    try:
        return dead_letters.find(letters, [choice.id])
    except DeadLetterError as error:
        raise ProblemError(404, "dead_letter_unknown", str(error)) from error


def _decision(visit: Visit, why: str) -> Decision:
    return Decision(visit.by, why.strip())


def _nobody_watches(_done: int) -> None:
    return None
