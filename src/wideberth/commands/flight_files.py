"""Files that tell of a flight: a camera that was calibrated, tide stations, tables of levels."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import typer

from wideberth.commands.flight_options import measured
from wideberth.edge import fail, read_file
from wideberth_contracts.errors import WideberthError
from wideberth_contracts.poses import CameraIntrinsics
from wideberth_distance.core.camera_file import read_camera_file
from wideberth_distance.core.tide_files import read_stations, read_table

T = TypeVar("T")
CAMERA_SUFFIX = ".json"


def camera_of(text: str | None) -> tuple[str | None, CameraIntrinsics | None]:
    """What `--camera` names: a model of the table, or the camera in a file."""
    if text is None or Path(text).suffix.lower() != CAMERA_SUFFIX:
        return text, None
    found = _or_fail(lambda: read_camera_file(text, read_file(Path(text))))
    return found.model, found.intrinsics()


def tide_of(stations: Path | None, table: Path | None, msl: str | None, utc_offset_h: float) -> dict[str, Any]:
    """The fields of a `FlightContext` that `--tide-station` or `--tide-table` fill."""
    if msl is not None and table is None:
        raise typer.BadParameter("--tide-table-msl-m goes with --tide-table")
    if stations is not None:
        found = _or_fail(lambda: read_stations(stations.name, read_file(stations)))
        return {"tide_stations": found} | ({"tide_table": _table(table, msl, utc_offset_h)} if table else {})
    return {"tide_table": _table(table, msl, utc_offset_h)} if table else {}


def _table(file: Path, msl: str | None, utc_offset_h: float) -> object:
    datum = measured(msl, 0.05, "--tide-table-msl-m")
    return _or_fail(lambda: read_table(file.name, read_file(file), utc_offset_h, datum))


def _or_fail(read: Callable[[], T]) -> T:
    try:
        return read()
    except WideberthError as error:
        fail(str(error))
