"""Files of tides that a person has: constants of stations as JSON, levels at a gauge as CSV. See docs/formats.md."""

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import PurePath

from pydantic import ValidationError

from wideberth_contracts.errors import BadInput
from wideberth_contracts.tides import MOST_TABLE_ROWS, TideStation, TideTable
from wideberth_contracts.wire import Measured

TIME_NAMES = ("time", "date", "관측시간", "관측일시", "예측시간", "예측일시", "일시", "시각", "시간", "record_time")
LEVEL_NAMES = ("level", "tide", "조위", "tph_level", "water_level")
_REMARK = re.compile(r"^#\s*(?P<key>[a-z_]+)\s*[:=]\s*(?P<value>.+?)\s*$")
_NUMBER = re.compile(r"^(?P<value>[-+]?\d*\.?\d+)\s*(?:(?:±|\+/?-)\s*(?P<sigma>\d*\.?\d+))?$")
_UNKNOWN_DATUM_SIGMA_M = 0.05


def read_stations(name: str, content: bytes) -> tuple[TideStation, ...]:
    """The stations of a file `{"stations": [...]}`, phases and zone as it gives them.

    Raises:
        BadInput: no JSON, or a station that lacks something; says which.
    """
    try:
        listed = json.loads(_text(name, content))
    except json.JSONDecodeError as error:
        raise BadInput(f"no JSON: {error.msg}", where=f"{name}, line {error.lineno}", remedy=_STATION_REMEDY) from error
    rows = listed.get("stations") if isinstance(listed, dict) else None
    if not isinstance(rows, list) or not rows:
        raise BadInput('no list "stations" in it', where=name, remedy=_STATION_REMEDY)
    return tuple(_station(name, index, row) for index, row in enumerate(rows))


_STATION_REMEDY = "write it as docs/formats.md shows under tide stations"


def _station(name: str, index: int, row: object) -> TideStation:
    try:
        return TideStation.model_validate(row)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadInput(
            f"{place}: {first['msg']}", where=f"{name}, station {index + 1}", remedy=_STATION_REMEDY
        ) from error


def read_table(name: str, content: bytes, utc_offset_h: float, msl: Measured | None = None) -> TideTable:
    """The levels of a CSV with a time and a level column, whose name holds the unit.

    Args:
        utc_offset_h: Of times without a zone, where the file does not say it.
        msl: Mean sea level above the datum of the table, where the file does not say it; wins over the file.

    Raises:
        BadInput: naming file, line and remedy.
    """
    lines = _text(name, content).splitlines()
    remarks = {found["key"]: found["value"] for line in lines if (found := _REMARK.match(line.strip()))}
    head, columns = _header(name, lines)
    offset_h = float(_remark(name, remarks, "utc_offset_h") or utc_offset_h)
    times, levels = _rows(name, lines, head, columns, timedelta(hours=offset_h))
    datum = msl or _measured(name, remarks, "msl_above_datum_m")
    if datum is None:
        raise BadInput(
            "the levels count from the gauge's own datum, and nothing says how high mean sea level stands above it",
            where=name,
            remedy="give --tide-table-msl-m or a line '# msl_above_datum_m: 1.45±0.02'; 0±0.02 for levels above MSL",
        )
    latitude, longitude = (_remark(name, remarks, key) for key in ("latitude", "longitude"))
    try:
        return TideTable(
            name=remarks.get("station", PurePath(name).stem), latitude=latitude, longitude=longitude, times=times,
            levels_m=levels, msl_above_datum_m=datum, observed=remarks.get("kind", "predicted") == "observed",
        )  # fmt: skip
    except ValidationError as error:
        raise BadInput(str(error.errors()[0]["msg"]), where=name, remedy="sort the rows, each time once") from error


def _header(name: str, lines: list[str]) -> tuple[int, tuple[int, int, float]]:
    """Line of the header, and in it the columns of time and level, and metres a unit of level."""
    for number, line in enumerate(lines):
        cells = [cell.strip().lower() for cell in next(csv.reader([line]), [])]
        time = next((i for i, cell in enumerate(cells) if cell.startswith(TIME_NAMES)), None)
        level = next((i for i, cell in enumerate(cells) if cell.startswith(LEVEL_NAMES) and i != time), None)
        if line.startswith("#") or time is None or level is None:
            continue
        unit = re.search(r"[(_\[ ](cm|m)[)\]]?$", cells[level])
        if unit is None:
            raise BadInput(
                f"column {cells[level]!r} names no unit",
                where=f"{name}, line {number + 1}",
                remedy="name it level_m or level_cm",
            )
        return number, (time, level, 0.01 if unit[1] == "cm" else 1.0)
    raise BadInput("no header with a time and a level column", where=name, remedy="begin with a line 'time,level_m'")


def _rows(
    name: str, lines: list[str], head: int, columns: tuple[int, int, float], offset: timedelta
) -> tuple[tuple[datetime, ...], tuple[float, ...]]:
    time_column, level_column, unit_m = columns
    times, levels = [], []
    for number, cells in enumerate(csv.reader(io.StringIO("\n".join(lines[head + 1 :]))), start=head + 2):
        if not any(cell.strip() for cell in cells) or cells[0].startswith("#"):
            continue
        where = f"{name}, line {number}"
        try:
            level = float(cells[level_column]) * unit_m
            time = datetime.fromisoformat(cells[time_column].strip().replace("/", "-"))
        except (ValueError, IndexError) as error:
            raise BadInput(
                f"{cells!r} is no time and level", where=where, remedy="leave rows without a level out"
            ) from error
        times.append(time if time.tzinfo else time.replace(tzinfo=UTC) - offset)
        levels.append(level)
    if not 2 <= len(times) <= MOST_TABLE_ROWS:
        raise BadInput(
            f"{len(times)} rows", where=name, remedy=f"keep the days around the flight, 2 to {MOST_TABLE_ROWS:,} rows"
        )
    return tuple(times), tuple(levels)


def _remark(name: str, remarks: dict[str, str], key: str) -> float | None:
    found = _measured(name, remarks, key)
    return None if found is None else found.value


def _measured(name: str, remarks: dict[str, str], key: str) -> Measured | None:
    if key not in remarks:
        return None
    found = _NUMBER.match(remarks[key])
    if found is None:
        raise BadInput(f"{key}: {remarks[key]!r} is no number", where=name, remedy=f"write '# {key}: 1.45±0.02'")
    return Measured(value=float(found["value"]), sigma=float(found["sigma"] or _UNKNOWN_DATUM_SIGMA_M))


def _text(name: str, content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp949"):  # downloads of the Korean hydrographic office may be in the latter
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadInput("neither UTF-8 nor CP949", where=name, remedy="save it as UTF-8")
