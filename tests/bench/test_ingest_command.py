"""`wideberth ingest`: a card becomes flights of a data folder where it lies."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bench.load.gateways import Gateway, program  # noqa: E402
from bench.load.hostile_clips import clip  # noqa: E402


@pytest.fixture
def card(tmp_path) -> Path:
    folder = tmp_path / "card" / "DCIM"
    folder.mkdir(parents=True)
    (folder / "DJI_0007.MP4").write_bytes(clip("mp4"))
    (folder / "DJI_0007.SRT").write_bytes(b"1\n00:00:00,000 --> 00:00:01,000\n[latitude: 33.2] [longitude: 126.2]\n\n")
    (folder / "DJI_0008.MP4").symlink_to(folder / "DJI_0007.MP4")
    return tmp_path / "card"


def ingest(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [program(), "ingest", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_card_is_registered_where_it_lies_and_a_gateway_has_its_flights(card, tmp_path):
    data = tmp_path / "data"
    done = ingest(card, "--data", data, "--json", "-")
    assert done.returncode == 0, done.stderr
    (flight,) = json.loads(done.stdout)["flights"]
    assert flight["parts"][0]["telemetry"]["name"] == "DJI_0007.SRT"
    assert flight["look"]["parts"][0]["look"]["codec"] == "h264"
    originals = sorted((data / "originals").iterdir())
    assert len(originals) == 2
    assert all(path.is_symlink() and path.resolve().parent == card / "DCIM" for path in originals)
    with Gateway(data) as gateway:
        assert [one["id"] for one in gateway.client.get("/v1/flights").json()["flights"]] == [flight["id"]]
    plain = ingest(card / "DCIM" / "DJI_0007.MP4", "--data", data, "--no-look")
    assert "DJI_0007.MP4" in plain.stdout
    checked = subprocess.run(
        [program(), "reconcile", "--data", str(data), "--hash"], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout


def test_a_card_that_goes_is_copied(card, tmp_path):
    done = ingest(card, "--data", tmp_path / "data", "--copy", "--no-look", "--json", "-")
    assert done.returncode == 0, done.stderr
    originals = list((tmp_path / "data" / "originals").iterdir())
    assert len(originals) == 2
    assert not any(path.is_symlink() for path in originals)


def test_what_is_no_recording_is_named_with_a_remedy(tmp_path):
    (tmp_path / "DJI_0001.MP4").write_bytes(b"\0\0\0\x18ftypisom and nothing else")
    for path, words in ((tmp_path / "DJI_0001.MP4", "moov"), (tmp_path / "no", "no such file")):
        done = ingest(path, "--data", tmp_path / "data")
        assert done.returncode == 1
        assert words in done.stderr
        assert "Traceback" not in done.stderr
