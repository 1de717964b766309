"""Focal lengths measured: boards filmed through a known lens, boards that bend, real boards of known length.

`filmed`: 24 views a set at 1280 x 720, H.264, distortion, blur and noise drawn anew. `corners`: sets of 24 views not
rendered, corners to 0.1 px, flat and bowed. `refused`: sets that cannot tell the focal length. `real`: boards of 1 m
from an Inspire 2 with a laser altimeter (Xcertainty, MIT), each picture by itself, against the printed 25 mm on
17.3 mm.
"""

import tempfile
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from wideberth_contracts.errors import BadInput
from wideberth_contracts.wire import Measured
from wideberth_distance.core.board_calibration import BoardCalibration, calibrate_board
from wideberth_distance.core.board_views import View
from wideberth_distance.core.length_calibration import LengthScene, focal_from_length
from wideberth_distance.trials.boards import BOARD, Lens, exact_views, filmed, picture_of, poses_of_board
from wideberth_distance.trials.known_lengths import LASER, TABLE, photos
from wideberth_media import VideoReader, VideoWriter
from wideberth_media.pixels import as_array

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "photogrammetry" / "xcertainty"
SIZE = (1280, 720)
VIEWS = 24
Row = dict[str, Any]


def run(quick: bool) -> list[Row]:
    """All rows; real boards only where the data are."""
    return [*_filmed(3 if quick else 20), *_corners(25 if quick else 200), *_refused(10 if quick else 50), *_real()]


def _row(name: str, value: float | None, unit: str, aim: str, met: bool | None, note: str = "") -> Row:
    return {"name": name, "value": value, "unit": unit, "aim": aim, "met": met, "note": note}


def _filmed(sets: int) -> list[Row]:
    misses, sigmas, k1, residuals = [], [], [], []
    for seed in range(sets):
        generator = np.random.default_rng(1000 + seed)
        lens = Lens(*SIZE, focal=float(generator.uniform(800, 1150)), k1=float(generator.uniform(-0.1, 0.05)),
                    k2=0.01, centre=(float(generator.uniform(-8, 8)), float(generator.uniform(-8, 8))))  # fmt: skip
        found = calibrate_board(_video(lens, generator), VIEWS, SIZE, "set")
        misses.append((found.focal_px.value - lens.focal) / lens.focal)
        sigmas.append(found.focal_px.sigma / lens.focal)
        k1.append(abs(found.k1.value - lens.k1))
        residuals.append(found.residual_px)
    held = float(np.mean(np.abs(misses) < 1.96 * np.array(sigmas)))
    worst = float(np.max(np.abs(misses)))
    note = f"{sets} sets of {VIEWS} views, H.264"
    return [
        _row("filmed: focal length off by, root mean square", 100 * _rms(misses), "%", "", None, note),
        _row("filmed: off by, worst", 100 * worst, "%", "<= 1", worst <= 0.01, note),
        _row("filmed: stated error, median", 100 * float(np.median(sigmas)), "%", "", None, "0.35 % of it for bending"),
        _row("filmed: 95 % interval holds the truth", held, "share", ">= 0.9", held >= 0.9, note),
        _row("filmed: k1 off by, worst", float(np.max(k1)), "", "", None, "drawn from -0.10 to 0.05"),
        _row("filmed: residual, median", float(np.median(residuals)), "px", "", None, note),
    ]


def _video(lens: Lens, generator: np.random.Generator) -> list[View]:
    views = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "board.mp4"
        with VideoWriter(file, *SIZE, fps=5) as writer:
            for turned, moved in poses_of_board(VIEWS, generator, lens):
                blur_px, noise = float(generator.uniform(0.6, 1.2)), float(generator.uniform(1, 6))
                grey = filmed(picture_of(lens, turned, moved), generator, blur_px, noise)
                writer.write(np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), dtype=np.uint8))
        with VideoReader(file, clip="set") as reader:
            for sampled in reader:
                grey = np.asarray(cv2.cvtColor(as_array(sampled.frame), cv2.COLOR_BGR2GRAY), dtype=np.uint8)
                view = BOARD.find(f"{sampled.frame.meta.t_s:.1f} s", grey)
                views += [] if view is None else [view]
    return views


