"""What runs the processes: Compose, systemd and Kubernetes."""

import re
import shlex
import tomllib

import pytest
import yaml

from app import MISUSE, PROCESSES
from runtime.settings import Settings
from tests.deploy.conftest import DEPLOY, KUBERNETES, ROOT
from web.gunicorn import STOPPING

VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
IMAGE = f"incidentio-bot:{VERSION}"
SETTINGS = {name.upper() for name in Settings.model_fields}
LONGEST = STOPPING + 5
"""Seconds that hosts give a process to end."""


def pods(manifests):
    kinds = {"Deployment", "Job"}
    return {
        found["spec"]["template"]["spec"]["containers"][0]["name"]: found
        for found in manifests
        if found["kind"] in kinds
    }


@pytest.fixture(params=["web", "worker", "release"])
def pod(request, manifests):
    """The pod of one process."""
    return pods(manifests)[request.param]["spec"]["template"]["spec"]


def delivered(bot):
    """The paths that Slack and incident.io deliver to."""
    rules = bot.wsgi.url_map.iter_rules()
    return {rule.rule for rule in rules if "POST" in rule.methods}


def test_everything_is_yaml():
    for file in [*DEPLOY.rglob("*.yaml"), *KUBERNETES]:
        assert list(yaml.safe_load_all(file.read_text())), file


def seconds(text):
    return int(text.removesuffix("s"))


class TestCompose:
    def test_each_service_runs_a_process_of_the_image(self, compose):
        ours = {n: s for n, s in compose["services"].items() if n != "postgres"}
        assert {name: " ".join(s["command"]) for name, s in ours.items()} == {
            "web": "web",
            "worker": "worker",
            "release": "release",
        }
        for service in ours.values():
            assert service["image"] == IMAGE
            assert set(service["environment"]) <= SETTINGS
            build = (DEPLOY / service["build"]["context"]).resolve()
            assert (build / service["build"]["dockerfile"]).exists()

    @pytest.mark.parametrize("name", ["web", "worker", "release"])
    def test_it_may_do_little_and_has_time_to_end(self, compose, name):
        service = compose["services"][name]
        assert service["read_only"] is True
        assert service["user"] == "10001:10001"
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert seconds(service["stop_grace_period"]) >= LONGEST

    def test_what_serves_starts_after_the_migration_and_starts_again(self, compose):
        services = compose["services"]
        assert services["release"]["restart"] == "no"
        for name in ("web", "worker"):
            assert services[name]["restart"] == "unless-stopped"
            needed = services[name]["depends_on"]["release"]["condition"]
            assert needed == "service_completed_successfully"

    def test_the_server_that_sets_itself_up_is_not_taken_for_the_database(
        self, compose
    ):
        """It listens on its socket only, and ends before the real one begins."""
        database = compose["services"]["postgres"]["healthcheck"]["test"]
        assert "--host=127.0.0.1" in database

    def test_no_secret_is_in_the_file(self):
        text = (DEPLOY / "compose.yaml").read_text()
        assert not re.search(r"xox|xapp|whsec", text)
        for password in re.findall(r"POSTGRES_PASSWORD: (\S+)", text):
            assert password.startswith("${POSTGRES_PASSWORD:?")

    def test_ports_are_open_to_this_machine_only(self, compose):
        for service in compose["services"].values():
            for port in service.get("ports", []):
                assert port.startswith("127.0.0.1:")


class TestSystemd:
    def test_it_runs_a_process_of_the_program(self, unit):
        for line in [*unit["ExecStart"], *unit.get("ExecStartPre", [])]:
            python, program, *name = shlex.split(line)
            assert python == "/opt/incidentio-bot/.venv/bin/python"
            assert (ROOT / program.removeprefix("/opt/incidentio-bot/")).exists()
            assert " ".join(name) in PROCESSES

    def test_it_runs_as_a_user_of_its_own_that_can_write_its_state_only(self, unit):
        assert unit["User"] == ["incidentio-bot"]
        assert unit["ProtectSystem"] == ["strict"]
        assert unit["NoNewPrivileges"] == ["yes"]
        assert unit["CapabilityBoundingSet"] == [""]
        (state,) = unit["StateDirectory"]
        assert unit["WorkingDirectory"] == [f"/var/lib/{state}"]

    def test_it_has_time_to_end(self, unit):
        assert int(unit["TimeoutStopSec"][0]) >= LONGEST

    def test_a_migration_has_more_than_the_usual_time(self, unit):
        assert len(unit.get("ExecStartPre", [])) == len(unit.get("TimeoutStartSec", []))

    def test_its_threads_share_few_pools_of_memory_as_in_the_image(self, unit, image):
        (pools,) = unit["Environment"]
        (set_there,) = [words for name, words in image if name == "ENV"]
        assert pools == "MALLOC_ARENA_MAX=2"
        assert pools in set_there

    def test_it_starts_again_unless_only_people_can_mend_it(self, unit):
        assert unit["Restart"] == ["always"]
        assert unit["RestartPreventExitStatus"] == [str(MISUSE)]


