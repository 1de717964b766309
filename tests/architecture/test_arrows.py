"""The arrows of the house: who may import whom. See docs/house.md."""

import ast
import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("anomaly", "detector", "distance", "glare", "tracker")
PACKAGES = {
    "wideberth_contracts": (ROOT / "packages/contracts", set()),
    "wideberth_servicekit": (ROOT / "packages/servicekit", {"wideberth_contracts"}),
    "wideberth_media": (ROOT / "packages/media", {"wideberth_contracts"}),
    "wideberth_pipeline": (ROOT / "packages/pipeline", {"wideberth_contracts", "wideberth_media"}),
    "wideberth_simulator": (ROOT / "simulator", set()),
    "wideberth_gateway": (ROOT / "gateway", {"wideberth_contracts", "wideberth_servicekit", "wideberth_pipeline"}),
    **{
        f"wideberth_{name}": (
            ROOT / "services" / name,
            {"wideberth_contracts", "wideberth_servicekit", "wideberth_media"},
        )
        for name in SERVICES
    },
}
FORBIDDEN_IN_CORE = {"fastapi", "httpx", "starlette", "uvicorn", "pydantic_settings"}
FORBIDDEN_IN_GATEWAY = {"numpy", "cv2", "openvino", "onnxruntime", "torch", "av"}
TRAINING_ONLY = {"torch", "anomalib", "ultralytics", "lightning"}
MEANINGLESS_NAMES = {"utils", "util", "helpers", "helper", "common", "misc"}


def _sources(package: str) -> list[Path]:
    return sorted((PACKAGES[package][0] / "src" / package).rglob("*.py"))


def _imports(file: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_only_what_the_house_allows(package: str) -> None:
    allowed = PACKAGES[package][1] | {package}
    assert _sources(package), "the package is empty"
    for file in _sources(package):
        ours = {name for name in _imports(file) if name == "wideberth" or name.startswith("wideberth_")}
        assert ours <= allowed, f"{file.relative_to(ROOT)} imports {ours - allowed}"


@pytest.mark.parametrize("name", SERVICES)
def test_a_core_knows_no_web_and_no_environment(name: str) -> None:
    core = ROOT / "services" / name / "src" / f"wideberth_{name}" / "core"
    files = sorted(core.rglob("*.py"))
    assert files
    for file in files:
        assert not _imports(file) & FORBIDDEN_IN_CORE, file
        text = file.read_text(encoding="utf-8")
        assert "os.environ" not in text or "setdefault" in text, f"{file}: a core reads no environment"
        assert f"wideberth_{name}.settings" not in text, file


def test_the_gateway_knows_no_pixels_and_no_models() -> None:
    for file in _sources("wideberth_gateway"):
        assert not _imports(file) & FORBIDDEN_IN_GATEWAY, file


def test_nothing_that_runs_needs_torch() -> None:
    """Imports of training libraries stand inside a function, behind an extra; the lock of the application has none."""
    for package in PACKAGES:
        for file in _sources(package):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            top = {n.split(".")[0] for node in tree.body if isinstance(node, ast.Import) for n in [node.names[0].name]}
            assert not top & TRAINING_ONLY, file
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert not [line for line in project["project"]["dependencies"] if line.split(">")[0] in TRAINING_ONLY]


def test_names_say_something() -> None:
    for package in PACKAGES:
        for file in _sources(package):
            assert file.stem not in MEANINGLESS_NAMES, file
            assert not MEANINGLESS_NAMES & set(file.relative_to(ROOT).parts), file


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_has_the_one_shape(name: str) -> None:
    folder = ROOT / "services" / name
    source = folder / "src" / f"wideberth_{name}"
    for part in ("pyproject.toml", "uv.lock", "Dockerfile", "README.md"):
        assert (folder / part).is_file(), part
    for part in ("app.py", "settings.py", "local.py", "__main__.py", "py.typed"):
        assert (source / part).is_file(), part
    assert len((source / "app.py").read_text().splitlines()) <= 60


def test_importing_everything_does_nothing() -> None:
    """No model, no file, no environment, no state is touched by an import."""
    modules = [
        ".".join(file.relative_to(PACKAGES[package][0] / "src").with_suffix("").parts).removesuffix(".__init__")
        for package in PACKAGES
        for file in _sources(package)
        if file.stem != "__main__" and "migrations" not in file.parts  # Alembic runs those, nobody imports them
    ]
    code = (
        "import importlib, json, sys, threading\n"
        f"for name in {modules!r}: importlib.import_module(name)\n"
        "print(json.dumps({'threads': threading.active_count(), 'torch': 'torch' in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", code], capture_output=True, text=True, env={"PATH": "/usr/bin"}, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["torch"] is False


def test_the_repository_stays_small() -> None:
    """No data and no videos in git; weights under 12 MB a model."""
    if shutil.which("git") is None:
        pytest.skip("no git on this machine")
    listed = subprocess.run(["git", "ls-files", "-z"], capture_output=True, text=True, cwd=ROOT).stdout.split("\0")
    sizes = {name: (ROOT / name).stat().st_size for name in listed if name and (ROOT / name).is_file()}
    if not sizes:
        pytest.skip("not a git checkout")
    assert max(sizes.values()) < 12_000_000, max(sizes, key=lambda name: sizes[name])
    assert sum(sizes.values()) < 60_000_000
