"""Damage done to telemetry files on purpose, and what must hold of whatever is read from them."""

import math
import random
from collections.abc import Callable, Sequence
from itertools import pairwise

from wideberth_contracts.poses import TelemetryPoint, TelemetryRecord

HEAD_BYTES = 30_000
FLIPPED_BYTES = 8
RANGES = {
    "latitude": (-90, 90), "longitude": (-180, 180), "height_above_takeoff_m": (-1_000, 10_000),
    "absolute_height_m": (-1_000, 20_000), "pitch_deg": (-135, 135), "roll_deg": (-180, 180), "yaw_deg": (-360, 360),
    "focal_length_mm": (1e-9, 1e6), "zoom_ratio": (1e-9, 1e6), "t_s": (-1e12, 1e12),
}  # fmt: skip

Damage = Callable[[bytes, random.Random], bytes]


def head_of(content: bytes) -> bytes:
    """The first whole lines of a long file, so that damage can be done many times over."""
    if len(content) <= HEAD_BYTES:
        return content
    end = content.rfind(b"\n", 0, HEAD_BYTES)
    return content[: end + 1 if end > 0 else HEAD_BYTES]


def truncated(content: bytes, rng: random.Random) -> bytes:
    """Cut off anywhere."""
    return content[: rng.randrange(len(content) + 1)]


def flipped(content: bytes, rng: random.Random) -> bytes:
    """A few bytes replaced by any others."""
    data = bytearray(content)
    for _ in range(rng.randrange(1, FLIPPED_BYTES + 1)):
        if data:
            data[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(data)


def shuffled(content: bytes, rng: random.Random) -> bytes:
    """Some lines in another order."""
    lines = content.split(b"\n")
    places = rng.sample(range(len(lines)), k=min(len(lines), rng.randrange(2, 12)))
    moved = [lines[place] for place in places]
    rng.shuffle(moved)
    for place, line in zip(places, moved, strict=True):
        lines[place] = line
    return b"\n".join(lines)


DAMAGES: dict[str, Damage] = {"truncated": truncated, "bytes flipped": flipped, "lines shuffled": shuffled}


def faults_of(record: TelemetryRecord) -> list[str]:
    """What must never be: no finite number, one out of range, 0, 0 as a position, a time that does not go up."""
    faults = []
    for point in record.points:
        for field, (low, high) in RANGES.items():
            value = getattr(point, field)
            if value is not None and not (math.isfinite(value) and low <= value <= high):
                faults.append(f"{field} {value}")
        if point.latitude == 0 and point.longitude == 0:
            faults.append("position 0, 0")
    faults += ["time" for earlier, later in pairwise(record.points) if later.t_s <= earlier.t_s]
    return faults


def changed_rows(whole: Sequence[TelemetryPoint], part: Sequence[TelemetryPoint]) -> int:
    """Rows of a truncated file that say something the whole file does not; what is missing is not counted.

    Rows are compared in order, without `t_s`, which a log counts from a start of recording that may be cut off.
    """
    changed = max(0, len(part) - len(whole))
    for before, after in zip(whole, part, strict=False):
        said = after.model_dump(exclude={"t_s"}, exclude_none=True)
        known = before.model_dump(exclude={"t_s"}, exclude_none=True)
        changed += any(known.get(field) != value for field, value in said.items())
    return changed