class TestKubernetes:
    def test_each_pod_runs_a_process_of_the_image(self, manifests):
        found = pods(manifests)
        assert {*found} == {"web", "worker", "release"}
        for name, manifest in found.items():
            (container,) = manifest["spec"]["template"]["spec"]["containers"]
            assert (container["args"], container["image"]) == ([name], IMAGE)
            assert {e["name"] for e in container.get("env", [])} <= SETTINGS

    def test_a_pod_may_do_little(self, pod):
        (container,) = pod["containers"]
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["automountServiceAccountToken"] is False
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }

    def test_a_pod_has_time_to_end(self, manifests):
        for name in ("web", "worker"):
            pod = pods(manifests)[name]["spec"]["template"]["spec"]
            hook = pod["containers"][0].get("lifecycle", {}).get("preStop")
            before = int(hook["exec"]["command"][1]) if hook else 0
            assert pod["terminationGracePeriodSeconds"] >= LONGEST + before

    def test_probes_ask_what_is_served(self, manifests):
        web = pods(manifests)["web"]["spec"]["template"]["spec"]["containers"][0]
        worker = pods(manifests)["worker"]["spec"]["template"]["spec"]["containers"][0]
        asked = {
            name: web[f"{name}Probe"]["httpGet"]["path"]
            for name in ("startup", "liveness", "readiness")
        }
        assert asked == {
            "startup": "/healthz",
            "liveness": "/healthz",
            "readiness": "/readyz",
        }
        assert worker["livenessProbe"]["httpGet"]["path"] == "/metrics"
        for container in (web, worker):
            ports = {str(port["containerPort"]) for port in container["ports"]}
            values = {e["name"]: e["value"] for e in container["env"]}
            assert ports == {values.get("PORT") or values["METRICS_PORT"]}
            named = {port["name"] for port in container["ports"]}
            probes = [p for key, p in container.items() if key.endswith("Probe")]
            assert {probe["httpGet"]["port"] for probe in probes} == named

    def test_from_outside_only_deliveries_reach_the_service(self, manifests, bot):
        (ingress,) = [m for m in manifests if m["kind"] == "Ingress"]
        (service,) = [m for m in manifests if m["kind"] == "Service"]
        ((port,), name) = service["spec"]["ports"], service["metadata"]["name"]
        (rule,) = ingress["spec"]["rules"]
        paths = rule["http"]["paths"]

        assert {path["path"] for path in paths} == delivered(bot)
        for path in paths:
            assert path["pathType"] == "Exact"
            reached = {"name": name, "port": {"name": port["name"]}}
            assert path["backend"]["service"] == reached

    def test_services_and_budgets_select_pods_that_exist(self, manifests):
        labels = [
            m["spec"]["template"]["metadata"]["labels"]
            for m in manifests
            if m["kind"] in {"Deployment", "Job"}
        ]
        chosen = [m["spec"]["selector"] for m in manifests if m["kind"] == "Service"]
        chosen += [
            m["spec"]["selector"]["matchLabels"]
            for m in manifests
            if m["kind"] in {"Deployment", "PodDisruptionBudget"}
        ]
        assert len(chosen) == 5
        for selector in chosen:
            assert selector in labels

    def test_the_secret_has_settings_and_no_directory_apply_takes_it(self, manifests):
        (secret,) = [m for m in manifests if m["kind"] == "Secret"]
        assert set(secret["stringData"]) <= SETTINGS
        needed = {*PROCESSES["web"].needs, *PROCESSES["worker"].needs}
        assert {name.upper() for name in needed} <= set(secret["stringData"])
        assert not [
            f for f in KUBERNETES if "Secret" in f.read_text() if f.suffix == ".yaml"
        ]


class TestLoadBalancer:
    TEXT = (DEPLOY / "haproxy.cfg").read_text()
    SERVERS = re.findall(r"^  server (\S+) (\S+)(.*)$", TEXT, re.MULTILINE)

    def test_it_lets_through_what_is_delivered_and_nothing_else(self, bot):
        (let_through,) = re.findall(r"unless \{ path (.*) \}", self.TEXT)
        assert {*let_through.split()} == delivered(bot)

    def test_it_sends_to_replicas_that_are_ready_and_to_all_if_none_is(self):
        assert "option httpchk GET /readyz" in self.TEXT
        assert "option allbackups" in self.TEXT
        ready = {at for _, at, more in self.SERVERS if not more}
        assert ready == {
            at for _, at, more in self.SERVERS if more == " no-check backup"
        }
