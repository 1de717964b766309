"""What the gateway may know: ports and pipeline, never a service, an array library or a model."""

import ast
import importlib
import os
import pkgutil
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from pydantic import ValidationError

import wideberth_gateway
from wideberth_contracts.errors import BadInput
from wideberth_gateway.serving import is_loopback
from wideberth_gateway.settings import GatewaySettings
from wideberth_servicekit.settings import read_settings

SOURCE = Path(wideberth_gateway.__file__).parent
HOUSE = {"wideberth_contracts", "wideberth_servicekit", "wideberth_pipeline", "wideberth_gateway"}
FORBIDDEN = {"numpy", "cv2", "torch", "onnxruntime", "openvino", "av", "scipy", "pyarrow"}


def imports(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


MODULES = sorted(SOURCE.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_arrows(path):
    tops = {name.split(".")[0] for name in imports(path)}
    assert {top for top in tops if top.startswith("wideberth")} <= HOUSE
    assert not tops & FORBIDDEN
    if path.name != "dbos_runner.py":
        assert "dbos" not in tops
    if path.parent.name == "rules" and path.name != "routes.py":
        assert not tops & {"fastapi", "httpx", "sqlalchemy", "os"}


def test_every_module_can_be_imported_and_starts_nothing():
    names = [one.name for one in pkgutil.walk_packages([str(SOURCE)], "wideberth_gateway.")]
    plain = [name for name in names if not name.endswith(("__main__", "migrations.env"))]
    assert len(plain) > 30
    for name in plain:
        importlib.import_module(name)


def test_the_wheel_holds_packs_and_migrations(tmp_path):
    root = SOURCE.parents[1]
    uv = os.environ.get("UV") or shutil.which("uv") or ""
    if not uv:
        pytest.skip("no uv to build with")
    subprocess.run([uv, "build", "--wheel", "--quiet", "--out-dir", str(tmp_path)], cwd=root, check=True)
    names = set(zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist())
    assert "wideberth_gateway/rules/packs/kr.yaml" in names
    assert "wideberth_gateway/store/migrations/versions/0001_first.py" in names
    assert "wideberth_gateway/store/migrations/env.py" in names
    assert "wideberth_gateway/evidence/verify_bag.py" in names
    assert {f"wideberth_gateway/evidence/how_to_{what}.md" for what in ("check", "repeat")} <= names
    assert "wideberth_gateway/py.typed" in names


def test_settings_come_from_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("WIDEBERTH_GATEWAY_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("WIDEBERTH_GATEWAY_DATABASE_URL", "postgresql://x@y/z")
    settings = read_settings(GatewaySettings)
    assert (settings.host, settings.data_dir) == ("127.0.0.1", tmp_path)
    assert settings.main_database() == settings.jobs_database() == "postgresql://x@y/z"


def test_sqlite_keeps_jobs_in_a_file_of_their_own(tmp_path):
    settings = GatewaySettings(data_dir=tmp_path)
    assert settings.main_database().endswith("gateway.sqlite")
    assert settings.jobs_database().endswith("jobs.sqlite")


def test_a_mistyped_variable_stops_the_start(monkeypatch):
    monkeypatch.setenv("WIDEBERTH_GATEWAY_DATA_DRI", "x")
    with pytest.raises(BadInput, match="WIDEBERTH_GATEWAY_DATA_DRI"):
        read_settings(GatewaySettings)


def test_a_mistyped_argument_is_refused():
    with pytest.raises(ValidationError):
        GatewaySettings(prot=1)


def test_bad_settings_end_with_one_line_and_code_1():
    environment = {**os.environ, "WIDEBERTH_GATEWAY_PORT": "many"}
    ended = subprocess.run([sys.executable, "-m", "wideberth_gateway"], env=environment, capture_output=True, text=True)
    assert ended.returncode == 1
    assert "WIDEBERTH_GATEWAY_PORT" in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("host", "inside"), [("127.0.0.1", True), ("localhost", True), ("::1", True), ("0.0.0.0", False)]
)
def test_loopback(host, inside):
    assert is_loopback(host) is inside