def _corners(sets: int) -> list[Row]:
    rows = []
    for bow in (0.0, 0.001, 0.002):
        misses, held = [], []
        for seed in range(sets):
            generator = np.random.default_rng(seed)
            lens = Lens(*SIZE, focal=1000.0)
            bent = bow * generator.choice([-1.0, 1.0])
            found = _set(exact_views(lens, poses_of_board(VIEWS, generator, lens), generator, bow=bent))
            misses.append((found.focal_px.value - lens.focal) / lens.focal)
            held.append(abs(found.focal_px.value - lens.focal) < 1.96 * found.focal_px.sigma)
        share, name = float(np.mean(held)), f"corners: board bowed by {1000 * bow:.0f} mm in a metre"
        aim = ("", None) if bow > 0.001 else (">= 0.9", share >= 0.9)
        rows += [
            _row(f"{name}, off by, root mean square", 100 * _rms(misses), "%", "", None, f"{sets} sets"),
            _row(f"{name}, 95 % interval holds the truth", share, "share", *aim, f"{sets} sets"),
        ]
    return rows


def _refused(sets: int) -> list[Row]:
    refused = 0
    for seed in range(sets):
        generator = np.random.default_rng(seed)
        lens = Lens(*SIZE, focal=1000.0)
        try:
            _set(exact_views(lens, poses_of_board(VIEWS, generator, lens, tilt_deg=6.0), generator))
        except BadInput:
            refused += 1
    return [_row("refused: all views parallel within 6 deg", refused, f"of {sets}", f"{sets}", refused == sets)]


def _set(views: list[View]) -> BoardCalibration:
    return calibrate_board(views, len(views), SIZE, "set")


def _real() -> list[Row]:
    if not (FOLDER / TABLE).is_file():
        return [_row("real boards", None, "", "present", None, f"left out: no {TABLE}")]
    every, _ = photos(FOLDER)
    boards = [one for one in every if one.platform in ("I2F", "I2O") and one.width_px == 3840]
    with_laser = [one for one in boards if LASER in one.readings_m]
    nominal = 25.0 / 17.3 * 3840
    found = [_by_length(one.length_px, one.readings_m[LASER], one.length_m) for one in with_laser]
    held = float(np.mean([abs(f.value - nominal) < 1.96 * f.sigma for f in found]))
    without = f"{len(boards) - len(found)} without a laser reading that stands left out"
    note = f"{len(found)} pictures, each once, Inspire 2, laser 0.5 m + 1.5 %; {without}"
    share = float(np.median([each.sigma / each.value for each in found]))
    off = float(np.median([each.value for each in found])) / nominal - 1
    print_note = f"{nominal:.0f} px; a focal length in print is itself off by some per cent"
    return [
        _row("real: one board of 1 m, stated error, median", 100 * share, "%", "", None, note),
        _row("real: off the printed focal length, median", 100 * off, "%", "", None, print_note),
        _row("real: 95 % interval holds the printed focal length", held, "share", ">= 0.9", held >= 0.9, note),
    ]


def _by_length(length_px: float, height_m: float, length_m: float) -> Measured:
    return focal_from_length(
        LengthScene(
            width_px=3840, height_px=2160, a_px=(1920 - length_px / 2, 1080.0), b_px=(1920 + length_px / 2, 1080.0),
            length_m=Measured(value=length_m, sigma=0.005 * length_m),
            height_m=Measured(value=height_m, sigma=float(np.hypot(0.5, 0.015 * height_m))),
            focal_px=Measured(value=0.0, sigma=0.0), pitch_deg=Measured(value=-90.0, sigma=1.0),
            roll_deg=Measured(value=0.0, sigma=1.0),
        )
    )  # fmt: skip


def _rms(values: list[float]) -> float:
    return float(np.sqrt(np.mean(np.square(values))))
