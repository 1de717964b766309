"""A bag of evidence: how long it takes to make, and whether any flipped byte of one can go unseen.

The clip is the demonstration's, made longer so that its encounter lasts a minute, and filled up behind its last frame
to the size of a minute at 100 Mbit/s, what a drone records: the picture is small, the file is not. Quick: as it is.
"""

import asyncio
import os
import struct
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import bagit

from wideberth.analysis import analyse
from wideberth.evidence import Asked, evidence
from wideberth_contracts.settings import AnalysisSettings
from wideberth_gateway.evidence.sealing import seal_bag
from wideberth_gateway.evidence.verify_bag import Check, files_of
from wideberth_simulator import bundled_scene, simulate

AIM_S = 60.0
ENCOUNTER_S = 60.0
ENCOUNTER_STARTS_S = 29.0  # in the scene `demo`
RECORDED_BYTES = 750_000_000  # 60 s at 100 Mbit/s
RULE = "KR-1"


async def run(quick: bool) -> list[dict[str, Any]]:
    """Making, checking with three programs, and the flips."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = await _bag(folder, quick)
        flips, found = await asyncio.to_thread(_flips, folder / "small")
    rows.append(_row("single-byte flips found", found, f"of {flips}", flips, found == flips, "every byte, one bit"))
    return rows


def _row(name: str, value: Any, unit: str, aim: Any, met: bool | None, note: str = "") -> dict[str, Any]:
    return {"name": name, "value": value, "unit": unit, "aim": aim, "met": met, "note": note}


async def _bag(folder: Path, quick: bool) -> list[dict[str, Any]]:
    scene = bundled_scene("demo")
    if not quick:
        scene = replace(scene, duration_s=ENCOUNTER_STARTS_S + ENCOUNTER_S + 1)
    files = await asyncio.to_thread(simulate, scene, folder / "clip", None, clean=False)
    if not quick:
        _fill_up(files.video, RECORDED_BYTES)
    done = await analyse(files.video, files.telemetry, AnalysisSettings(), folder / "clip" / "analysis", quiet=True)
    alert = next(one for one in done.alerts if one.finding.rule == RULE)
    started, cpu_before_s = time.perf_counter(), time.process_time()
    made = await asyncio.to_thread(evidence, Asked(alert.id, folder / "clip" / "analysis"))
    took_s, cpu_s = time.perf_counter() - started, time.process_time() - cpu_before_s
    bag, size_mb = made.sealed.path, made.sealed.size_bytes / 1e6
    note = (
        f"encounter of {alert.finding.duration_s:.0f} s; {made.sealed.files} files, {size_mb:.0f} MB; CPU {cpu_s:.0f} s"
    )
    rows = [_row("bag of an encounter made", took_s, "s", AIM_S, took_s <= AIM_S, note)]
    empty = folder / "empty"
    empty.mkdir()
    started = time.perf_counter()
    alone = subprocess.run(
        [sys.executable, "-I", "-S", str(bag / "verify.py")], cwd=empty, env={}, capture_output=True, check=False
    )
    bare_s = time.perf_counter() - started
    rows.append(_row("verify.py, bare Python, empty folder", bare_s, "s", None, alone.returncode == 0, "says sound"))
    valid = bagit.Bag(str(bag)).is_valid()
    rows.append(_row("bagit.py of the Library of Congress", str(valid), "", "True", valid, "validates"))
    return rows


def _fill_up(video: Path, size_bytes: int) -> None:
    """A `free` box (ISO/IEC 14496-12, 8.1.2) behind the last box of an MP4: players and we skip it."""
    room = size_bytes - video.stat().st_size
    if room < 16:
        return
    with video.open("ab") as file:
        file.write(struct.pack(">I4sQ", 1, b"free", room))
        left = room - 16
        while left:
            left -= file.write(os.urandom(min(left, 1 << 24)))


def _flips(folder: Path) -> tuple[int, int]:
    """Every byte of every file of a small bag flipped in one bit, each time checked; how many, and how many found."""
    (folder / "staged" / "data").mkdir(parents=True)
    (folder / "staged" / "data" / "clip.bin").write_bytes(bytes(range(256)))
    (folder / "staged" / "data" / "notes.txt").write_text("돌고래\n", encoding="utf-8")
    bag = seal_bag(folder / "staged", folder / "bag", {"External-Identifier": "flips"}, lambda _: None).path
    flips = found = 0
    for name in files_of(bag)[0]:
        path = bag / name
        path.chmod(0o644)
        whole = path.read_bytes()
        with path.open("rb+") as file:
            for at, byte in enumerate(whole):
                for written in (byte ^ (1 << at % 8), byte):
                    file.seek(at)
                    file.write(bytes([written]))
                    file.flush()
                    if written != byte:
                        check = Check(bag)
                        flips += 1
                        found += not check.run()
    assert Check(bag).run(), "the bag is whole again"
    return flips, found
