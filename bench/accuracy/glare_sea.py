"""Glint removal on unseen clips of the reference sea: what is left of glint, boat and animal, and by which frames.

Pictures are 1920 x 1080 at 0.04 m/px. The seeds were looked at by nobody who chose a constant of the filter.
"""

import dataclasses
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from bench.accuracy.glare_measures import measures, psnr_db
from wideberth_glare.core.arrays import Neighbour
from wideberth_glare.core.clear import Sight, clear
from wideberth_glare.core.scale import scale_for
from wideberth_glare.reference_sea import ReferenceSea, SeaClip, SeaFrame
from wideberth_media import VideoReader, VideoWriter, as_array

GSD_M = 0.04
UNSEEN = (
    SeaClip(off_specular_deg=9, wind_mps=6, seed=911),
    SeaClip(off_specular_deg=6, wind_mps=7, seed=912),
    SeaClip(off_specular_deg=16, wind_mps=4, seed=913),
    SeaClip(off_specular_deg=12, wind_mps=5, seed=914),
)
MIDDLE_S = 1.0
"""When the animal is up."""
H264_BPS = 30_000_000
H264_FRAMES = 9
Figures = dict[str, float]
Pixels = np.ndarray


@dataclasses.dataclass(frozen=True)
class Case:
    """A way of giving frames to the filter: frames a second, how many before and after, and whether with poses."""

    name: str
    fps: int
    before: int = 1
    after: int = 1
    posed: bool = True


CASES = (
    Case("30 fps", 30),
    Case("10 fps", 10),
    Case("5 fps", 5),
    Case("past frames only", 30, before=2, after=0),
    Case("no poses", 30, posed=False),
    Case("one frame", 30, before=0, after=0),
)


def frames_of(clip: SeaClip, fps: int, reach: int) -> tuple[SeaFrame, ...]:
    """Return the frames around the middle at 1080p, `reach` on each side."""
    sea = ReferenceSea(dataclasses.replace(clip, fps=fps, width_px=1920, height_px=1080))
    middle = round(MIDDLE_S * fps)
    return tuple(sea.frame((middle + k) / fps) for k in range(-reach, reach + 1))


def figures(clips: tuple[SeaClip, ...]) -> dict[str, list[Figures]]:
    """Return the figures of every case, one dictionary a clip; those of truth and input under these names."""
    found: dict[str, list[Figures]] = {case.name: [] for case in CASES} | {"truth": [], "input": []}
    for clip in clips:
        drawn = {fps: frames_of(clip, fps, 2 if fps == 30 else 1) for fps in {case.fps for case in CASES}}
        for case in CASES:
            frames = drawn[case.fps]
            found[case.name].append(measures(frames[len(frames) // 2], cleared(frames, case)))
        here = drawn[30][2]
        found["truth"].append(measures(here, here.clean))
        found["input"].append(measures(here, here.glinted))
    return found


def cleared(frames: tuple[SeaFrame, ...], case: Case) -> Pixels:
    """Return the middle frame as the filter leaves it."""
    middle = len(frames) // 2
    here = frames[middle]
    beside = [frames[middle + k] for k in range(-case.before, case.after + 1) if k]
    given = [Neighbour(f.glinted, f.t_s - here.t_s, _onto(here, f) if case.posed else None) for f in beside]
    return clear(here.glinted, given, scale_for(GSD_M), Sight(), always=False).pixels


def _onto(here: SeaFrame, other: SeaFrame) -> Pixels:
    return np.asarray(here.image_from_sea @ np.linalg.inv(other.image_from_sea))


def without_glint(clip: SeaClip) -> float:
    """Return the PSNR of a frame that has no glint, after the filter; dB."""
    frames = tuple(dataclasses.replace(f, glinted=f.clean) for f in frames_of(clip, 30, 1))
    everywhere = np.ones(frames[1].clean.shape[:2], np.bool_)
    return psnr_db(cleared(frames, CASES[0]), frames[1].clean, everywhere)


def after_h264(clip: SeaClip) -> Figures:
    """Return the figures of the middle frame of a clip that went through H.264 at 30 Mbit/s."""
    frames = frames_of(clip, 30, H264_FRAMES // 2)
    decoded = [dataclasses.replace(f, glinted=p) for f, p in zip(frames, _coded(frames), strict=True)]
    middle = len(decoded) // 2
    return measures(frames[middle], cleared(tuple(decoded[middle - 1 : middle + 2]), CASES[0]))


def _coded(frames: tuple[SeaFrame, ...]) -> Iterator[Pixels]:
    height, width = frames[0].glinted.shape[:2]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mp4"
        with VideoWriter(path, width, height, 30.0, bit_rate_bps=H264_BPS, preset="medium") as writer:
            for frame in frames:
                writer.write(frame.glinted)
        with VideoReader(path, clip="bench") as reader:
            yield from [as_array(sampled.frame).copy() for sampled in reader]


def mean_over(clips: tuple[SeaClip, ...], of: Callable[[SeaClip], float]) -> float:
    """Return the mean of a number of each clip."""
    return float(np.mean([of(clip) for clip in clips]))
