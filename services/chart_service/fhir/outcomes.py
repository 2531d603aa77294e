"""Read outcome measures: survey Observations and QuestionnaireResponses, as far as they score."""

from decimal import Decimal

from services.chart_service.fhir.elements import Element, RefusedError, codes, item, items, text
from services.chart_service.fhir.reading import Reading
from services.chart_service.fhir.records import TITLE_LENGTH, concept, moment, read_each, record
from services.chart_service.fhir.resources import Resource
from services.chart_service.fhir.values import ImportedRecord
from services.chart_service.models import RecordKind

_NO_SCORE = "it has no score"
_SCORE_WORDS = ("score", "total")


def read_observations(reading: Reading) -> None:
    """Put each Observation of the category survey on its subject's chart, if it has a number."""
    read_each("Observation", "subject", _observation, reading)


def read_responses(reading: Reading) -> None:
    """Put each QuestionnaireResponse on its subject's chart, if one of its answers is the score."""
    read_each("QuestionnaireResponse", "subject", _response, reading)


def _observation(resource: Resource, _reading: Reading) -> ImportedRecord:
    body = resource.body
    if "survey" not in {code for _, code in codes(body, "category")}:
        raise RefusedError("it is no survey")
    quantity = item(body, "valueQuantity")
    score = _number(quantity.get("value", body.get("valueInteger")))
    return _outcome(
        resource,
        concept(body, "code"),
        score,
        body.get("effectiveDateTime") or item(body, "effectivePeriod").get("start"),
        text(quantity, "unit", 40),
    )


def _response(resource: Resource, reading: Reading) -> ImportedRecord:
    body = resource.body
    return _outcome(resource, _measure(body, reading), _score(body), body.get("authored"), None)


def _outcome(
    resource: Resource, measure: str | None, score: Decimal | None, taken: object, unit: str | None
) -> ImportedRecord:
    taken_at = moment(taken)
    if score is None:
        raise RefusedError(_NO_SCORE)
    if measure is None:
        raise RefusedError("it does not name its measure")
    if taken_at is None:
        raise RefusedError("it does not tell when it was taken")
    plain = None if unit and unit.startswith("{") else unit  # UCUM's annotations, such as {score}
    return record(
        RecordKind.OUTCOMES, resource, measure=measure, score=score, unit=plain, taken_at=taken_at
    )


def _measure(body: Element, reading: Reading) -> str | None:
    canonical = str(body.get("questionnaire") or "").partition("|")[0]
    for questionnaire in reading.of_type("Questionnaire"):
        if questionnaire.body.get("url") == canonical or canonical.endswith(f"/{questionnaire.id}"):
            return text(questionnaire.body, "title", TITLE_LENGTH)
    extensions = items(item(body, "_questionnaire"), "extension")
    named = (text(each, "valueString", TITLE_LENGTH) for each in extensions)
    return next(filter(None, named), None) or canonical.rpartition("/")[2][:TITLE_LENGTH] or None


def _score(body: Element) -> Decimal | None:
    """Return the last answer to a question for a score or a total."""
    found = None
    for each in _all_items(body):
        asked = f"{each.get('linkId')} {each.get('text')}".lower()
        if any(word in asked for word in _SCORE_WORDS):
            found = _answer(each) or found
    return found


def _answer(element: Element) -> Decimal | None:
    for answer in items(element, "answer"):
        value = answer.get("valueDecimal", answer.get("valueInteger"))
        number = _number(item(answer, "valueQuantity").get("value", value))
        if number is not None:
            return number
    return None


def _all_items(body: Element, depth: int = 0) -> list[Element]:
    if depth > 10:  # noqa: PLR2004 - deeper than any questionnaire
        return []
    found = items(body, "item")
    return [one for each in found for one in (each, *_all_items(each, depth + 1))]


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    number = Decimal(str(value))
    return number if number.is_finite() else None
