"""Small FHIR resources, made by hand for the tests of the reader."""

import json
from datetime import date
from typing import Any

from services.chart_service import fhir

Json = dict[str, Any]
TODAY = date(2026, 6, 15)
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem/"
ROLE = f"{TERMINOLOGY}v3-RoleCode"
CONTACT_ROLE = f"{TERMINOLOGY}v2-0131"


def patient(**elements: Any) -> Json:
    name = [{"use": "official", "family": "Lopez", "given": ["Mia", "Rose"]}]
    return {"resourceType": "Patient", "id": "p1", "name": name} | elements


def related_person(code: str = "GUARD", **elements: Any) -> Json:
    return {
        "resourceType": "RelatedPerson",
        "id": "r1",
        "patient": {"reference": "Patient/p1"},
        "relationship": [coded(ROLE, code)],
        "name": [{"family": "Lopez", "given": ["Ana"]}],
    } | elements


def account(party: str, **elements: Any) -> Json:
    return {
        "resourceType": "Account",
        "id": "a1",
        "status": "active",
        "subject": [{"reference": "Patient/p1"}],
        "guarantor": [{"party": {"reference": party}}],
    } | elements


def coverage(**elements: Any) -> Json:
    return {
        "resourceType": "Coverage",
        "id": "c1",
        "status": "active",
        "beneficiary": {"reference": "Patient/p1"},
        "payor": [{"display": "Acme Health"}],
    } | elements


def coded(system: str, code: str, **elements: Any) -> Json:
    return {"coding": [{"system": system, "code": code} | elements]}


def bundle(*resources: Json, kind: str = "collection") -> bytes:
    return entries(*({"resource": each} for each in resources), kind=kind)


def entries(*those: Any, kind: str = "transaction") -> bytes:
    return json.dumps({"resourceType": "Bundle", "type": kind, "entry": those}).encode()


def read(*resources: Json) -> fhir.FhirReport:
    return fhir.read_bundle(bundle(*resources), today=TODAY)


def read_patient(**elements: Any) -> fhir.ImportedPatient:
    return read(patient(**elements)).patients[0]


def reasons(report: fhir.FhirReport) -> dict[str, str]:
    return {each.resource_type: each.reason for each in report.skipped}
