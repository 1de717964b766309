"""What the compose file promises: two sizes, nobody root, nothing to write to, no secret with a default."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
SENSES = {"glare", "detector", "distance", "tracker", "anomaly"}
OURS = {*SENSES, "gateway", "gateway-small", "worker"}


def of(profile: str) -> set[str]:
    return {name for name, service in SERVICES.items() if profile in service["profiles"]}


def test_two_sizes() -> None:
    assert of("small") == SENSES | {"gateway-small"}
    assert of("full") == SENSES | {"gateway", "worker", "database", "seaweedfs", "prometheus", "grafana"}
    assert SERVICES["worker"]["deploy"]["replicas"] == 2
    assert not [name for name, service in SERVICES.items() if not service["profiles"]]


def test_a_worker_is_a_worker_here_and_in_the_chart() -> None:
    """`test_worker` of the gateway runs this command."""
    command = ["python", "-m", "wideberth_gateway", "worker"]
    assert SERVICES["worker"]["command"] == command
    chart = (ROOT / "deploy/helm/wideberth/templates/gateway.yaml").read_text(encoding="utf-8")
    assert f"command: [{', '.join(command)}]" in chart
    assert "gateway worker" not in TEXT.split("docker compose logs ", 1)[1].split("\n", 1)[0]


@pytest.mark.parametrize("name", SERVICES)
def test_each_has_health_and_limits_and_gains_nothing(name: str) -> None:
    service = SERVICES[name]
    assert service["healthcheck"]["test"]
    assert {"cpus", "memory"} <= set(service["deploy"]["resources"]["limits"])
    assert "no-new-privileges:true" in service["security_opt"]
    assert ":latest" not in service.get("image", "")
    assert all(str(port).startswith("127.0.0.1:") for port in service.get("ports", ()))


@pytest.mark.parametrize("name", sorted(OURS))
def test_ours_are_read_only_and_not_root(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    dockerfile = (ROOT / service["build"]["dockerfile"]).read_text(encoding="utf-8")
    users = re.findall(r"^USER (\S+)", dockerfile, re.MULTILINE)
    assert users == ["wideberth"]
    assert "useradd --system --uid 10001" in dockerfile


def test_no_secret_has_a_default() -> None:
    secrets = re.findall(r"\$\{(WIDEBERTH_\w*(?:PASSWORD|KEY|TOKEN))(:-[^}]*)?\}", TEXT)
    assert {name for name, _ in secrets} == {
        "WIDEBERTH_DATABASE_PASSWORD",
        "WIDEBERTH_FILES_ACCESS_KEY",
        "WIDEBERTH_FILES_SECRET_KEY",
        "WIDEBERTH_METRICS_TOKEN",
        "WIDEBERTH_SERVICE_TOKEN",
    }
    assert {default for _, default in secrets} == {":-"}


def test_settings_are_ones_the_programs_know() -> None:
    import importlib

    prefixes = {"gateway": "wideberth_gateway.settings:GatewaySettings"}
    prefixes |= {name: f"wideberth_{name}.settings:{name.capitalize()}Settings" for name in SENSES}
    for service in SERVICES.values():
        for name in service.get("environment", {}):
            if not name.startswith("WIDEBERTH_"):
                continue
            _, program, setting = name.split("_", 2)
            module, kind = prefixes[program.lower()].split(":")
            assert setting.lower() in getattr(importlib.import_module(module), kind).model_fields, name


def test_mounted_files_are_there() -> None:
    for service in SERVICES.values():
        for volume in service.get("volumes", ()):
            if str(volume).startswith("./"):
                assert (ROOT / volume.split(":")[0]).exists(), volume
