"""The table of flight logs: which columns hold what, in which unit. Units stand in the header and are obeyed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from wideberth_contracts.errors import UnreadableTelemetry

FOOT_M = 0.3048
TIMES = {"s": 1.0, "seconds": 1.0, "millisecond": 0.001, "milliseconds": 0.001, "ms": 0.001}
LENGTHS = {"feet": FOOT_M, "ft": FOOT_M, "m": 1.0, "meters": 1.0, "metres": 1.0}
ANGLES = {"": 1.0, "degrees": 1.0, "deg": 1.0}
_UNITLESS = {"": 1.0}
_UNITS: dict[str, Mapping[str, float]] = {
    "time": TIMES, "height": LENGTHS, "absolute": LENGTHS, "latitude": ANGLES, "longitude": ANGLES,
    "pitch": ANGLES, "roll": ANGLES, "yaw": ANGLES, "video": _UNITLESS,
}  # fmt: skip
_HEAD = re.compile(r"^\s*([\w.]+)\s*(?:[\[(]([^\])]*)[\])])?\s*$")

Header = dict[str, list[tuple[int, str]]]
"""Column name without its unit → where it stands and in which units, in the order of the file. A name that stands
twice (`OSD.flyTime` in words and `OSD.flyTime [s]`) is told apart by the unit."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Column names of one log format, without units.

    Attributes:
        columns: field → the names it goes by, the first that is there wins.
        clock: columns that together make the date and time.
        is_utc: the clock is UTC; else local time without a zone, unless the column's unit or the text says so.
        bare: metres and seconds where the header names no unit (a format that documents them).
    """

    name: str
    columns: Mapping[str, tuple[str, ...]]
    clock: tuple[str, ...]
    is_utc: bool
    bare: bool = False

    def fits(self, header: Header) -> bool:
        """Whether time and height are there; a format without units also by its clock, which no other has."""
        needed = (self.columns["time"][0], self.columns["height"][0], *(self.clock if self.bare else ()))
        return all(name in header for name in needed)


_DJI = {
    "time": ("OSD.flyTime",), "height": ("OSD.height",), "latitude": ("OSD.latitude",),
    "longitude": ("OSD.longitude",), "pitch": ("GIMBAL.pitch",), "roll": ("GIMBAL.roll",), "yaw": ("GIMBAL.yaw",),
    "video": ("CAMERA.isVideo", "CUSTOM.isVideo"),
}  # fmt: skip
# The absolute height of DJI's own logs (`OSD.altitude`) is left out: TXTlogToCSV writes the height in it.
LAYOUTS = (
    Layout(
        "airdata",
        {
            "time": ("time",), "height": ("height_above_takeoff",), "absolute": ("altitude_above_seaLevel",),
            "latitude": ("latitude",), "longitude": ("longitude",), "pitch": ("gimbal_pitch",),
            "roll": ("gimbal_roll",), "yaw": ("gimbal_heading",), "video": ("isVideo",),
        },
        clock=("datetime",), is_utc=True,
    ),
    Layout("dji_frames", _DJI, clock=("CUSTOM.dateTime",), is_utc=True, bare=True),
    Layout("flightreader", _DJI, clock=("CUSTOM.date", "CUSTOM.updateTime"), is_utc=False),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the fields of a layout stand in one file, and what makes metres and seconds of them."""

    places: Mapping[str, tuple[int, float]]
    clock: tuple[tuple[int, str], ...]

    def cell(self, cells: list[str], field: str) -> str | None:
        """The text of a field in a row; None where the file has no such column."""
        place = self.places.get(field)
        return cells[place[0]] if place is not None and place[0] < len(cells) else None

    def factor(self, field: str) -> float:
        """What turns the number of a field into metres, seconds or degrees."""
        return self.places[field][1] if field in self.places else 1.0


def header_of(cells: list[str]) -> Header:
    """The names of a header line; cells that are no name are left out, but count."""
    header: Header = {}
    for index, cell in enumerate(cells):
        match = _HEAD.match(cell)
        name, unit = (match.group(1), (match.group(2) or "").strip().lower()) if match else (cell, "")
        header.setdefault(name, []).append((index, unit))
    return header


def columns_of(layout: Layout, header: Header, where: str) -> Columns:
    """Where the fields stand.

    Raises:
        UnreadableTelemetry: a column that is there in no unit that is known.
    """
    places: dict[str, tuple[int, float]] = {}
    for field, names in layout.columns.items():
        name = next((name for name in names if name in header), None)
        if name is None:
            continue
        units = {**_UNITS[field], "": 1.0} if layout.bare else _UNITS[field]
        known = next(((index, units[unit]) for index, unit in header[name] if unit in units), None)
        if known is None:
            units_there = ", ".join(repr(unit) for _, unit in header[name])
            raise UnreadableTelemetry(
                f"column {name} has the unit {units_there}, which is not known",
                where=where,
                remedy="export with metres or feet, and seconds, named in the header",
            )
        places[field] = known
    return Columns(places, tuple(header[name][0] for name in layout.clock if name in header))
