"""CSV exports of AIS: which columns mean what, in a table; units and zones by the header."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from wideberth_contracts.errors import BadInput
from wideberth_gateway.identity.reports import KNOT_MPS, Ledger, ShipParticulars, ShipReport

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "time": ("timestamp", "basedatetime", "base_date_time", "datetime", "date_time", "time", "received", "일시",
             "수신일시", "수신시간", "신고일시", "시간", "dt_utc", "time_utc", "timestamp_utc", "received_at", "epoch"),
    "mmsi": ("mmsi", "mmsi번호", "선박mmsi", "userid"),
    "latitude": ("latitude", "lat", "위도", "y"),
    "longitude": ("longitude", "lon", "long", "lng", "경도", "x"),
    "speed": ("sog", "speed", "속도", "대지속력", "속력", "speed_kn", "sog_kn"),
    "course": ("cog", "course", "침로", "대지침로", "코스"),
    "heading": ("heading", "true_heading", "trueheading", "hdg", "선수방향", "선수방위", "헤딩"),
    "name": ("name", "vesselname", "vessel_name", "shipname", "ship_name", "선박명", "선명"),
    "bow": ("a", "to_bow", "dim_a", "dima"),
    "stern": ("b", "to_stern", "dim_b", "dimb"),
    "port": ("c", "to_port", "dim_c", "dimc"),
    "starboard": ("d", "to_starboard", "dim_d", "dimd"),
    "length": ("length", "length_m", "길이", "전장", "선박길이"),
    "beam": ("width", "beam", "width_m", "폭", "선폭", "선박폭"),
}  # fmt: skip
"""Danish Maritime Authority (`# Timestamp, … A, B, C, D`), MarineCadastre (`BaseDateTime, LAT, LON`; from 2025 in small
letters with underscores), Korean exports, and plain names that receivers write. The first name that is there counts."""

UTC_EXPORTS = frozenset({"basedatetime", "base_date_time", "dt_utc", "time_utc", "timestamp_utc", "epoch"})
"""Time columns that are in UTC by their publisher's word. So is `# Timestamp` of the Danish export."""

NEEDED = ("time", "mmsi", "latitude", "longitude")
FORMS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M:%S", "%Y/%m/%d %H:%M:%S",
         "%Y%m%d%H%M%S", "%Y.%m.%d %H:%M:%S")  # fmt: skip
"""Of times; with slashes and the day first it is the Danish order. Month first is refused: it cannot be told apart."""


@dataclass(frozen=True, slots=True)
class Header:
    """The column of each meaning that is there, and whether its times are UTC by the publisher's word."""

    places: Mapping[str, int]
    in_utc: bool


def header_of(names: Sequence[str]) -> Header | None:
    """What the columns mean; None where they are no AIS export."""
    plain = [_plain(name) for name in names]
    places = {
        meaning: plain.index(found)
        for meaning, known in COLUMNS.items()
        if (found := next((name for name in known if name in plain), None)) is not None
    }
    if any(meaning not in places for meaning in NEEDED):
        return None
    first = names[places["time"]].strip().lstrip("\ufeff")
    in_utc = plain[places["time"]] in UTC_EXPORTS or first.startswith("#") or "utc" in first.lower()
    return Header(places, in_utc)


def read_export(
    text: str, file: str, ledger: Ledger, utc_offset_h: float | None
) -> tuple[ShipReport | ShipParticulars, ...]:
    """All rows of an export, in its order.

    Args:
        text: the whole file, header first.
        file: its name, for errors and as the source of the reports.
        ledger: counts the rows that are set aside.
        utc_offset_h: of the times where neither they nor the header tell a zone.

    Raises:
        BadInput: no header, or local times and no offset for them.
    """
    lines = text.splitlines()
    delimiter = max(",;\t|", key=lines[0].count) if lines else ","
    header = header_of(next(csv.reader(lines[:1], delimiter=delimiter), []))
    if header is None:
        raise BadInput(
            "no columns of an AIS export: a time, an MMSI, latitude and longitude are needed", where=f"{file}, line 1",
            remedy="see docs/formats.md for the names that are known",
        )  # fmt: skip
    ledger.lines += 1
    ledger.other["header"] += 1
    return tuple(_rows(lines[1:], delimiter, header, file, ledger, utc_offset_h))


