"""Who becomes a contact on the chart, and as what."""

from typing import Any

import pytest

from contracts.chart import Relationship
from services.chart_service import fhir
from tests.unit.fhir_resources import (
    CONTACT_ROLE,
    ROLE,
    TERMINOLOGY,
    account,
    coded,
    patient,
    read,
    reasons,
    related_person,
)

BEN = {"name": {"text": "Ben Lopez"}, "relationship": [coded(CONTACT_ROLE, "C")]}


def relationships(report: fhir.FhirReport) -> list[Relationship]:
    return [contact.relationship for contact in report.patients[0].contacts]


@pytest.mark.parametrize(
    ("system", "codes", "relationship"),
    [
        ("v3-RoleCode", ["GUARD"], "Guardian"),
        ("v3-RoleClass", ["GUARD"], "Guardian"),
        ("v2-0063", ["GRD"], "Guardian"),
        ("v3-RoleCode", ["GT"], "Guarantor"),
        ("v3-RoleClass", ["GUAR"], "Guarantor"),
        ("v3-RoleCode", ["PRN"], "Parent"),
        ("v3-RoleCode", ["MTH"], "Parent"),
        ("v3-RoleCode", ["STPFTH"], "Parent"),
        ("v3-RoleCode", ["WIFE"], "Spouse"),
        ("v3-RoleCode", ["DAUC"], "Child"),
        ("v3-RoleCode", ["HSIS"], "Sibling"),
        ("v3-RoleCode", ["FRND"], "Friend"),
        ("v2-0131", ["C"], "Emergency contact"),
        ("v3-RoleCode", ["ECON"], "Emergency contact"),
        ("v2-0131", ["N"], "Other"),
        ("v2-0131", ["BP"], "Other"),
        ("v3-RoleCode", ["GUADLTM"], "Other"),
        ("v3-RoleCode", ["HPOWATT"], "Other"),
        ("v2-0131", ["GUARD"], "Other"),
        ("v3-RoleCode", ["MTH", "GT", "GUARD"], "Guardian"),
        ("v3-RoleCode", ["MTH", "GT"], "Guarantor"),
        ("v3-RoleCode", ["ECON", "SIB"], "Sibling"),
        ("v3-RoleCode", [], "Other"),
    ],
)
def test_hl7_codes_say_the_relationship(system: str, codes: list[str], relationship: str) -> None:
    concepts = [coded(TERMINOLOGY + system, code) for code in codes]
    report = read(patient(), related_person(relationship=concepts))
    assert relationships(report) == [relationship]


def test_a_related_person_comes_with_name_phone_and_email() -> None:
    telecom = [{"system": "phone", "value": "1"}, {"system": "email", "value": "ana@example.org"}]
    report = read(related_person(telecom=telecom), patient())
    assert report.patients[0].contacts == [
        fhir.ImportedContact("r1", "Ana", "Lopez", Relationship.GUARDIAN, "1", "ana@example.org")
    ]
    assert report.taken["RelatedPerson"] == 1


@pytest.mark.parametrize(
    ("elements", "reason"),
    [
        ({"active": False}, "it is not active"),
        ({"period": {"end": "2026-06-14"}}, "its period has ended"),
        ({"period": {"end": "2025"}}, "its period has ended"),
        ({"period": {"start": "2026-07"}}, "its period has not begun"),
        ({"period": {"end": "soon"}}, "its period is not a pair of FHIR dates"),
        ({"patient": {"reference": "Patient/other"}}, "its patient is not in the bundle"),
        ({"relationship": [coded(ROLE, "ONESELF")]}, "it is the patient, not a contact"),
        ({"name": []}, "it has no name"),
    ],
)
def test_who_is_no_contact_any_more_is_skipped_with_the_reason(elements: Any, reason: str) -> None:
    report = read(patient(), related_person(**elements))
    assert (relationships(report), reasons(report)) == ([], {"RelatedPerson": reason})


