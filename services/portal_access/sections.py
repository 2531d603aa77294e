"""The sections of a chart in the portal: where each is, and which scopes open it (ROLE_TABLE.md).

My Account is no section of a chart: it is the account's, whatever its charts. My Messages is there
where the organisation has turned messages on.
"""

from collections.abc import Collection
from typing import NamedTuple

from chassis.web.languages import marked


class Section(NamedTuple):
    """A section: the end of its address, its label, and the scopes of which any opens it."""

    path: str
    label: str
    openers: frozenset[str]


DASHBOARD = Section("", marked("Dashboard"), frozenset({"dashboard"}))
INFORMATION = Section("information", marked("My information"), frozenset({"information"}))
APPOINTMENTS = Section("appointments", marked("My appointments"), frozenset({"appointments"}))
DOCUMENTS = Section(
    "documents",
    marked("My documents"),
    frozenset({"documents.evaluations", "documents.consents", "documents.outcomes"}),
)
TREATMENT_PLANS = Section(
    "treatment-plans", marked("My treatment plans"), frozenset({"treatment_plans"})
)
MEDICATIONS = Section("medications", marked("My medications"), frozenset({"medications"}))
FILES = Section("files", marked("My files"), frozenset({"files.upload"}))
MESSAGES = Section("messages", marked("My messages"), frozenset({"messages"}))
ALL = (
    *(DASHBOARD, INFORMATION, APPOINTMENTS, DOCUMENTS),
    *(TREATMENT_PLANS, MEDICATIONS, FILES, MESSAGES),
)


def open_to(scopes: Collection[str]) -> list[Section]:
    """Return the sections that these scopes open, in the role table's order."""
    return [section for section in ALL if not section.openers.isdisjoint(scopes)]
