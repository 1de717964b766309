"""Every real telemetry file read, against what it says; and the same files damaged on purpose.

Silent error: a file read with another dialect, order, height or gimbal than it has. Damaged files may be refused or
read in part; they may not crash the reader, nor put a number out of its range, nor (cut off) change a row that is still
there.
"""

import random
import time
import zlib
from collections import Counter
from pathlib import Path
from typing import Any

from bench.accuracy.telemetry_damage import DAMAGES, changed_rows, faults_of, head_of
from bench.accuracy.telemetry_expected import EXPECTED, Refused, Says
from wideberth_contracts.errors import UnreadableTelemetry
from wideberth_contracts.poses import TelemetryRecord
from wideberth_distance.core.telemetry import read_telemetry

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "telemetry"
QUICK_TIMES, TIMES = 20, 400
SEED = 20261126
UTC_OFFSET_H = 9.0
Row = dict[str, Any]


def run(quick: bool) -> list[Row]:
    """All rows; one that says so where the files are not here."""
    if not DATA.is_dir():
        return [_row("real telemetry", None, "", "present", None, f"left out: no {DATA}")]
    files = {str(p.relative_to(DATA)): p.read_bytes() for p in sorted(DATA.rglob("*")) if _is_telemetry(p)}
    return [*_read(files), *_damaged(files, QUICK_TIMES if quick else TIMES)]


def _is_telemetry(path: Path) -> bool:
    return path.is_file() and not path.name.startswith("LICENSE")


def _row(name: str, value: float | str | None, unit: str, aim: str, met: bool | None, note: str = "") -> Row:
    return {"name": name, "value": value, "unit": unit, "aim": aim, "met": met, "note": note}


def _read(files: dict[str, bytes]) -> list[Row]:
    start = time.perf_counter()
    found: dict[str, TelemetryRecord | UnreadableTelemetry] = {}
    for name, content in files.items():
        try:
            found[name] = read_telemetry(name, content, UTC_OFFSET_H)
        except UnreadableTelemetry as error:
            found[name] = error
    seconds = time.perf_counter() - start
    differing = {name: said for name in files if (said := differences(found[name], EXPECTED.get(name)))}
    silent = {name: said for name, said in differing.items() if not isinstance(found[name], UnreadableTelemetry)}
    refused = [name for name in files if isinstance(found[name], UnreadableTelemetry)]
    should = [name for name, expected in EXPECTED.items() if isinstance(expected, Refused)]
    missing = EXPECTED.keys() - files.keys()
    reasons = "; ".join(f"{name}: {str(found[name]).split(': ', 1)[-1][:80]}" for name in refused)
    of = f"of {len(files)}"
    return [
        _row("files read as they are, or refused for the reason they should be", len(files) - len(differing), of,
             "all", not differing, "; ".join(f"{name}: {said}" for name, said in differing.items())),
        _row("silent errors", len(silent), of, "0", not silent, "; ".join(silent)),
        _row("refused", len(refused), of, f"{len(should)}", sorted(refused) == sorted(should), reasons),
        _row("files of the table that are not here", len(missing), "files", "0", not missing, "; ".join(missing)),
        _row("reading them all", round(seconds, 2), "s", "", None, f"{sum(map(len, files.values())) / 1e6:.1f} MB"),
    ]  # fmt: skip


def differences(found: TelemetryRecord | UnreadableTelemetry, expected: Says | Refused | None) -> str:
    """In what a file was not read as it should have been; empty where in nothing."""
    if expected is None:
        return "not in the table"
    if isinstance(found, UnreadableTelemetry):
        if isinstance(expected, Refused) and expected.because in str(found):
            return ""
        return f"refused: {found}"
    if isinstance(expected, Refused):
        return "read, and should have been refused"
    points = found.points
    placed = next(((p.latitude, p.longitude) for p in points if p.latitude is not None), None)
    heights = [p.height_above_takeoff_m for p in points]
    known = [height for height in heights if height is not None]
    recorded = None if all(p.recording is None for p in points) else sum(p.recording is True for p in points)
    said: dict[str, tuple[object, object]] = {
        "dialect": (found.dialect, expected.dialect),
        "grade": (found.grade.value, expected.grade),
        "rows": (len(points), expected.rows),
        "latitude": (placed and placed[0], expected.first_place and expected.first_place[0]),
        "longitude": (placed and placed[1], expected.first_place and expected.first_place[1]),
        "first height": (heights[0], expected.heights_m[0]),
        "last height": (heights[-1], expected.heights_m[1]),
        "highest": (max(known, default=None), expected.highest_m),
        "first pitch": (points[0].pitch_deg, expected.pitches_deg[0]),
        "last pitch": (points[-1].pitch_deg, expected.pitches_deg[1]),
        "focal length": (points[0].focal_length_mm, expected.focal_mm),
        "recorded rows": (recorded, expected.recorded_rows),
    }
    return ", ".join(f"{k} {a} for {b}" for k, (a, b) in said.items() if not _alike(a, b, expected.tolerance))


def _alike(found: object, expected: object, tolerance: float) -> bool:
    if isinstance(found, float) and isinstance(expected, float):
        return abs(found - expected) <= tolerance
    return found == expected


def _damaged(files: dict[str, bytes], times: int) -> list[Row]:
    rows = []
    start = time.perf_counter()
    for kind, damage in DAMAGES.items():
        counts: Counter[str] = Counter()
        examples: list[str] = []
        for name, content in files.items():
            head = head_of(content)
            rng = random.Random(SEED ^ zlib.crc32(f"{kind} {name}".encode()))
            whole = _attempt(name, head)
            for _ in range(times):
                said, wrong = _outcome(name, damage(head, rng), whole, cut=kind == "truncated")
                counts[said] += 1
                if wrong:
                    examples.append(f"{name}: {wrong}")
        bad = counts["crashed"] + counts["out of range"] + counts["changed"]
        note = f"{counts['read']} read, {counts['refused']} refused; {'; '.join(examples[:3])}"
        rows.append(_row(f"{kind}: crashes, numbers out of range, rows changed", bad, f"of {counts.total()}", "0",
                         bad == 0, note))  # fmt: skip
    rows.append(_row("reading damaged files", round(time.perf_counter() - start, 1), "s", "", None, f"seed {SEED}"))
    return rows


def _attempt(name: str, content: bytes) -> TelemetryRecord | None:
    try:
        return read_telemetry(name, content, UTC_OFFSET_H)
    except UnreadableTelemetry:
        return None


def _outcome(name: str, content: bytes, whole: TelemetryRecord | None, *, cut: bool) -> tuple[str, str]:
    try:
        record = _attempt(name, content)
    except Exception as error:
        return "crashed", repr(error)
    if record is None:
        return "refused", ""
    faults = faults_of(record)
    if faults:
        return "out of range", faults[0]
    if cut and changed_rows(whole.points if whole else (), record.points):
        return "changed", f"cut to {len(content)} bytes"
    return "read", ""
