"""The table of cameras that ships: focal lengths by model and video mode, and the sensors of more models.

`cameras.json` and `sensors.json` say where each number comes from.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib import resources
from typing import Any

from wideberth_contracts.poses import CameraIntrinsics
from wideberth_contracts.wire import Measured

STILL_ASPECT = 1.6
"""Stills are 4:3 or 3:2, video is 16:9 or wider."""


class Picture(StrEnum):
    """Video is corrected in the camera and cropped by mode; a still is neither."""

    VIDEO = "video"
    STILL = "still"


@dataclass(frozen=True, slots=True)
class Shot:
    """The picture whose focal length is wanted; `fps` and `mode` where they are known."""

    width_px: int
    height_px: int
    fps: float | None = None
    mode: str | None = None

    @property
    def long_px(self) -> int:
        """The side that the focal length goes with: a camera held upright films the same picture turned."""
        return max(self.width_px, self.height_px)

    @property
    def short_px(self) -> int:
        """The other side."""
        return min(self.width_px, self.height_px)

    @property
    def picture(self) -> Picture:
        """By the shape of the frame."""
        return Picture.STILL if self.long_px / self.short_px < STILL_ASPECT else Picture.VIDEO


@dataclass(frozen=True, slots=True)
class CameraRow:
    """One row: focal length in px at `width_px`, for the named mode.

    Attributes:
        names: model name first, then EXIF names.
        height_px: None: any height, and any width in proportion.
        fps: lowest and highest rate it holds for, None: all.
        nominal_mm: 35 mm equivalent it holds for where the lens zooms.
    """

    names: tuple[str, ...]
    picture: Picture
    intrinsics: CameraIntrinsics
    fps: tuple[float, float] | None = None
    nominal_mm: float | None = None

    def is_for(self, shot: Shot) -> bool:
        """Whether size, rate and mode of the shot are this row's, as far as they are known."""
        own = self.intrinsics
        same_size = own.height_px is None or (own.width_px, own.height_px) == (shot.long_px, shot.short_px)
        same_rate = self.fps is None or shot.fps is None or self.fps[0] - 0.1 <= shot.fps <= self.fps[1] + 0.1
        same_mode = own.mode is None or shot.mode is None or own.mode.lower() == shot.mode.lower()
        return self.picture is shot.picture and same_size and same_rate and same_mode


@dataclass(frozen=True, slots=True)
class Sensor:
    """Native picture of a camera, px, and the pitch of its pixels, µm."""

    model: str
    width_px: int
    height_px: int
    pitch_um: float
    about: str


@lru_cache(maxsize=1)
def camera_rows() -> tuple[CameraRow, ...]:
    """All rows, in the order of the file."""
    return tuple(row_of(row) for row in _listed("cameras.json", "cameras"))


@lru_cache(maxsize=1)
def sensors() -> tuple[Sensor, ...]:
    """All sensors, in the order of the file."""
    return tuple(Sensor(**row) for row in _listed("sensors.json", "sensors"))


def row_of(row: dict[str, Any]) -> CameraRow:
    """A row of `cameras.json`."""
    fps = row.get("fps")
    return CameraRow(
        names=(row["model"], *row["also"]),
        picture=Picture(row["picture"]),
        intrinsics=CameraIntrinsics(
            model=row["model"],
            focal_px=Measured(value=row["focal_px"], sigma=row["focal_px"] * row["sigma_fraction"]),
            width_px=row["width_px"],
            height_px=row.get("height_px"),
            mode=row.get("mode"),
            source=row["source"],
        ),
        fps=None if fps is None else (fps[0], fps[1]),
        nominal_mm=row.get("focal_length_mm"),
    )


def rows_named(camera: str, rows: Iterable[CameraRow]) -> list[CameraRow]:
    """The rows of a model, by any of its names, in whatever case."""
    return [row for row in rows if camera.lower() in (name.lower() for name in row.names)]


def sensor_named(camera: str) -> Sensor | None:
    """The sensor of a model by its EXIF name, or by the EXIF names the camera table has for it."""
    names = {camera.lower()} | {name.lower() for row in rows_named(camera, camera_rows()) for name in row.names}
    return next((sensor for sensor in sensors() if sensor.model.lower() in names), None)


def _listed(file: str, key: str) -> list[dict[str, Any]]:
    text = resources.files("wideberth_distance").joinpath(file).read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = json.loads(text)[key]
    return rows
