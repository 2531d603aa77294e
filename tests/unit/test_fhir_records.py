"""Which records come onto the chart, and why the others do not."""

import base64
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from services.chart_service import fhir
from services.chart_service.models import RecordKind
from tests.unit.fhir_resources import TERMINOLOGY, Json, coded, patient, read, reasons

SUBJECT = {"subject": {"reference": "Patient/p1"}}
DOCTOR = {"display": "Dr. Kim Park"}
AT = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)


def text_of(kind: str) -> Json:
    return {"text": kind}


def encounter(**elements: Any) -> Json:
    return {
        "resourceType": "Encounter",
        "id": "e1",
        "status": "finished",
        "class": {"code": "AMB"},
        "type": [text_of("Check-up (procedure)")],
        "period": {"start": "2026-07-01T09:30:00Z", "end": "2026-07-01T10:00:00Z"},
        "participant": [{"individual": DOCTOR}],
        "serviceProvider": {"display": "Harbor House"},
    } | (SUBJECT | elements)


def appointment(**elements: Any) -> Json:
    return {
        "resourceType": "Appointment",
        "id": "ap1",
        "status": "booked",
        "description": "Family session",
        "start": "2026-07-01T09:30:00Z",
        "participant": [
            {"actor": {"reference": "Patient/p1"}},
            {"actor": {"reference": "Practitioner/d1"} | DOCTOR},
        ],
    } | elements


def document(**elements: Any) -> Json:
    attachment = {
        "contentType": "text/plain; charset=iso-8859-1",
        "data": base64.b64encode(b"Caf\xe9").decode(),
    }
    return {
        "resourceType": "DocumentReference",
        "id": "d1",
        "status": "current",
        "type": text_of("Intake evaluation"),
        "author": [DOCTOR],
        "date": "2026-05-04T08:00:00+02:00",
        "content": [{"attachment": attachment}],
    } | (SUBJECT | elements)


def survey(**elements: Any) -> Json:
    return {
        "resourceType": "Observation",
        "id": "o1",
        "status": "final",
        "category": [coded(f"{TERMINOLOGY}observation-category", "survey")],
        "code": text_of("PHQ-9 total score"),
        "valueQuantity": {"value": 7, "unit": "{score}"},
        "effectiveDateTime": "2026-07-01T09:30:00Z",
    } | (SUBJECT | elements)


def response(**elements: Any) -> Json:
    return {
        "resourceType": "QuestionnaireResponse",
        "id": "q1",
        "status": "completed",
        "questionnaire": "http://loinc.org/q/69737-5|2.0",
        "authored": "2026-07-01",
        "item": [
            {"linkId": "1", "text": "Feeling nervous", "answer": [{"valueInteger": 2}]},
            {"linkId": "2", "item": [{"text": "Total score", "answer": [{"valueDecimal": 9.5}]}]},
        ],
    } | (SUBJECT | elements)


def plan(**elements: Any) -> Json:
    return {
        "resourceType": "CarePlan",
        "id": "cp1",
        "status": "active",
        "category": [
            coded("http://hl7.org/fhir/us/core/CodeSystem/careplan-category", "assess-plan"),
            text_of("Weight management"),
        ],
        "period": {"start": "2026-07-01T09:30:00Z"},
        "goal": [{"reference": "Goal/g1"}],
        "activity": [{"detail": {"code": text_of("Low calorie diet")}}] * 2,
    } | (SUBJECT | elements)


def medication(**elements: Any) -> Json:
    return {
        "resourceType": "MedicationRequest",
        "id": "m1",
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": text_of("Naproxen 220 mg tablet"),
        "requester": DOCTOR,
        "authoredOn": "2026-07-01T09:30:00Z",
        "dosageInstruction": [{"text": "Once a day."}, {"text": "With food."}],
        "dispenseRequest": {"performer": {"display": "Main Street Pharmacy"}},
    } | (SUBJECT | elements)


def only_record(*resources: Json) -> dict[str, object]:
    """Return kind, id and what is told of the one record of the patient."""
    [found] = read(patient(), *resources).patients[0].records
    told = {name: value for name, value in found.fields.items() if value is not None}
    return {"kind_of_record": found.kind, "id": found.id} | told


def test_a_visit_is_an_appointment_that_took_place() -> None:
    assert only_record(encounter()) == {
        "kind_of_record": RecordKind.APPOINTMENTS,
        "id": "e1",
        "title": "Check-up",
        "starts_at": AT,
        "ends_at": AT.replace(hour=10, minute=0),
        "provider": "Dr. Kim Park",
        "place": "Harbor House",
        "is_group": False,
        "cancelled": False,
    }


def test_a_stay_and_an_episode_of_care_are_episodes() -> None:
    stay = only_record(encounter(**{"class": {"code": "IMP"}}))
    assert (stay["kind_of_record"], stay["program"]) == (RecordKind.EPISODES, "Check-up")
    assert (stay["admitted_on"], stay["discharged_on"]) == (date(2026, 7, 1), date(2026, 7, 1))
    care = {"resourceType": "EpisodeOfCare", "id": "x", "patient": {"reference": "Patient/p1"}}
    episode = only_record(care | {"type": [text_of("Outpatient")], "period": {"start": "2026-07"}})
    assert episode == {"kind_of_record": RecordKind.EPISODES, "id": "x", "program": "Outpatient"}


