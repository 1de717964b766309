"""`wideberth upload` against a real gateway: cut lines, a killed server, a stopped client, files that are there."""

import hashlib
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bench.load.cutting import CuttingLine  # noqa: E402
from bench.load.gateways import Gateway, program  # noqa: E402
from bench.load.hostile_clips import clip  # noqa: E402
from wideberth.sending import Sender, StateFile  # noqa: E402
from wideberth_contracts.errors import BadInput, TooLarge, Unavailable  # noqa: E402

MIB = 1 << 20


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    with Gateway(tmp_path_factory.mktemp("gateway"), max_body_bytes=64 * MIB) as running:
        yield running


def large(path: Path, seed: int, size_bytes: int = 20 * MIB) -> Path:
    path.write_bytes(random.Random(seed).randbytes(size_bytes))
    return path


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def sender(port: int, folder: Path, **given: object) -> Sender:
    client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20, trust_env=False)
    return Sender(client, StateFile(folder / "state.json"), **given)


def nothing(name: str, done: int, total: int) -> None:
    pass


def kept(gateway: Gateway, digest: str) -> bool:
    return gateway.client.get(f"/v1/originals/{digest}").status_code == 200


def test_a_line_that_is_cut_again_and_again(gateway, tmp_path):
    file = large(tmp_path / "DJI_0001.MP4", 1)
    with CuttingLine(gateway.port, 100_000, 5 * MIB, cuts=6, seed=1) as line:
        digest = sender(line.port, tmp_path, chunk_bytes=8 * MIB).send(file, nothing)
    assert digest == sha256(file)
    assert kept(gateway, digest)
    assert line.cut == 6
    # What a cut loses is at most what was not on disk yet: a megabyte here and there, never the whole.
    assert line.carried_bytes < 2 * file.stat().st_size
    assert json.loads((tmp_path / "state.json").read_text()) == {}


class Stopped(Exception):
    """In place of a person's Ctrl-C."""


def test_a_client_that_was_stopped_goes_on_and_a_file_that_is_there_is_not_sent(gateway, tmp_path):
    file = large(tmp_path / "DJI_0002.MP4", 2)
    seen = []

    def stop_half_way(name: str, done: int, total: int) -> None:
        if done > total / 2:
            raise Stopped

    with pytest.raises(Stopped):
        sender(gateway.port, tmp_path, chunk_bytes=4 * MIB).send(file, stop_half_way)
    digest = sender(gateway.port, tmp_path, chunk_bytes=4 * MIB).send(file, lambda *told: seen.append(told[1]))
    assert seen[0] > file.stat().st_size / 2
    assert kept(gateway, digest)
    seen.clear()
    sender(gateway.port, tmp_path).send(file, lambda *told: seen.append(told[1]))
    assert seen == [file.stat().st_size]


def test_a_server_that_is_killed(tmp_path):
    file = large(tmp_path / "DJI_0003.MP4", 3)
    killed = []

    def kill_once(name: str, done: int, total: int) -> None:
        if done > total / 3 and not killed:
            gateway.kill()
            killed.append(done)
            gateway.start()

    with Gateway(tmp_path / "data") as gateway:
        digest = sender(gateway.port, tmp_path, chunk_bytes=2 * MIB).send(file, kill_once)
        assert killed
        assert digest == sha256(file)
        assert (tmp_path / "data" / "originals" / digest).read_bytes() == file.read_bytes()


def test_what_the_gateway_refuses_is_told_at_once(gateway, tmp_path):
    too_large = tmp_path / "large.mp4"
    too_large.touch()
    os.truncate(too_large, 65 * MIB)
    with pytest.raises(TooLarge, match="above"):
        sender(gateway.port, tmp_path).send(too_large, nothing)
    file = large(tmp_path / "DJI_0004.MP4", 4, MIB)
    with pytest.raises(Unavailable, match="does not answer") as caught:
        sender(9, tmp_path, patience_s=0.5).send(file, nothing)
    assert "goes on there" in caught.value.remedy

    def grow(name: str, done: int, total: int) -> None:
        with file.open("ab") as more:
            more.write(b"x")

    with pytest.raises(BadInput, match="changed while it was sent"):
        sender(gateway.port, tmp_path, chunk_bytes=256 << 10).send(file, grow)


def test_a_card_becomes_flights(gateway, tmp_path):
    card = tmp_path / "DCIM" / "100MEDIA"
    card.mkdir(parents=True)
    (card / "DJI_0007.MP4").write_bytes(clip("mp4"))
    (card / "DJI_0007.SRT").write_bytes(b"1\n00:00:00,000 --> 00:00:01,000\n[latitude: 33.2] [longitude: 126.2]\n\n")
    (card / "notes.txt").write_text("belongs to no video")
    (card / ".trash.mp4").write_bytes(clip("mp4"))
    command = [program(), "upload", str(tmp_path / "DCIM"), "--to", f"http://127.0.0.1:{gateway.port}"]
    command += ["--state", str(tmp_path / "state.json"), "--json", "-"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    assert sorted(Path(path).name for path in told["files"]) == ["DJI_0007.MP4", "DJI_0007.SRT"]
    (flight,) = told["flights"]
    assert flight["parts"][0]["telemetry"]["name"] == "DJI_0007.SRT"
    assert flight["look"]["parts"][0]["look"]["codec"] == "h264"
    plain = subprocess.run(command[:-2], capture_output=True, text=True, check=True).stdout
    assert "DJI_0007.MP4 + DJI_0007.SRT" in plain
