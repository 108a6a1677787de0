"""Alerts, dashboard and runbook: all is about metrics and labels that exist."""

import json
import re

import pytest
import yaml

from telemetry.metrics import Metrics
from tests.deploy.conftest import DEPLOY, ROOT

ALERTS = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yaml").read_text())
RULES = ALERTS["groups"][0]["rules"]
BOARD = json.loads((DEPLOY / "grafana" / "dashboard.json").read_text())
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text()

EXPRESSIONS = {
    **{rule["alert"]: [rule["expr"]] for rule in RULES},
    **{p["title"]: [t["expr"] for t in p["targets"]] for p in BOARD["panels"]},
}
OF_PROMETHEUS = {"job", "instance", "le"}
SELECTOR = re.compile(r"\b(up|incidentio_bot_\w+)(?:\{([^}]*)\})?")
MATCHER = re.compile(r'(\w+)(?:=~|!~|!=|=)"([^"]*)"')
BY = re.compile(r"\bby \(([^)]*)\)")


def scraped():
    """Every name that a process serves, with the labels that it has."""
    metrics = Metrics()
    metrics.ack.labels("command").observe(1)
    metrics.work.labels("command").observe(1)
    metrics.interactions.labels("command", "declare", "done").inc()
    metrics.requested("GET", "/v2/incidents", 200, 1, None)
    metrics.waiting.labels("writes").set(1)
    metrics.reminded("sent", kind="channel")
    metrics.told("sent")
    return {
        sample.name: {*sample.labels}
        for family in metrics.registry.collect()
        for sample in family.samples
    }


NAMES = {**scraped(), "up": {"job"}}


@pytest.mark.parametrize("title", EXPRESSIONS)
def test_what_is_asked_for_exists_with_its_labels(title):
    for expression in EXPRESSIONS[title]:
        found = SELECTOR.findall(expression)
        assert found, expression
        known = set(OF_PROMETHEUS)
        for name, matchers in found:
            labels = {label for label, _ in MATCHER.findall(matchers)}
            assert name in NAMES, name
            assert labels <= NAMES[name] | OF_PROMETHEUS, expression
            known |= NAMES[name]
        for labels in BY.findall(expression):
            assert {label.strip() for label in labels.split(",")} <= known, expression


def test_events_and_outcomes_are_those_that_the_code_counts():
    code = "".join(
        path.read_text()
        for folder in ("handlers/core/pipeline", "reminders/engine", "storage")
        for path in (ROOT / folder).rglob("*.py")
    )
    asked = [
        value
        for expressions in EXPRESSIONS.values()
        for expression in expressions
        for label, values in MATCHER.findall(expression)
        if label in {"event", "outcome"}
        for value in values.split("|")
    ]
    assert asked
    for value in asked:
        assert f'"{value}"' in code, value


@pytest.mark.parametrize("file", ["prometheus.yaml", "kubernetes.yaml"])
def test_the_jobs_of_the_alerts_are_scraped(file):
    config = yaml.safe_load((DEPLOY / "prometheus" / file).read_text())
    jobs = {job["job_name"] for job in config["scrape_configs"]}
    named = {
        match for rule in RULES for match in re.findall(r'job="([^"]+)"', rule["expr"])
    }

    assert named == jobs
    assert config["rule_files"] == ["alerts.yaml"]


def test_on_kubernetes_each_process_is_found_by_its_port(manifests):
    config = yaml.safe_load((DEPLOY / "prometheus" / "kubernetes.yaml").read_text())
    containers = [
        m["spec"]["template"]["spec"]["containers"][0]
        for m in manifests
        if m["kind"] == "Deployment"
    ]
    served = {f"incidentio-bot-{c['name']}": c["ports"][0]["name"] for c in containers}

    for job in config["scrape_configs"]:
        name, port, _ = job["relabel_configs"]
        assert name["regex"] == "incidentio-bot"
        assert port["regex"] == served[job["job_name"]]


def test_every_metric_is_on_the_dashboard():
    shown = {
        re.sub(r"_(total|count|bucket)$", "", name)
        for panel in BOARD["panels"]
        for target in panel["targets"]
        for name, _ in SELECTOR.findall(target["expr"])
    }
    assert shown - {"up"} == {m.name for m in Metrics().registry.collect()}


def test_panels_do_not_overlap():
    places = [tuple(panel["gridPos"].values()) for panel in BOARD["panels"]]
    assert len({*places}) == len(places)
    assert len({panel["id"] for panel in BOARD["panels"]}) == len(places)


def test_the_runbook_has_a_section_for_each_alert():
    alerts = RUNBOOK.partition("\n## Alerts\n")[2].partition("\n## ")[0]
    sections = re.findall(
        r"^### (\w+)\n(.*?)(?=^### |\Z)", alerts, re.MULTILINE | re.DOTALL
    )

    assert [name for name, _ in sections] == [rule["alert"] for rule in RULES]
    for name, text in sections:
        for part in ("**It means**", "**Look**", "**Do**"):
            assert part in text, (name, part)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_says_what_it_is_and_where_to_read_on(rule):
    assert rule["labels"]["severity"] in {"critical", "warning"}
    assert rule["annotations"]["summary"].endswith(".")
    where = f"docs/runbook.md#{rule['alert'].lower()}"
    assert rule["annotations"]["runbook"] == where


def test_what_a_summary_quotes_is_left_by_its_expression():
    """A label that an aggregation drops would be shown as nothing."""
    for rule in RULES:
        quoted = set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]))
        kept = BY.findall(rule["expr"])
        assert not quoted or kept or "sum(" not in rule["expr"], rule["alert"]
        if kept:
            assert quoted <= {label.strip() for label in kept[-1].split(",")}


@pytest.mark.parametrize("alert", [rule["alert"] for rule in RULES])
def test_each_alert_is_seen_to_fire_by_promtool(alert):
    """``.ci/run`` runs these tests."""
    told = yaml.safe_load((DEPLOY / "prometheus" / "alerts_test.yaml").read_text())
    expected = [one for test in told["tests"] for one in test["alert_rule_test"]]

    assert any(one["alertname"] == alert and one["exp_alerts"] for one in expected)
