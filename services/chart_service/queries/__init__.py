"""All SQL of chart_service, by subject. Lists go in as arrays, so that a batch is one statement."""

from services.chart_service.queries import (
    access,
    alerts,
    audit,
    bulk,
    chart_list,
    charts,
    clients,
    directory,
    directory_list,
    locations,
    organizations,
    people,
    policies,
    records,
    sign_in,
    staff,
)

__all__ = [
    "access",
    "alerts",
    "audit",
    "bulk",
    "chart_list",
    "charts",
    "clients",
    "directory",
    "directory_list",
    "locations",
    "organizations",
    "people",
    "policies",
    "records",
    "sign_in",
    "staff",
]
