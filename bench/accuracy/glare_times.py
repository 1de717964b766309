"""What clearing costs: processor time and time on the clock of a frame, at 1080p and 4K, with and without glint.

The 4K picture is the 1080p one enlarged: the same sea seen by a finer camera, twice as many pixels to a metre.
"""

from functools import partial
from typing import Any

import cv2
import numpy as np

from bench.accuracy.glare_measures import Taken, best_ms
from wideberth_contracts.frames import ClearSettings, Frame, FrameMeta, FrameWindow, TimeBase
from wideberth_contracts.poses import NoPose, PoseAbsence
from wideberth_glare.local import clear_window
from wideberth_glare.reference_sea import SeaClip, SeaFrame, render
from wideberth_media.pixels import frame_of

NO_POSE = NoPose(reason=PoseAbsence.NO_TELEMETRY)
Row = dict[str, Any]
UHD = (3840, 2160)


def rows(quick: bool) -> list[Row]:
    """Return ms a frame with a window of three, without poses, so with image alignment."""
    sea = render(SeaClip(off_specular_deg=9, wind_mps=6, seed=921, width_px=1920, height_px=1080), 27, 3)
    times = 3 if quick else 9
    kinds = [(size, kind) for size in ("1080p", "4K") for kind in ("glint", "no glint")]
    taken = {(size, kind): best_ms(partial(clear_window, _window(sea, kind, size)), times) for size, kind in kinds}
    return [row for (size, kind), at in taken.items() for row in _two(size, kind, at)] + _ratios(taken)


def _two(size: str, kind: str, taken: Taken) -> list[Row]:
    note = f"best; median {taken.median:.0f}; {cv2.getNumThreads()} threads; about a third of the pixels glint"
    limit = 45.0 if (size, kind) == ("1080p", "glint") else None
    gate = 25.0 if (size, kind) == ("4K", "no glint") else 15.0 if kind == "no glint" else None
    return [
        _row(f"{size}, {kind}: on the clock", taken.best, "ms a frame", limit, note),
        _row(f"{size}, {kind}: processor time", taken.cpu, "ms a frame", gate, "all threads"),
    ]


def _ratios(taken: dict[tuple[str, str], Taken]) -> list[Row]:
    ratio = taken["4K", "glint"].cpu / taken["1080p", "glint"].cpu
    return [_row("4K over 1080p, glint: processor time", ratio, "times", 2.0, "four times the pixels")]


def _row(name: str, value: float, unit: str, limit: float | None, note: str) -> Row:
    aim, met = (None, None) if limit is None else (f"<= {limit:g}", value <= limit)
    return {"name": name, "value": round(value, 2), "unit": unit, "aim": aim, "met": met, "note": note}


def _window(sea: tuple[SeaFrame, ...], kind: str, size: str) -> FrameWindow:
    pictures = [frame.glinted if kind == "glint" else frame.clean for frame in sea]
    if size == "4K":
        pictures = [np.asarray(cv2.resize(p, UHD, interpolation=cv2.INTER_LINEAR), np.uint8) for p in pictures]
    frames = tuple(_frame(picture, frame.t_s) for picture, frame in zip(pictures, sea, strict=True))
    return FrameWindow(frames, 1, (NO_POSE,) * 3, ClearSettings())


def _frame(picture: np.ndarray, t_s: float) -> Frame:
    base = TimeBase(numerator=1, denominator=1000)
    height, width = picture.shape[:2]
    meta = FrameMeta(clip="bench", pts=round(t_s * 1000), time_base=base, t_s=t_s, width_px=width, height_px=height)
    return frame_of(picture, meta)