@pytest.mark.parametrize("end", ["2026-06-15", "2026-06", "2026", "2026-06-15T01:00:00Z"])
def test_a_relationship_holds_through_the_last_day_of_its_period(end: str) -> None:
    report = read(patient(), related_person(period={"end": end}))
    assert relationships(report) == ["Guardian"]


def test_a_contact_never_takes_the_patients_id() -> None:
    report = read(patient(), related_person(id="p1"))
    contact = report.patients[0].contacts[0]
    assert contact.id != "p1"
    assert contact == read(patient(), related_person(id="p1")).patients[0].contacts[0]


def test_a_patient_contact_keeps_its_id_when_the_order_changes() -> None:
    other = {"name": {"text": "Cleo Diaz"}, "relationship": [coded(CONTACT_ROLE, "N")]}
    first = read(patient(contact=[BEN, other])).patients[0].contacts
    second = read(patient(contact=[other, BEN])).patients[0].contacts
    assert [each.relationship for each in first] == ["Emergency contact", "Other"]
    assert sorted(first, key=str) == sorted(second, key=str)


def test_a_patient_contact_named_like_a_related_person_is_the_same_person() -> None:
    name = {"family": "LOPEZ", "given": ["Ana"]}
    phone = [{"system": "phone", "value": "1"}]
    contact = {"name": name, "telecom": phone, "relationship": [coded(CONTACT_ROLE, "C")]}
    report = read(patient(contact=[contact]), related_person())
    (ana,) = report.patients[0].contacts
    assert (ana.id, ana.relationship, ana.phone) == ("r1", "Guardian", "1")


def test_an_employer_or_insurer_is_not_a_contact() -> None:
    employer = BEN | {"relationship": [coded(CONTACT_ROLE, "E")]}
    report = read(patient(contact=[employer, {"organization": {"display": "Acme"}}]))
    assert relationships(report) == []
    assert {each.reason for each in report.skipped} == {
        "it is an employer, insurer or agency, not a person",
        "it has no name",
    }


def test_whom_an_account_names_becomes_guarantor() -> None:
    report = read(account("RelatedPerson/r1"), related_person("MTH"), patient())
    assert relationships(report) == ["Guarantor"]
    assert report.taken["Account"] == 1


def test_a_guardian_who_guarantees_payment_stays_guardian() -> None:
    report = read(patient(), related_person("GUARD"), account("RelatedPerson/r1"))
    assert relationships(report) == ["Guardian"]


def test_another_patient_who_guarantees_payment_becomes_a_contact() -> None:
    mother = patient(id="p2", name=[{"family": "Lopez", "given": ["Ana"]}])
    child, _ = read(patient(), mother, account("Patient/p2")).patients
    assert [(c.given_name, c.relationship) for c in child.contacts] == [("Ana", "Guarantor")]


@pytest.mark.parametrize(
    ("party", "changes", "reason"),
    [
        ("Patient/p1", {}, "the patient is their own guarantor"),
        ("Organization/o1", {}, "it is not a RelatedPerson or Patient of the bundle"),
        ("RelatedPerson/r1", {"onHold": True}, "it is on hold"),
        ("RelatedPerson/r1", {"period": {"end": "2020"}}, "its period has ended"),
    ],
)
def test_who_guarantees_nothing_is_no_guarantor(party: str, changes: Any, reason: str) -> None:
    guarantor = {"party": {"reference": party}} | changes
    report = read(patient(), related_person("MTH"), account(party, guarantor=[guarantor]))
    assert relationships(report) == ["Parent"]
    assert reasons(report) == {"Account.guarantor": reason}


def test_a_closed_account_makes_no_guarantor() -> None:
    closed = account("RelatedPerson/r1", status="inactive")
    report = read(patient(), related_person("MTH"), closed)
    assert relationships(report) == ["Parent"]
    assert reasons(report) == {"Account": "its status is not active"}


def test_a_related_person_has_a_language_of_communication() -> None:
    spanish = {"language": coded("urn:ietf:bcp:47", "es"), "preferred": True}
    report = read(patient(), related_person(communication=[spanish]))
    assert [contact.language for contact in report.patients[0].contacts] == ["es"]
