"""What a Patient resource becomes on the chart."""

from datetime import date
from typing import Any

import pytest

from services.chart_service import fhir
from tests.unit.fhir_resources import TERMINOLOGY, coded, patient, read, read_patient, reasons

US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/"
RECORD = {"type": coded(f"{TERMINOLOGY}v2-0203", "MR"), "value": "M-17"}


def test_the_official_name_is_the_legal_name() -> None:
    names = [
        {"use": "nickname", "given": ["Mimi"]},
        {"use": "old", "family": "Diaz", "given": ["Mia"]},
        {"use": "official", "family": "Lopez", "given": ["Mia", "Rose"]},
    ]
    mia = read_patient(name=names)
    assert (mia.given_name, mia.family_name, mia.preferred_name) == ("Mia", "Lopez", "Mimi")


def test_a_usual_name_is_preferred_only_where_it_differs() -> None:
    official = {"use": "official", "family": "Lopez", "given": ["Maria"]}
    assert (
        read_patient(name=[official, {"use": "usual", "given": ["Maria"]}]).preferred_name is None
    )
    assert read_patient(name=[official, {"use": "usual", "text": "Mia"}]).preferred_name == "Mia"


def test_a_name_in_one_text_is_split_before_its_last_word() -> None:
    ana = read_patient(name=[{"text": "Ana Maria Lopez"}])
    assert (ana.given_name, ana.family_name) == ("Ana Maria", "Lopez")
    assert read_patient(name=[{"text": "Plato"}]).given_name == "Plato"


def test_a_patient_without_a_name_is_refused_with_the_reason() -> None:
    with pytest.raises(fhir.FhirError, match="it has no name"):
        read(patient(name="Mia Lopez"))


@pytest.mark.parametrize(
    ("identifiers", "mrn"),
    [
        ([{"value": "first"}, RECORD], "M-17"),
        ([{"value": "first"}, {"value": "second"}], "first"),
        ([{"type": coded(f"{TERMINOLOGY}v2-0203", "SS"), "value": "999-1"}], "p1"),
        ([{"system": "http://hl7.org/fhir/sid/us-ssn", "value": "999-1"}], "p1"),
        ([RECORD | {"use": "old"}, {"value": "now"}], "now"),
        ([], "p1"),
    ],
)
def test_the_medical_record_number_is_never_another_paper(identifiers: Any, mrn: str) -> None:
    assert read_patient(identifier=identifiers).mrn == mrn


def test_the_birth_date_stays_empty_when_its_day_is_not_known() -> None:
    assert read_patient(birthDate="2015-04-21").birth_date == date(2015, 4, 21)
    for partial in ("1990", "1990-05"):
        report = read(patient(birthDate=partial))
        assert report.patients[0].birth_date is None
        assert "without its day" in reasons(report)["Patient.birthDate"]


@pytest.mark.parametrize("wrong", ["yesterday", "1990-13-01", 1990, ["1990-01-01"]])
def test_what_is_no_birth_date_is_reported_without_its_value(wrong: Any) -> None:
    report = read(patient(birthDate=wrong))
    assert report.patients[0].birth_date is None
    assert reasons(report)["Patient.birthDate"].startswith("not a FHIR date")


def test_gender_identity_is_what_the_patient_says_and_never_the_birth_sex() -> None:
    birth_sex = {"url": f"{US_CORE}us-core-birthsex", "valueCode": "F"}
    told = {"text": "Non-binary"}
    identity = {"url": f"{US_CORE}us-core-genderIdentity", "valueCodeableConcept": told}
    mia = read_patient(gender="female", extension=[birth_sex])
    assert (mia.gender, mia.gender_identity) == ("female", None)
    assert read_patient(extension=[birth_sex, identity]).gender_identity == "Non-binary"


