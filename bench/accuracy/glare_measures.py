"""How a cleared frame compares with the same frame without sun (reference/glare-and-clutter.md, 3.4), and baselines."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from wideberth_glare.reference_sea import SeaFrame

Image = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]

GLINT_DN = 8
BORDER_PX = 40
SAME_DB = 99.0
"""Stands for two equal pictures."""


def psnr_db(picture: Image, truth: Image, where: Bools) -> float:
    """Return the PSNR over chosen pixels, dB, peak 255, three channels."""
    error = float(np.mean((picture[where].astype(np.float64) - truth[where]) ** 2)) if where.any() else 0.0
    return SAME_DB if error == 0 else float(10 * np.log10(255**2 / error))


def glinting(sunny: Image, clean: Image) -> Bools:
    """Return where sunlight lifts the mean of the channels by more than `GLINT_DN`."""
    return np.asarray(sunny.mean(axis=2) - clean.mean(axis=2) > GLINT_DN)


def removed_share(out: Image, sunny: Image, clean: Image, where: Bools) -> float:
    """Return the share of the sunlight that is gone."""
    left = np.maximum(out.mean(axis=2) - clean.mean(axis=2), 0)[where].sum()
    before = np.maximum(sunny.mean(axis=2) - clean.mean(axis=2), 0)[where].sum()
    return float(1 - left / before)


def _grown(mask: Bools, side_px: int) -> Bools:
    return np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((side_px, side_px), np.uint8)) > 0)


def _ring(body: Bools) -> Bools:
    wide = cv2.dilate(body.astype(np.uint8), cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (41, 41))) > 0
    return np.asarray(wide & ~_grown(body, 7))


def _grey(picture: Image) -> npt.NDArray[np.float64]:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.float64)


def _contrast(grey: npt.NDArray[np.float64], body: Bools) -> float:
    ring = _ring(body)
    return float((grey[ring].mean() - grey[body].mean()) / max(float(grey[ring].std()), 1e-6))


def _false_alarms(grey: npt.NDArray[np.float64], body: Bools, objects: Bools) -> float:
    """Return the number of dark blobs at least as strong as the animal."""
    response = cv2.GaussianBlur(grey, (0, 0), 9) - cv2.GaussianBlur(grey, (0, 0), 3.2)
    peaks = response == cv2.dilate(response, np.ones((19, 19)))
    allowed = ~_grown(objects, 61)
    for edge in (allowed[:12], allowed[-12:], allowed[:, :12], allowed[:, -12:]):
        edge[...] = False
    return float(np.count_nonzero(peaks & allowed & (response >= response[body].max())))


def measures(frame: SeaFrame, out: Image) -> dict[str, float]:
    """Return all figures of one frame of the reference sea."""
    objects = frame.boat | frame.dolphin
    inner = np.zeros(objects.shape, dtype=bool)
    inner[BORDER_PX:-BORDER_PX, BORDER_PX:-BORDER_PX] = True
    glint = glinting(frame.glinted, frame.clean)
    sea = inner & ~_grown(objects, 21)
    found = {
        "glint": psnr_db(out, frame.clean, glint & sea),
        "frame": psnr_db(out, frame.clean, inner),
        "removed": removed_share(out, frame.glinted, frame.clean, glint & sea),
        "boat": psnr_db(out, frame.clean, frame.boat),
        "boat_in": psnr_db(frame.glinted, frame.clean, frame.boat),
    }
    if frame.dolphin.sum() > 20:
        grey, truth, body = _grey(out), _grey(frame.clean), frame.dolphin
        around = truth[_ring(body)].mean()
        found["kept"] = float((around - grey[body].mean()) / (around - truth[body].mean()))
        found["cnr"] = _contrast(grey, body) / _contrast(truth, body)
        found["fa"] = _false_alarms(grey, body, objects)
    return found


def temporal_minimum(frames: list[SeaFrame], reference: SeaFrame) -> Image:
    """Return the pixelwise minimum of all frames laid over the reference."""
    height, width = reference.glinted.shape[:2]
    out = reference.glinted.copy()
    for frame in frames:
        onto = reference.image_from_sea @ np.linalg.inv(frame.image_from_sea)
        laid = cv2.warpPerspective(frame.glinted, onto, (width, height), borderMode=cv2.BORDER_REPLICATE)
        out = np.asarray(cv2.min(out, laid), np.uint8)
    return out


def telea(reference: SeaFrame, mask: Image) -> Image:
    """Return the frame with the bright pixels of a mask inpainted after Telea, radius 3 px."""
    return np.asarray(cv2.inpaint(reference.glinted, cv2.dilate(mask, np.ones((3, 3), np.uint8)), 3, cv2.INPAINT_TELEA))


def mean_of(rows: list[dict[str, float]], name: str) -> float:
    """Return the mean of a figure over the frames that have it."""
    return float(np.mean([row[name] for row in rows if name in row]))


@dataclass(frozen=True)
class Taken:
    """Time of a call, ms: best and median on the clock, best of the processor over all threads."""

    best: float
    median: float
    cpu: float


def best_ms(work: Callable[[], object], times: int) -> Taken:
    """Return the time of a call."""
    clock, cpu = [], []
    for _ in range(times):
        began, busy = time.perf_counter(), time.process_time()
        work()
        clock.append((time.perf_counter() - began) * 1e3)
        cpu.append((time.process_time() - busy) * 1e3)
    return Taken(min(clock), float(np.median(clock)), min(cpu))
