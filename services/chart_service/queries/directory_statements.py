"""The SQL of the Portal Directory's lists, made for a selection and a place in it."""

from services.chart_service.queries.directory_selection import Place, Selection, Sort

COUNTED = 10_000
"""Up to so many are counted; for people, more are "more than 10,000"."""

FOUND = COUNTED
"""Up to so many that are found by words are filtered and sorted; among more, a page soon comes
along in the order that is asked for, even where those of one name stand together."""

_ORDERS = {
    Sort.NAME: ("sort_name", "chart_id", "person_id"),
    Sort.STATUS: ("status", "sort_name", "chart_id", "person_id"),
    Sort.CHANGED: ("changed_at", "chart_id", "person_id"),
}
KEY = "organization_id, chart_id, person_id"
QUERY = "CAST(:query AS tsquery)"


def counting(selection: Selection) -> str:
    """Return the statement that counts everybody, or those of a status."""
    return f"""
        SELECT count(*) FROM (SELECT FROM directory_entries e
            WHERE e.organization_id = :organization_id AND {_is_listed(selection)}
            LIMIT {COUNTED + 1}) AS counted
    """  # noqa: S608 - made of the names above alone


def finding(selection: Selection, place: Place) -> str:
    """Return the statement that finds by words: a row for each of a page, or one; with counts."""
    order = _order(selection, place)
    return f"""
        WITH found AS MATERIALIZED (
            SELECT chart_id, person_id, sort_name, status, changed_at FROM person_searches
            WHERE organization_id = :organization_id AND words @@ {QUERY} LIMIT {FOUND + 1}
        ), counts AS (
            SELECT count(*) AS found, count(*) FILTER (WHERE {_is_listed(selection)}) AS selected
            FROM found e
        ), page AS (
            SELECT * FROM found e WHERE {_is_listed(selection)} {_beyond(selection, place)}
            ORDER BY {order} LIMIT :limit
        )
        SELECT counts.*, shown.* FROM counts LEFT JOIN ({showing("page")}) AS shown ON true
        ORDER BY {order.replace("e.", "shown.")}
    """  # noqa: S608 - made of the names above alone


def walking(selection: Selection, place: Place) -> str:
    """Return the statement that walks the entries in their order, to the end of a page."""
    order = _order(selection, place)
    source, matching = _walked(selection)
    page = f"""
        (SELECT e.chart_id, e.person_id FROM {source}
         WHERE e.organization_id = :organization_id AND {_is_listed(selection)} {matching}
            {_beyond(selection, place)}
         ORDER BY {order} LIMIT :limit)
    """  # noqa: S608 - made of the names above alone
    return showing(page, order)


def showing(page: str, order: str = "") -> str:
    """Return the statement for what a row shows of each whose chart_id and person_id are given."""
    return f"""
        SELECT e.chart_id, e.person_id, e.sort_name, e.status, e.reason, e.detail, e.since,
            e.changed_at, p.given_name, p.family_name, p.relationship, p.email, c.mrn,
            patient.given_name AS patient_given_name, patient.family_name AS patient_family_name
        FROM {page} AS page
        JOIN directory_entries e ON e.organization_id = :organization_id
            AND e.chart_id = page.chart_id AND e.person_id = page.person_id
        JOIN people p ON p.organization_id = :organization_id AND p.chart_id = page.chart_id
            AND p.id = page.person_id
        JOIN charts c ON c.organization_id = :organization_id AND c.id = page.chart_id
        JOIN people patient ON patient.organization_id = :organization_id
            AND patient.chart_id = page.chart_id AND patient.relationship = 'Patient'
        {f"ORDER BY {order}" if order else ""}
    """  # noqa: S608 - made of the names above alone


def _walked(selection: Selection) -> tuple[str, str]:
    """Return what is walked, and what filters it by words."""
    if not selection.words:
        return "directory_entries e", ""
    # The function does what @@ does, but the planner knows no index for it.
    if selection.sort is Sort.NAME and selection.status is None:
        return "person_searches e", f"AND ts_match_vq(e.words, {QUERY})"
    source = f"directory_entries e JOIN person_searches s USING ({KEY})"
    return source, f"AND ts_match_vq(s.words, {QUERY})"


def _is_listed(selection: Selection) -> str:
    return "e.status = :status" if selection.status else "e.sort_name IS NOT NULL"


def _order(selection: Selection, place: Place) -> str:
    direction = "DESC" if _is_falling(selection, place) else "ASC"
    return ", ".join(f"e.{column} {direction}" for column in _ORDERS[selection.sort])


def _beyond(selection: Selection, place: Place) -> str:
    if place.chart_id is None:
        return ""
    columns = _ORDERS[selection.sort]
    return f"""
        AND ({", ".join(f"e.{column}" for column in columns)})
            {"<" if _is_falling(selection, place) else ">"}
            (SELECT {", ".join(columns)} FROM directory_entries
             WHERE organization_id = :organization_id AND chart_id = :chart
                AND person_id = :person)
    """  # noqa: S608 - made of the names above alone


def _is_falling(selection: Selection, place: Place) -> bool:
    return (selection.sort is Sort.CHANGED) != place.is_before
