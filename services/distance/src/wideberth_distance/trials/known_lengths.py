"""Pictures of boards of known length from straight above, as the Xcertainty set (MIT) gives them.

`calibration.csv` lists many pictures twice, some under two boards: each is read once. `co_data.csv` lists some of the
same pictures again, later, with the focal length measured; where it leaves a laser's reading blank that the first
table has, the reading is kept apart as withdrawn.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from wideberth_contracts.errors import BadInput

TABLE, LATER = "calibration.csv", "co_data.csv"
BAROMETER, LASER, WITHDRAWN = "barometer", "laser", "withdrawn laser"
TABLE_SHARE, MEASURED_SHARE = 0.05, 0.01
"""Relative error of a focal length from print, and measured (geometry notes, section 5)."""
_ABSENT = ("", "NA")


@dataclass(frozen=True, slots=True)
class Photo:
    """One picture of one board.

    Attributes:
        day: of the flight, midnight UTC of its date.
        focal_px: at the picture's width; measured where the set has it for this camera, else as printed.
        focal_share: its relative standard error.
        readings_m: of each altimeter, above the ground: the set has added the launch height.
    """

    image: str
    platform: str
    day: datetime
    length_m: float
    length_px: float
    width_px: int
    focal_px: float
    focal_share: float
    readings_m: dict[str, float]

    @property
    def implied_m(self) -> float:
        """Height at which the board has its length."""
        return self.length_m * self.focal_px / self.length_px


def photos(folder: Path) -> tuple[list[Photo], int]:
    """Every picture once, in the table's order, and how many rows said again what another said.

    Raises:
        BadInput: a row lacks a number, or its picture's name does not begin with a date.
    """
    later = {row["image"]: row for _, row in _rows(folder / LATER)}
    measured = {
        (row["uas"], row["Focal_Length"]): float(row["Focal_Length_adj"])
        for row in later.values()
        if row["Focal_Length_adj"] not in _ABSENT
    }
    found: dict[tuple[str, str], Photo] = {}
    rows = 0
    for where, row in _rows(folder / TABLE):
        rows += 1
        key = row["image"], row["Lpix"]
        if key in found:
            continue
        try:
            found[key] = _photo(row, measured.get((row["uas"], row["Focal_Length"])), later.get(row["image"]))
        except ValueError as error:
            raise BadInput(str(error), where=where, remedy="mend the row, or take the table as published") from error
    return list(found.values()), rows - len(found)


def _photo(row: dict[str, str], measured_mm: float | None, later: dict[str, str] | None) -> Photo:
    readings = {
        altimeter: float(row[column])
        for altimeter, column in ((BAROMETER, "Baro_Alt"), (LASER, "Laser_Alt"))
        if row[column] not in _ABSENT
    }
    if later is not None and later["Laser_Alt"] in _ABSENT and LASER in readings:
        readings[WITHDRAWN] = readings.pop(LASER)
    focal_mm = measured_mm or float(row["Focal_Length"])
    return Photo(
        image=row["image"],
        platform=row["uas"],
        day=datetime.strptime(row["image"].split("_")[0], "%y%m%d").replace(tzinfo=UTC),
        length_m=float(row["CO.L"]),
        length_px=float(row["Lpix"]),
        width_px=int(row["Iw"]),
        focal_px=focal_mm * float(row["Iw"]) / float(row["Sw"]),
        focal_share=TABLE_SHARE if measured_mm is None else MEASURED_SHARE,
        readings_m=readings,
    )


def _rows(file: Path) -> Iterator[tuple[str, dict[str, str]]]:
    with file.open(newline="", encoding="utf-8") as opened:
        for line, row in enumerate(csv.DictReader(opened), start=2):
            yield f"{file.name}, line {line}", row
