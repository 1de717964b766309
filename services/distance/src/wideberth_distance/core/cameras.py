"""Focal lengths: the camera table, and what to believe where it is silent.

DJI's "24 mm" and "84 deg" describe the diagonal of the 4:3 stills frame. A 16:9 video that keeps the sensor's full
width has f = W · mm/24 · 2665/3840 px. Taken as horizontal, the same number makes every distance 25 % too long.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from wideberth_contracts.poses import CameraIntrinsics
from wideberth_contracts.wire import Measured

NOMINAL_MM = 24.0
NOMINAL_FOCAL_RATIO = 2665 / 3840
"""Focal length over picture width at 24 mm: diagonal of a 4:3 frame, full width kept (geometry notes, section 5)."""
TABLE_SHARE, MEASURED_SHARE, UNKNOWN_SHARE = 0.05, 0.01, 0.12
"""Relative standard errors: from a table or from DJI's own words; measured in the mode used; nothing known."""


@dataclass(frozen=True, slots=True)
class FocalHint:
    """What is known of the lens for one frame: 35 mm equivalent and digital zoom, where telemetry tells them."""

    focal_length_mm: float | None = None
    zoom_ratio: float | None = None


@lru_cache(maxsize=1)
def camera_table() -> dict[str, tuple[CameraIntrinsics, float | None]]:
    """Model name in lower case → intrinsics, and the 35 mm equivalent they hold for where the lens zooms."""
    text = resources.files("wideberth_distance").joinpath("cameras.json").read_text(encoding="utf-8")
    table: dict[str, tuple[CameraIntrinsics, float | None]] = {}
    for row in json.loads(text)["cameras"]:
        intrinsics = CameraIntrinsics(
            model=row["model"],
            focal_px=Measured(value=row["focal_px"], sigma=row["focal_px"] * row["sigma_fraction"]),
            width_px=row["width_px"],
            source=row["source"],
        )
        for name in (row["model"], *row["also"]):
            table[name.lower()] = (intrinsics, row.get("focal_length_mm"))
    return table


def focal_px(width_px: int, hint: FocalHint, camera: str | None, override: Measured | None) -> tuple[Measured, str]:
    """Focal length for a picture, and a warning or an empty string.

    Args:
        width_px: The long side of the picture.
        hint: From the telemetry.
        camera: Model name; looked up in the table.
        override: Measured by a person at the video's own width; wins over all, and digital zoom still applies.
    """
    zoom = hint.zoom_ratio or 1.0
    if override is not None:
        return _scaled(override, zoom), ""
    row = camera_table().get(camera.lower()) if camera else None
    if row is not None:
        intrinsics, nominal_mm = row
        lens = hint.focal_length_mm / nominal_mm if hint.focal_length_mm and nominal_mm else 1.0
        return _scaled(intrinsics.focal_px, zoom * lens * width_px / intrinsics.width_px), ""
    unknown = f"camera {camera!r} is not in the table; " if camera else ""
    if hint.focal_length_mm is not None:
        focal = width_px * NOMINAL_FOCAL_RATIO * hint.focal_length_mm / NOMINAL_MM
        return _scaled(Measured(value=focal, sigma=focal * TABLE_SHARE), zoom), (
            f"{unknown}focal length by the telemetry's 35 mm equivalent" if unknown else ""
        )
    focal = width_px * NOMINAL_FOCAL_RATIO
    return _scaled(Measured(value=focal, sigma=focal * UNKNOWN_SHARE), zoom), (
        f"{unknown}no focal length known: 24 mm equivalent taken, ± 12 %; name the camera or give focal_px"
    )


def _scaled(measured: Measured, by: float) -> Measured:
    return Measured(value=measured.value * by, sigma=measured.sigma * by)
