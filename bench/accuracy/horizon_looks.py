"""One simulated frame searched for its horizon; apart from the bench, so that other processes can import it."""

import io
import time
from dataclasses import dataclass

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from bench.accuracy.horizon_scenes import Across, scene
from wideberth_contracts.clues import HorizonView
from wideberth_contracts.poses import CameraPose
from wideberth_distance.core.horizon import find_horizon
from wideberth_distance.core.horizon_curve import View, horizon_rows

Image = NDArray[np.uint8]
CODED_CRF = 30
"""Of H.264: a 1080p key frame of some 100 kB."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was found in one frame; errors are None where nothing was.

    Attributes:
        contrast: grey levels between sky and sea 3 to 8 px off the true horizon.
        error_deg, roll_error_deg: with height and focal length as they are.
        sigma_deg: said of the pitch.
        told_error_deg: with height and focal length as telemetry tells them.
        ms: processor time.
    """

    across: Across
    visibility_m: float
    towards_sun: bool
    contrast: float
    error_deg: float | None
    roll_error_deg: float | None
    sigma_deg: float | None
    told_error_deg: float | None
    ms: float


def look(case: tuple[int, int, bool]) -> Look:
    """Search one frame; case: seed, width in px, whether it is coded hard."""
    seed, width_px, coded = case
    cv2.setNumThreads(1)
    made = scene(seed, width_px, width_px * 9 // 16)
    pixels = as_coded(made.pixels) if coded else made.pixels
    begun = time.process_time()
    found = find_horizon(pixels, 0.0, made.expected)
    ms = (time.process_time() - begun) * 1e3
    true, shade = made.true, contrast(made.pixels, made.true)
    if not isinstance(found, HorizonView):
        return Look(made.across, made.visibility_m, made.towards_sun, shade, None, None, None, None, ms)
    told = find_horizon(pixels, 0.0, made.told)
    told_error = told.pitch_deg.value - true.pitch_deg.value if isinstance(told, HorizonView) else None
    return Look(
        made.across, made.visibility_m, made.towards_sun, shade, found.pitch_deg.value - true.pitch_deg.value,
        found.roll_deg.value - true.roll_deg.value, found.pitch_deg.sigma, told_error, ms,
    )  # fmt: skip


def as_coded(pixels: Image) -> Image:
    """The pixels as a key frame of H.264 leaves them."""
    file = io.BytesIO()
    with av.open(file, "w", format="h264") as written:
        stream = written.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = pixels.shape[1], pixels.shape[0], "yuv420p"
        stream.options = {"crf": str(CODED_CRF), "preset": "veryfast", "threads": "1"}
        frame = av.VideoFrame.from_ndarray(pixels, format="bgr24")
        for packet in (*stream.encode(frame), *stream.encode(None)):
            written.mux(packet)
    file.seek(0)
    with av.open(file, "r", format="h264") as read:
        return np.asarray(next(read.decode(video=0)).to_ndarray(format="bgr24"), np.uint8)


def contrast(pixels: Image, true: CameraPose) -> float:
    """Median difference of grey between sky and sea close to the true horizon; 0 where less than half of it shows."""
    height, width = pixels.shape[:2]
    columns = np.arange(0, width, 4)
    view = View(true.focal_px.value, true.height_m.value, width, height)
    rows = horizon_rows(view, true.pitch_deg.value, true.roll_deg.value, columns + 0.5).astype(int)
    inside = (rows > 10) & (rows < height - 10)
    if inside.mean() < 0.5:
        return 0.0
    rows, columns = rows[inside], columns[inside]
    sides = [np.mean([pixels[rows + k, columns].mean(axis=-1) for k in apart], axis=0)
             for apart in (range(-8, -2), range(3, 9))]  # fmt: skip
    return float(np.abs(np.median(sides[0] - sides[1])))