def test_gender_identity_is_found_in_the_newer_extension_too() -> None:
    url = "http://hl7.org/fhir/StructureDefinition/individual-genderIdentity"
    concept = coded("http://snomed.info/sct", "446151000124109", display="Male gender identity")
    nested = [{"url": "value", "valueCodeableConcept": concept}]
    found = read_patient(extension=[{"url": url, "extension": nested}]).gender_identity
    assert found == "Male gender identity"
    unknown = coded(f"{TERMINOLOGY}v3-NullFlavor", "UNK", display="unknown")
    nested = [{"url": "value", "valueCodeableConcept": unknown}]
    assert read_patient(extension=[{"url": url, "extension": nested}]).gender_identity is None


@pytest.mark.parametrize(
    ("elements", "deceased"),
    [
        ({}, False),
        ({"deceasedBoolean": False}, False),
        ({"deceasedBoolean": True}, True),
        ({"deceasedDateTime": "2020"}, True),
    ],
)
def test_a_deceased_patient_is_known_as_such(elements: Any, deceased: bool) -> None:
    assert read_patient(**elements).deceased is deceased


def test_the_first_ranked_phone_and_address_in_use_are_taken() -> None:
    mia = read_patient(
        telecom=[
            {"system": "phone", "value": "old", "use": "old"},
            {"system": "phone", "value": "ended", "period": {"end": "2020"}},
            {"system": "phone", "value": "desk", "use": "work"},
            {"system": "phone", "value": " +1 202-555-0143 ", "use": "home"},
            {"system": "email", "value": "second@example.org", "rank": 2},
            {"system": "email", "value": " Mia@Example.org", "rank": 1},
        ],
    )
    assert (mia.phone, mia.email) == ("+1 202-555-0143", "Mia@Example.org")


def test_the_address_is_one_line() -> None:
    home = {"line": ["1 Elm St", "Apt 2"], "city": "Salem", "state": "MA", "postalCode": "01970"}
    addresses = [{"use": "work", "text": "2 Oak St"}, home | {"use": "home", "country": "US"}]
    assert read_patient(address=addresses).address == "1 Elm St, Apt 2, Salem, MA 01970, US"
    assert read_patient(address=[{"text": "2 Oak\nSalem"}]).address == "2 Oak Salem"


def test_control_characters_never_reach_the_chart() -> None:
    name = {"family": "Lo\x00pez\ud800", "given": ["\u202eMia\r\n"]}
    mia = read_patient(name=[name], telecom=[{"system": "email", "value": "a@b.c\r\nBcc: d@e.f"}])
    assert (mia.given_name, mia.family_name) == ("Mia", "Lo pez")
    assert mia.email == "a@b.c Bcc: d@e.f"


def test_an_over_long_name_is_refused_and_the_others_are_taken() -> None:
    long = patient(id="p2", name=[{"family": "x" * 101}])
    report = read(patient(), long)
    assert [each.id for each in report.patients] == ["p1"]
    assert reasons(report)["Patient"] == "family is longer than 100 characters"


def test_a_record_that_another_replaces_is_not_a_patient_any_more() -> None:
    replaced = patient(id="p2", link=[{"type": "replaced-by", "other": {}}])
    assert reasons(read(patient(), replaced))["Patient"] == "another record replaces it"


@pytest.mark.parametrize("id_", ["a/b", "x" * 65, "", 7, "Ä"])
def test_a_patient_whose_id_does_not_fit_is_refused(id_: Any) -> None:
    report = read(patient(), patient(id=id_))
    assert reasons(report)["Patient"].startswith("it has no id of 1 to 64")


@pytest.mark.parametrize(
    ("told", "language"),
    [
        ([], None),
        ([("en", None), ("es", True)], "es"),
        ([("es", None), ("en", None)], "es"),
        ([("es-MX", False)], "es-MX"),
        ([("not a language", True)], None),
    ],
)
def test_mails_are_in_the_preferred_language_of_communication(
    told: list[tuple[str, bool | None]], language: str | None
) -> None:
    communication = [
        {"language": coded("urn:ietf:bcp:47", code), "preferred": preferred}
        for code, preferred in told
    ]
    assert read_patient(communication=communication).language == language
