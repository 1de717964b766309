"""Rules and board speak of numbers that the programs really give."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from prometheus_client import CollectorRegistry

from wideberth_gateway.edge import Metrics
from wideberth_gateway.observing.standing import Gauges
from wideberth_gateway.observing.watched_work import StepMetrics
from wideberth_servicekit.edge import Metrics as ServiceMetrics

ROOT = Path(__file__).resolve().parents[2]
FILES = ROOT / "deploy/helm/wideberth/files"
NAME = re.compile(r"\b(?:wideberth_\w+|up)\b(?=[{\[)\s]|$)")


def given() -> set[str]:
    """Every name that a scrape can bring."""
    registry = Metrics().registry
    Gauges.of(registry)
    StepMetrics(registry)
    names = {"up"}
    for one in (registry, ServiceMetrics("detector").registry, CollectorRegistry()):
        for family in one.collect():
            endings = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum")}.get(family.type, ("",))
            names |= {family.name + ending for ending in endings}
    return names


def expressions() -> list[str]:
    rules = yaml.safe_load((FILES / "alerts.yml").read_text(encoding="utf-8"))["groups"][0]["rules"]
    board = json.loads((FILES / "board.json").read_text(encoding="utf-8"))
    return [rule["expr"] for rule in rules] + [one["expr"] for panel in board["panels"] for one in panel["targets"]]


def test_every_number_is_one_that_is_given() -> None:
    asked = {name for expression in expressions() for name in NAME.findall(expression)}
    assert len(asked) > 15
    assert asked <= given(), asked - given()


def test_there_are_six_rules_that_say_what_to_do() -> None:
    rules = yaml.safe_load((FILES / "alerts.yml").read_text(encoding="utf-8"))["groups"][0]["rules"]
    assert len(rules) == 6
    assert all(rule["annotations"].keys() == {"summary", "action"} and rule["labels"]["severity"] for rule in rules)


def test_panels_do_not_lie_over_one_another() -> None:
    board = json.loads((FILES / "board.json").read_text(encoding="utf-8"))
    taken: set[tuple[int, int]] = set()
    for panel in board["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken, panel["title"]
        assert at["x"] + at["w"] <= 24
        taken |= cells


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "rules", "deploy/helm/wideberth/files/alerts.yml"),
        ("test", "rules", "deploy/prometheus/alerts_test.yml"),
    ],
    ids=["check", "test"],
)
def test_prometheus_takes_the_rules_and_they_fire(arguments: tuple[str, ...]) -> None:
    if shutil.which("promtool") is None:
        pytest.skip("promtool is not installed (Debian: prometheus)")
    done = subprocess.run(["promtool", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_prometheus_takes_the_configuration(tmp_path: Path) -> None:
    if shutil.which("promtool") is None:
        pytest.skip("promtool is not installed (Debian: prometheus)")
    text = (ROOT / "deploy/prometheus/prometheus.yml").read_text(encoding="utf-8")
    (tmp_path / "token").write_text("x")
    text = text.replace("/tmp/metrics_token", str(tmp_path / "token"))
    (tmp_path / "p.yml").write_text(text.replace("/etc/prometheus/alerts.yml", str(FILES / "alerts.yml")))
    done = subprocess.run(["promtool", "check", "config", str(tmp_path / "p.yml")], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
