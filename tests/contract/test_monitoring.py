"""Dashboard, alerts and their page name what the services export, and leave nothing out."""

import json
import re
import shutil
import subprocess
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY, Metric

from devstack.services import OPS_CONSOLE, SERVICES

DEPLOY = Path("deploy")
RULES = DEPLOY / "prometheus" / "alerts.yml"
DASHBOARD = DEPLOY / "grafana" / "portico.json"
PAGE = Path("docs/operate.md").read_text()
ALERTS: list[dict[str, Any]] = yaml.safe_load(RULES.read_text())["groups"][0]["rules"]

PROMETHEUS_OWN = {"up", "job", "instance", "le"}
LABELS = {
    *("check", "event", "kind", "method", "outcome", "reason", "route"),
    *("status", "task", "topic", "what"),
}
"""None of these can hold a person's data, an address, a token or an id."""

MODULES = ("chassis.metrics", "chassis.telemetry", "services.notification_service.metrics")
for _module in (*MODULES, "services.invitation_service.metrics"):
    import_module(_module)
OURS = [metric for metric in REGISTRY.collect() if metric.name.startswith("portico_")]


def samples_of(metric: Metric) -> set[str]:
    """Return the names of a metric's samples, of which there may be none yet."""
    if metric.type == "histogram":
        return {f"{metric.name}_{part}" for part in ("bucket", "count", "sum")}
    return {f"{metric.name}_total" if metric.type == "counter" else metric.name}


EXPORTED = set().union(*map(samples_of, OURS))


def expressions() -> list[str]:
    """Return every PromQL expression of the alerts and the dashboard."""
    panels = json.loads(DASHBOARD.read_text())["panels"]
    shown = [target["expr"] for panel in panels for target in panel.get("targets", [])]
    assert len(shown) > 20
    return [alert["expr"] for alert in ALERTS] + shown


@pytest.mark.parametrize("expression", expressions())
def test_what_is_looked_at_is_exported(expression: str) -> None:
    assert set(re.findall(r"portico_\w+", expression)) <= EXPORTED
    grouped = re.findall(r"by \(([^)]*)\)", expression)
    labels = {label for group in grouped for label in group.split(", ")}
    assert labels <= LABELS | PROMETHEUS_OWN


@pytest.mark.parametrize("metric", OURS, ids=lambda metric: metric.name)
def test_each_metric_is_explained_shown_and_free_of_what_is_personal(metric: Metric) -> None:
    (name, *_) = sorted(samples_of(metric))
    assert f"`{name.removesuffix('_bucket')}`" in PAGE
    assert any(re.search(rf"\b{metric.name}", expression) for expression in expressions())
    assert metric.documentation
    assert {label for sample in metric.samples for label in sample.labels} <= LABELS | {"le"}


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert["alert"])
def test_each_alert_says_what_to_do_here_and_on_its_page(alert: dict[str, Any]) -> None:
    assert alert["annotations"]["summary"].endswith(".")
    assert alert["annotations"]["runbook"].endswith(".")
    assert alert["labels"]["severity"] in {"page", "ticket"}
    assert f"**{alert['alert']}**" in PAGE


def test_each_service_is_scraped_where_it_listens() -> None:
    config = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text())
    jobs = {each["job_name"]: each["static_configs"] for each in config["scrape_configs"]}
    assert jobs.keys() == {service.name for service in (*SERVICES, OPS_CONSOLE)}
    assert all(found == [{"targets": [f"{job}:8080"]}] for job, found in jobs.items())
    assert config["rule_files"] == [RULES.name]


def test_prometheus_takes_the_files_and_alerts_as_meant_where_promtool_is_there() -> None:
    """Without promtool (Debian's package `prometheus` has it) this checks nothing."""
    promtool = shutil.which("promtool")
    for arguments in (
        ["check", "config", str(DEPLOY / "prometheus" / "prometheus.yml")],
        ["test", "rules", str(Path(__file__).with_name("alerts_test.yml"))],
    ):
        if promtool:
            done = subprocess.run(  # noqa: S603 - the files above
                [promtool, *arguments], capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stdout + done.stderr
