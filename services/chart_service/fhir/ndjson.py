"""Read NDJSON, a resource a line, as FHIR Bulk Data exports have it."""

import json
from datetime import date

from services.chart_service.fhir.bundle import read_entries
from services.chart_service.fhir.values import FhirReport, Skipped


def read_ndjson(raw: bytes, *, today: date | None = None) -> FhirReport:
    """Read FHIR R4 resources, one a line; whatever refers to a Patient needs that Patient here.

    A line that cannot be read is skipped with its number. `today` is as of `read_bundle`.

    Raises:
        FhirError: There is no patient in it to take.
    """
    entries: list[object] = []
    broken: list[Skipped] = []
    for number, line in enumerate(raw.splitlines(), 1):
        if not line.strip():
            continue
        try:
            entries.append({"resource": json.loads(line)})
        except (ValueError, RecursionError):
            broken.append(Skipped("line", str(number), "it is not JSON"))
    report = read_entries(entries, today=today)
    report.skipped.extend(broken)
    return report