def _rows(
    lines: Sequence[str], delimiter: str, header: Header, file: str, ledger: Ledger, utc_offset_h: float | None
) -> Iterator[ShipReport | ShipParticulars]:
    offset_h = 0.0 if header.in_utc else utc_offset_h
    for number, line in enumerate(lines, start=2):
        ledger.lines += 1
        if not line.strip():
            ledger.other["empty"] += 1
            continue
        try:
            row = next(csv.reader([line], delimiter=delimiter))
            cells = {m: row[i].strip() for m, i in header.places.items() if i < len(row) and row[i].strip()}
            report = _report(cells, file, offset_h)
            particulars = _particulars(cells)
        except _NoZone as error:
            raise BadInput(
                f"the time {cells['time']!r} has no zone", where=f"{file}, line {number}",
                remedy="tell the clock of the file with --utc-offset-h (0 for UTC, 9 for Korea)",
            ) from error  # fmt: skip
        except (ValueError, KeyError, csv.Error, OverflowError) as error:
            ledger.refuse(number, f"no {error}" if isinstance(error, KeyError) else str(error)[:80])
            continue
        yield report
        if particulars is not None:
            yield particulars


class _NoZone(Exception):
    """A time without a zone and no offset for it."""


def _report(cells: Mapping[str, str], file: str, offset_h: float | None) -> ShipReport:
    latitude, longitude = _angle(cells["latitude"]), _angle(cells["longitude"])
    if not abs(latitude) <= 90 or not abs(longitude) <= 180:
        raise ValueError("no position")
    speed, course, heading = (_optional(cells.get(name)) for name in ("speed", "course", "heading"))
    return ShipReport(
        mmsi=_mmsi(cells["mmsi"]), source=file, epoch_s=_epoch_s(cells["time"], offset_h),
        latitude=latitude, longitude=longitude,
        speed_mps=speed * KNOT_MPS if speed is not None and 0 <= speed < 102.25 else None,
        course_deg=course if course is not None and 0 <= course < 360 else None,
        heading_deg=heading if heading is not None and 0 <= heading < 360 else None,
    )  # fmt: skip


def _particulars(cells: Mapping[str, str]) -> ShipParticulars | None:
    mmsi = _mmsi(cells["mmsi"])
    a, b, c, d = (_optional(cells.get(name)) for name in ("bow", "stern", "port", "starboard"))
    if a is None or b is None or a + b <= 0:
        length = _optional(cells.get("length"))
        a, b, c, d = (0.0, length, 0.0, _optional(cells.get("beam"))) if length and length > 0 else (None,) * 4
    name = cells.get("name")
    return ShipParticulars(mmsi, name, a, b, c, d) if name or b else None


def _mmsi(text: str) -> int:
    digits = text.removesuffix(".0")
    if not re.fullmatch(r"[0-9]{1,9}", digits) or int(digits) == 0:
        raise ValueError("no MMSI")
    return int(digits)


def _angle(text: str) -> float:
    value = float(text)
    if value != value:
        raise ValueError("no position")
    return value


def _optional(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) < 1e6 else None


def _epoch_s(text: str, offset_h: float | None) -> float:
    if re.fullmatch(r"\d{10}(\.\d+)?", text):
        return float(text)
    if re.fullmatch(r"\d{13}", text):
        return float(text) / 1000
    moment = _moment(text)
    if moment.tzinfo is not None:
        return moment.timestamp()
    if offset_h is None:
        raise _NoZone
    return moment.replace(tzinfo=UTC).timestamp() - 3600 * offset_h


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text.removesuffix(" UTC") + ("+00:00" if text.endswith(" UTC") else ""))
    except ValueError:
        pass
    for form in FORMS:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 - the zone is told apart from the text
        except ValueError:
            continue
    raise ValueError("no time")


def _plain(name: str) -> str:
    return re.sub(r"[\s#\ufeff]|\(.*\)", "", name).lower()
