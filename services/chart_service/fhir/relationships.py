"""Which HL7 codes make a contact a guardian, a guarantor, a parent and so on.

From v3-RoleCode, v3-RoleClass, v2-0131 (contact role) and v2-0063 (relationship). Powers of
attorney and a guardian ad litem are not guardians here: staff decide whether they are to be.
"""

from contracts.chart import Relationship
from services.chart_service.fhir.elements import Element, RefusedError, codes

PRECEDENCE = (
    Relationship.GUARDIAN,
    Relationship.GUARANTOR,
    Relationship.SPOUSE,
    Relationship.PARENT,
    Relationship.CHILD,
    Relationship.SIBLING,
    Relationship.FRIEND,
    Relationship.EMERGENCY_CONTACT,
    Relationship.OTHER,
)
"""Of several relationships the first of these is taken: it says or allows most."""

_ROLE_CODE = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
_ROLE_CLASS = "http://terminology.hl7.org/CodeSystem/v3-RoleClass"
_CONTACT_ROLE = "http://terminology.hl7.org/CodeSystem/v2-0131"
_RELATIONSHIP = "http://terminology.hl7.org/CodeSystem/v2-0063"

_TABLE = (
    (Relationship.GUARDIAN, _ROLE_CODE, "GUARD"),
    (Relationship.GUARDIAN, _ROLE_CLASS, "GUARD"),
    (Relationship.GUARDIAN, _RELATIONSHIP, "GRD"),
    (Relationship.GUARANTOR, _ROLE_CODE, "GT"),
    (Relationship.GUARANTOR, _ROLE_CLASS, "GUAR"),
    (Relationship.SPOUSE, _ROLE_CODE, "SPS HUSB WIFE DOMPART"),
    (Relationship.SPOUSE, _RELATIONSHIP, "SPO DOM"),
    (Relationship.PARENT, _ROLE_CODE, "PRN MTH FTH NPRN NMTH NFTH GESTM ADOPTP ADOPTM ADOPTF"),
    (Relationship.PARENT, _ROLE_CODE, "PRNFOST MTHFOST FTHFOST STPPRN STPMTH STPFTH"),
    (Relationship.PARENT, _RELATIONSHIP, "PAR MTH FTH"),
    (Relationship.CHILD, _ROLE_CODE, "CHILD DAUC SONC NCHILD DAU SON CHLDADOPT DAUADOPT SONADOPT"),
    (Relationship.CHILD, _ROLE_CODE, "CHLDFOST DAUFOST SONFOST STPCHLD STPDAU STPSON"),
    (Relationship.CHILD, _RELATIONSHIP, "CHD NCH FCH SCH"),
    (Relationship.SIBLING, _ROLE_CODE, "SIB BRO SIS NSIB NBRO NSIS HSIB HBRO HSIS STPSIB STPBRO"),
    (Relationship.SIBLING, _ROLE_CODE, "STPSIS TWIN TWINBRO TWINSIS FTWIN FTWINBRO FTWINSIS"),
    (Relationship.SIBLING, _ROLE_CODE, "ITWIN ITWINBRO ITWINSIS"),
    (Relationship.SIBLING, _RELATIONSHIP, "SIB BRO SIS"),
    (Relationship.FRIEND, _ROLE_CODE, "FRND"),
    (Relationship.FRIEND, _RELATIONSHIP, "FND"),
    (Relationship.EMERGENCY_CONTACT, _CONTACT_ROLE, "C EP"),
    (Relationship.EMERGENCY_CONTACT, _ROLE_CODE, "ECON"),
    (Relationship.EMERGENCY_CONTACT, _ROLE_CLASS, "ECON"),
    (Relationship.EMERGENCY_CONTACT, _RELATIONSHIP, "EMC"),
)

_BY_CODE = {(system, code): kind for kind, system, row in _TABLE for code in row.split()}
_THE_PATIENT = {(_ROLE_CODE, "ONESELF"), (_RELATIONSHIP, "SEL")}
_NOT_A_PERSON = {(_CONTACT_ROLE, code) for code in "EFIS"} | {(_RELATIONSHIP, "EMR")}


def relationship_of(element: Element) -> Relationship:
    """Return what a RelatedPerson or Patient.contact is to the patient, by its codes.

    Raises:
        RefusedError: It is the patient again, or an organisation.
    """
    coded = codes(element, "relationship")
    if found := {_BY_CODE[code] for code in coded & _BY_CODE.keys()}:
        return strongest(found)
    if coded & _THE_PATIENT:
        raise RefusedError("it is the patient, not a contact")
    if coded & _NOT_A_PERSON:
        raise RefusedError("it is an employer, insurer or agency, not a person")
    return Relationship.OTHER


def strongest(relationships: set[Relationship]) -> Relationship:
    """Return the one of several relationships that is taken."""
    return min(relationships, key=PRECEDENCE.index)
