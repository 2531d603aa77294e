"""Which insurance comes onto the chart."""

from typing import Any

import pytest

from services.chart_service.fhir import ImportedCoverage
from tests.unit.fhir_resources import TERMINOLOGY, Json, coded, coverage, patient, read, reasons


def benefit(payer: str, created: str, **elements: Any) -> Json:
    return {
        "resourceType": "ExplanationOfBenefit",
        "patient": {"reference": "Patient/p1"},
        "created": created,
        "contained": [coverage(id="coverage", payor=[{"display": payer}])],
        "insurance": [{"coverage": {"reference": "#coverage"}}],
    } | elements


def test_a_coverage_tells_payer_plan_and_member_number() -> None:
    plan = {"type": coded(f"{TERMINOLOGY}coverage-class", "plan"), "value": "B5", "name": "Gold"}
    report = read(patient(), coverage(subscriberId="S-1", **{"class": [plan]}))
    assert report.patients[0].insurance == [ImportedCoverage("Acme Health", "Gold", "S-1")]
    assert report.taken["Coverage"] == 1


def test_payer_and_member_number_are_found_where_us_core_puts_them() -> None:
    payer = {"resourceType": "Organization", "id": "o1", "name": "Acme Health"}
    number = {"type": coded(f"{TERMINOLOGY}v2-0203", "MB"), "value": "M-1"}
    payor = [{"reference": "Organization/o1"}]
    report = read(patient(), coverage(payor=payor, identifier=[number]), payer)
    assert report.patients[0].insurance == [ImportedCoverage("Acme Health", None, "M-1")]


@pytest.mark.parametrize(
    ("elements", "reason"),
    [
        ({"status": "cancelled"}, "its status is not active"),
        ({"period": {"end": "2025-12"}}, "its period has ended"),
        ({"payor": []}, "it does not name its payer"),
        ({"payor": [{"reference": "Patient/p1"}]}, "a person pays, not an insurance"),
        ({"beneficiary": {}}, "its patient is not in the bundle"),
    ],
)
def test_what_insures_nobody_now_is_skipped_with_the_reason(elements: Any, reason: str) -> None:
    report = read(patient(), coverage(**elements))
    assert (report.patients[0].insurance, reasons(report)) == ([], {"Coverage": reason})


def test_the_newest_explanation_of_benefit_tells_the_insurance_where_there_is_no_coverage() -> None:
    benefits = [benefit("New", "2025-02-01T00:00:00Z"), benefit("Old", "2020-02-01T00:00:00Z")]
    report = read(patient(), *benefits)
    assert [each.payer for each in report.patients[0].insurance] == ["New"]
    assert reasons(report) == {"ExplanationOfBenefit": "a newer one tells the insurance"}


def test_a_coverage_outweighs_explanations_of_benefit() -> None:
    report = read(patient(), benefit("Old", "2025"), coverage())
    assert [each.payer for each in report.patients[0].insurance] == ["Acme Health"]


def test_having_no_insurance_is_not_an_insurance() -> None:
    report = read(patient(), benefit("NO_INSURANCE", "2025"))
    assert report.patients[0].insurance == []
    assert reasons(report)["ExplanationOfBenefit.insurance"] == "the patient has no insurance"
