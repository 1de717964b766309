"""The commands of keeping, as an operator calls them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from wideberth_gateway.analyses.folders import Folders
from wideberth_gateway.keeping.places import open_store
from wideberth_gateway.keeping.shelf import Shelf
from wideberth_gateway.settings import GatewaySettings
from wideberth_gateway.store.analyses import Original, keep_original
from wideberth_gateway.store.engine import open_engine
from wideberth_gateway.store.migrate import migrate

CONTENT = b"0123456789"
SHA256 = "84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The folder of a gateway that received one file."""
    settings = GatewaySettings(data_dir=tmp_path / "data")
    folders = Folders(settings.data_dir)
    folders.prepare()
    folders.original(SHA256).write_bytes(CONTENT)
    engine = open_engine(settings.main_database())
    migrate(engine)
    Shelf(engine, folders, open_store(settings), 0).keep_original(SHA256)
    keep_original(engine, Original(SHA256, "clip.mp4", len(CONTENT)))
    engine.dispose()
    return settings.data_dir


def call(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("wideberth")
    return subprocess.run(
        [str(program), *map(str, arguments)],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_reconcile_says_by_its_exit_code_whether_rows_and_files_agree(data: Path) -> None:
    done = call("reconcile", "--data", data, "--hash")
    assert (done.returncode, done.stdout) == (0, "rows and files agree\n")
    (data / "originals" / SHA256).write_bytes(b"0123456780")
    assert call("reconcile", "--data", data).returncode == 0
    done = call("reconcile", "--data", data, "--hash", "--json", "-")
    assert done.returncode == 3
    (found,) = json.loads(done.stdout)
    assert (found["fault"], found["place"]) == ("hash differs", f"originals/{SHA256}")


def test_rebuild_backup_and_restore(data: Path, tmp_path: Path) -> None:
    done = call("backup", tmp_path / "backup", "--data", data)
    assert done.returncode == 0, done.stderr
    done = call("restore", tmp_path / "backup", "--data", tmp_path / "again")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "again" / "originals" / SHA256).read_bytes() == CONTENT
    assert call("reconcile", "--data", tmp_path / "again", "--hash").returncode == 0
    done = call("rebuild", "--data", tmp_path / "again")
    assert (done.returncode, "not empty" in done.stderr) == (1, True)
    for path in (tmp_path / "again").glob("gateway.sqlite*"):
        path.unlink()
    done = call("rebuild", "--data", tmp_path / "again")
    assert done.returncode == 0, done.stderr
    assert "1 original" in done.stdout
    assert "not brought back: keys" in done.stdout


def test_retention_spares_what_is_held(data: Path) -> None:
    now = {"WIDEBERTH_GATEWAY_KEEP_ORIGINALS_DAYS": "0.000000001"}
    shown = call("retention", "show", "--data", data, **now)
    assert "originals: 1e-09 days" in shown.stdout
    assert "due: 1 files of 10 bytes" in shown.stdout
    without_reason = call("hold", "add", "original", SHA256, "--data", data)
    assert (without_reason.returncode, "needs a reason" in without_reason.stderr) == (1, True)
    held = call("hold", "add", "original", SHA256, "--reason", "case 7", "--data", data)
    assert held.returncode == 0, held.stderr
    assert "deleted: 0 files" in call("retention", "apply", "--data", data, **now).stdout
    assert "case 7" in call("hold", "list", "--data", data).stdout
    assert call("hold", "lift", held.stdout.strip(), "--data", data).returncode == 0
    dry = call("retention", "apply", "--dry-run", "--data", data, **now)
    assert f"due: originals/{SHA256}" in dry.stdout
    assert (data / "originals" / SHA256).exists()
    assert "deleted: 1 files of 10 bytes" in call("retention", "apply", "--data", data, **now).stdout
    assert not (data / "originals" / SHA256).exists()
    assert call("reconcile", "--data", data, "--hash").returncode == 0


def test_a_place_that_is_none_is_told_in_one_line(data: Path) -> None:
    done = call("reconcile", "--data", data, WIDEBERTH_GATEWAY_FILES_URL="ftp://x")
    assert done.returncode == 1
    assert "no place for files" in done.stderr
