"""The role table, cell by cell, as the product requires it."""

import pytest

from contracts.scopes import Role, scopes_of

P, G, R = Role.PATIENT, Role.GUARDIAN, Role.GUARANTOR

# section or part of one: who sees it
CELLS = {
    "dashboard": (P, G, R),
    "dashboard.preferred_name": (P,),
    "information": (P, G),
    "information.gender_identity": (P,),
    "appointments": (P, G),
    "documents.evaluations": (P, G, R),
    "documents.consents": (P, G, R),
    "documents.outcomes": (P,),
    "treatment_plans": (P, G, R),
    "medications": (P, G),
    "files.upload": (P, G, R),
    "account": (P, G, R),
    "messages": (P, G, R),
}


@pytest.mark.parametrize("role", Role)
def test_a_role_sees_its_column_of_the_table_and_nothing_else(role: Role) -> None:
    assert set(scopes_of(role)) == {scope for scope, roles in CELLS.items() if role in roles}


@pytest.mark.parametrize("role", [G, R])
def test_preferred_name_and_gender_identity_are_the_patients_alone(role: Role) -> None:
    assert not {"dashboard.preferred_name", "information.gender_identity"} & set(scopes_of(role))


def test_a_guarantor_has_no_information_appointments_medications_or_outcomes() -> None:
    sections = {scope.partition(".")[0] for scope in scopes_of(R)}
    assert not {"information", "appointments", "medications"} & sections
    assert "documents.outcomes" not in scopes_of(R)
