"""The demo organisation: imported through the chart API when a stack is used first."""

import base64
from datetime import UTC, datetime
from pathlib import Path

from cli import demo_records
from cli.chart_api import ChartApi, RefusedError
from devstack.credentials import DEMO_STAFF_EMAIL, DEMO_STAFF_PASSWORD
from devstack.process import Report
from devstack.status import Status

FOLDER = Path(__file__).parents[1] / "demo_data"
ORGANIZATION = "sunrise"
IMPORTED = "demo_data.imported"


def import_once(home: Path, stack: Status, report: Report) -> None:
    """Import the demo data unless that was done before in this stack's folder.

    Raises:
        RefusedError: The chart API refused something.
    """
    imported = home / IMPORTED
    if imported.exists():
        return
    report("Importing demo data")
    with ChartApi(stack, ORGANIZATION) as api:
        open_organization(api)
        for bundle in sorted((FOLDER / "fhir").glob("*.json")):
            for chart in api.import_bundle(bundle)["patients"]:
                api.save_records(chart, demo_records.records(datetime.now(UTC)))
    imported.touch()


def open_organization(api: ChartApi) -> None:
    """Enter the demo organisation and its member of staff.

    Raises:
        RefusedError: The chart API refused one of them.
    """
    logo = base64.b64encode((FOLDER / "logo.png").read_bytes()).decode()
    api.put_organization(
        {
            "name": "Sunrise Recovery Center",
            "phone": "+1 202-555-0143",
            "messages_enabled": True,
            "logo": {"media_type": "image/png", "content": logo},
        }
    )
    try:
        api.add_admin(DEMO_STAFF_EMAIL, "Sam Rivera", DEMO_STAFF_PASSWORD)
    except RefusedError as refusal:
        # An import that was interrupted is done again from its beginning.
        if refusal.reason != "staff_exists":
            raise