def test_an_appointment_is_on_the_chart_of_each_patient_in_it() -> None:
    link = {
        "url": "http://x/virtualService",
        "valueVirtualServiceDetail": {"addressUrl": "https://v"},
    }
    both = [{"actor": {"reference": f"Patient/{each}"}} for each in ("p1", "p2")]
    report = read(patient(), patient(id="p2"), appointment(participant=both, extension=[link]))
    assert [len(each.records) for each in report.patients] == [1, 1]
    fields = report.patients[1].records[0].fields
    assert (fields["is_group"], fields["telehealth_url"]) == (True, "https://v")
    assert report.taken["Appointment"] == 1


def test_an_appointment_tells_who_and_whether_it_is_off() -> None:
    told = only_record(appointment(status="cancelled"))
    assert (told["title"], told["provider"], told["cancelled"]) == (
        "Family session",
        "Dr. Kim Park",
        True,
    )


def test_a_document_brings_its_text_in_utf_8_and_is_shared_with_nobody() -> None:
    assert only_record(document()) == {
        "kind_of_record": RecordKind.DOCUMENTS,
        "id": "d1",
        "kind": "evaluation",
        "title": "Intake evaluation",
        "author": "Dr. Kim Park",
        "written_on": date(2026, 5, 4),
        "media_type": "text/plain",
        "content": "Café".encode(),
    }


def test_a_consent_is_told_by_its_code() -> None:
    assert only_record(document(type=coded("http://loinc.org", "59284-0")))["kind"] == "consent"


def test_a_survey_with_a_number_is_an_outcome() -> None:
    assert only_record(survey()) == {
        "kind_of_record": RecordKind.OUTCOMES,
        "id": "o1",
        "measure": "PHQ-9 total score",
        "score": Decimal(7),
        "taken_at": AT,
    }


def test_a_questionnaire_brings_its_score_and_its_title() -> None:
    told = only_record(response())
    assert (told["measure"], told["score"]) == ("69737-5", Decimal("9.5"))
    asked = {"resourceType": "Questionnaire", "url": "http://loinc.org/q/69737-5", "title": "GAD-7"}
    assert only_record(response(), asked)["measure"] == "GAD-7"


def test_a_plan_has_goals_and_activities_once_each() -> None:
    goal = {"resourceType": "Goal", "id": "g1", "description": text_of("Lose 5 kg")}
    assert only_record(plan(), goal) == {
        "kind_of_record": RecordKind.TREATMENT_PLANS,
        "id": "cp1",
        "title": "Weight management",
        "status": "active",
        "starts_on": date(2026, 7, 1),
        "goals": ["Lose 5 kg", "Low calorie diet"],
    }


def test_a_medication_has_dosage_prescriber_and_pharmacy() -> None:
    told = only_record(medication())
    assert told["name"] == "Naproxen 220 mg tablet"
    assert (told["dosage"], told["prescriber"]) == ("Once a day.; With food.", "Dr. Kim Park")
    assert (told["pharmacy"], told["is_active"]) == ("Main Street Pharmacy", True)


def test_a_medication_may_be_a_resource_of_its_own() -> None:
    drug = {"resourceType": "Medication", "id": "x", "code": text_of("Aspirin")}
    reference = {"reference": "Medication/x"}
    made = medication(
        medicationCodeableConcept=None, medicationReference=reference, status="stopped"
    )
    told = only_record(made, drug)
    assert (told["name"], told["is_active"]) == ("Aspirin", False)


@pytest.mark.parametrize(
    ("resource", "reason"),
    [
        (encounter(subject={"reference": "Patient/p9"}), "its patient is not in the bundle"),
        (encounter(status="entered-in-error"), "it was entered by mistake"),
        (encounter(period={}), "it does not tell when it begins"),
        (encounter(id="a b"), "it has no id of 1 to 64 letters, digits, dots or dashes"),
        (appointment(participant=[]), "its patient is not in the bundle"),
        (appointment(start="tomorrow"), "it does not tell when it begins"),
        (document(status="superseded"), "a newer document replaces it"),
        (
            document(content=[{"attachment": {"url": "http://x"}}]),
            "its content is not in the bundle",
        ),
        (survey(category=[]), "it is no survey"),
        (survey(valueQuantity={"value": True}), "it has no score"),
        (response(item=[]), "it has no score"),
        (response(authored=None), "it does not tell when it was taken"),
        (medication(intent="proposal"), "it was not ordered"),
        (medication(medicationCodeableConcept={}), "it does not name its medication"),
    ],
)
def test_what_cannot_be_taken_is_skipped_with_the_reason(resource: Json, reason: str) -> None:
    report = read(patient(), resource)
    assert report.patients[0].records == []
    assert reasons(report) == {resource["resourceType"]: reason}


@pytest.mark.parametrize(
    ("attachment", "reason"),
    [
        ({"contentType": "text/html"}, "its content is not one of text/plain"),
        ({"data": "%"}, "its content is not base64"),
        ({"data": ""}, "its content is empty"),
        ({"contentType": "text/plain; charset=klingon"}, "not in the character set that it names"),
    ],
)
def test_odd_content_is_skipped_with_the_reason(attachment: Json, reason: str) -> None:
    held = document()["content"][0]["attachment"] | attachment
    report = read(patient(), document(content=[{"attachment": held}]))
    assert reason in reasons(report)["DocumentReference"]


def test_ndjson_is_read_line_by_line() -> None:
    lines = [json.dumps(patient()), "", "{broken", json.dumps(survey())]
    report = fhir.read_ndjson("\n".join(lines).encode())
    assert [each.kind for each in report.patients[0].records] == [RecordKind.OUTCOMES]
    assert [(each.id, each.reason) for each in report.skipped] == [("3", "it is not JSON")]
