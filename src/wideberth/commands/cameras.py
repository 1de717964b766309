"""`cameras`: what the camera table holds."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from wideberth.edge import fail, write_json
from wideberth_distance.core.camera_table import CameraRow, Sensor, camera_rows, sensors

OUT = Console()


def cameras_command(
    search: Annotated[str | None, typer.Argument(help="Part of a model or EXIF name.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print data instead of a table.")] = False,
) -> None:
    """Cameras by model and video mode: focal length with its error and source; sensors of more models."""
    wanted = (search or "").lower()
    rows = [row for row in camera_rows() if any(wanted in name.lower() for name in row.names)]
    more = [sensor for sensor in sensors() if wanted in f"{sensor.model} {sensor.about}".lower()]
    if not rows and not more:
        fail(f"no camera has {search!r} in its name (calibrate it: wideberth calibrate --help)")
    if as_json:
        write_json({"cameras": [_camera(row) for row in rows], "sensors": [_sensor(each) for each in more]}, None)
        return
    _print(rows, more)


def _camera(row: CameraRow) -> dict[str, object]:
    own = row.intrinsics
    return {
        "model": own.model,
        "also": list(row.names[1:]),
        "picture": row.picture.value,
        "width_px": own.width_px,
        "height_px": own.height_px,
        "fps": None if row.fps is None else list(row.fps),
        "mode": own.mode,
        "focal_px": own.focal_px.model_dump(),
        "focal_length_mm": row.nominal_mm,
        "source": own.source,
    }


def _sensor(sensor: Sensor) -> dict[str, object]:
    return {
        "model": sensor.model, "width_px": sensor.width_px, "height_px": sensor.height_px, "pitch_um": sensor.pitch_um,
        "about": sensor.about,
    }  # fmt: skip


def _print(rows: list[CameraRow], more: list[Sensor]) -> None:
    if rows:
        table = Table(title="Focal lengths")
        for column in ("model", "EXIF and other names", "picture", "size", "mode", "focal length, px", "source"):
            table.add_column(column)
        for row in rows:
            own = row.intrinsics
            size = f"{own.width_px}x{own.height_px}" if own.height_px else f"any, at {own.width_px}"
            table.add_row(
                own.model, ", ".join(row.names[1:]), row.picture.value, size, own.mode or "",
                f"{own.focal_px.value:.0f} ± {own.focal_px.sigma:.0f}", own.source,
            )  # fmt: skip
        OUT.print(table)
    if more:
        table = Table(title="Sensors (OpenAthena, Apache-2.0): with --camera and --focal-mm")
        for column in ("EXIF model", "native picture", "pixel pitch, µm", "camera"):
            table.add_column(column)
        for sensor in more:
            size = f"{sensor.width_px}x{sensor.height_px}"
            table.add_row(sensor.model, size, f"{sensor.pitch_um:.3f}", sensor.about)
        OUT.print(table)
