"""Where the parts of a stack are, and who may sign in."""

from rich.table import Column, Table

from devstack.status import Status


def addresses(found: Status) -> Table:
    """Return a table of all pages and of Kafka; the demo data's sign-ins with them."""
    urls = found["urls"]
    table = Table("", Column("Address", overflow="fold"), "Sign in", box=None)
    table.add_row("EMR page", f"{urls['emr']}/", _staff_sign_in(found))
    table.add_row("Portal", f"{urls['portal']}/", "by the link in an invitation's mail")
    table.add_row("Inbox", f"{urls['inbox']}/", "")
    table.add_row("Ops console", f"{urls['ops']}/", _ops_sign_in(found))
    table.add_row("API docs", f"{urls['emr']}/docs", "token: `portico status --json`")
    table.add_row("Kafka", found["kafka"]["bootstrap_servers"] or "", "")
    return table


def _staff_sign_in(found: Status) -> str:
    credentials = found["credentials"]
    if credentials is None:
        return ""
    return f"{credentials['staff']['email']} / {credentials['staff']['password']}"


def _ops_sign_in(found: Status) -> str:
    credentials = found["credentials"]
    if credentials is None:
        return ""
    return f"{credentials['ops']['name']} / {credentials['ops']['password']}"
