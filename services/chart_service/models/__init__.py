"""chart_service's tables; each row names its organisation."""

from services.chart_service.models.access import AccessState, PortalAccess
from services.chart_service.models.alerts import Alert, AlertState, HistoryStep
from services.chart_service.models.audit import AuditEntry
from services.chart_service.models.bulk import BulkInvite, BulkInviteItem, ItemState
from services.chart_service.models.charts import Chart, Coverage, Organization, Person
from services.chart_service.models.clients import ApiClient, ApiToken, IdempotencyKey
from services.chart_service.models.directory import (
    ChartSearch,
    DirectoryEntry,
    DirectoryRefresh,
    PersonSearch,
    Status,
)
from services.chart_service.models.messages import (
    LONGEST_MESSAGE,
    LONGEST_SUBJECT,
    Message,
    MessageThread,
)
from services.chart_service.models.records import (
    Appointment,
    Attachment,
    AttachmentKind,
    Document,
    DocumentKind,
    Episode,
    Medication,
    Outcome,
    RecordKey,
    RecordKind,
    TreatmentPlan,
)
from services.chart_service.models.settings import Location, Policy
from services.chart_service.models.staff import (
    OidcSignIn,
    PasswordLink,
    SignInFailures,
    Staff,
    StaffRole,
)
from services.chart_service.models.tables import Table
from services.chart_service.models.webhooks import (
    DeliveryState,
    WebhookDelivery,
    WebhookEndpoint,
)

__all__ = [
    "LONGEST_MESSAGE",
    "LONGEST_SUBJECT",
    "AccessState",
    "Alert",
    "AlertState",
    "ApiClient",
    "ApiToken",
    "Appointment",
    "Attachment",
    "AttachmentKind",
    "AuditEntry",
    "BulkInvite",
    "BulkInviteItem",
    "Chart",
    "ChartSearch",
    "Coverage",
    "DeliveryState",
    "DirectoryEntry",
    "DirectoryRefresh",
    "Document",
    "DocumentKind",
    "Episode",
    "HistoryStep",
    "IdempotencyKey",
    "ItemState",
    "Location",
    "Medication",
    "Message",
    "MessageThread",
    "OidcSignIn",
    "Organization",
    "Outcome",
    "PasswordLink",
    "Person",
    "PersonSearch",
    "Policy",
    "PortalAccess",
    "RecordKey",
    "RecordKind",
    "SignInFailures",
    "Staff",
    "StaffRole",
    "Status",
    "Table",
    "TreatmentPlan",
    "WebhookDelivery",
    "WebhookEndpoint",
]
