"""What clients of the API may be allowed to do: the one table of scopes (RFC 6749 3.3)."""

from enum import StrEnum


class ApiScope(StrEnum):
    """One thing that a client may do in its organisation."""

    ORGANIZATION_READ = "organization:read"
    ORGANIZATION_WRITE = "organization:write"
    STAFF_WRITE = "staff:write"
    CHARTS_READ = "charts:read"
    CHARTS_WRITE = "charts:write"
    RECORDS_READ = "records:read"
    RECORDS_WRITE = "records:write"
    INVITATIONS_READ = "invitations:read"
    INVITATIONS_WRITE = "invitations:write"
    WEBHOOKS_READ = "webhooks:read"
    WEBHOOKS_WRITE = "webhooks:write"


MEANINGS = {
    ApiScope.ORGANIZATION_READ: "Read the organisation's name, phone, logo and settings",
    ApiScope.ORGANIZATION_WRITE: "Change the organisation's name, phone, logo and settings",
    ApiScope.STAFF_WRITE: "Add people who sign in to the staff pages, administrators among them",
    ApiScope.CHARTS_READ: "Read and search charts with their patients and contacts",
    ApiScope.CHARTS_WRITE: "Add and change charts, patients and contacts, and import FHIR bundles",
    ApiScope.RECORDS_READ: "Read appointments, documents, plans, medications and other records",
    ApiScope.RECORDS_WRITE: "Add and change records, and with which roles they are shared",
    ApiScope.INVITATIONS_READ: "Read what has become of invitations",
    ApiScope.INVITATIONS_WRITE: "Invite people to the portal, and take invitations back",
    ApiScope.WEBHOOKS_READ: "Read webhook endpoints and their deliveries",
    ApiScope.WEBHOOKS_WRITE: "Add, change, test and remove webhook endpoints",
}
"""What administrators read when they choose, and developers in the API's description."""
