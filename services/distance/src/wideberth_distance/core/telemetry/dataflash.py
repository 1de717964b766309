"""DataFlash logs (.bin) of ArduPilot: one row a position (POS), with the mount's attitude (MNT) where it is logged.

Height by `RelHomeAlt`, above home. Yaw of the mount by the Earth's (`YawE`), else by the vehicle's (ATT) and the
mount's own (`YawB`). The time of day comes from the week and millisecond of a GPS message, which is ahead of UTC by the
leap seconds.
"""

import math
from datetime import UTC, datetime, timedelta

from wideberth_contracts.poses import TelemetryRecord
from wideberth_distance.core.telemetry.dataflash_messages import FMT, HEAD, Entry, Gap, entries_of
from wideberth_distance.core.telemetry.fields import Values, doubts_of, place_of
from wideberth_distance.core.telemetry.record import Row, no_rows, record_of

FRESH_US = 1_000_000
"""An attitude older than this does not belong to a position any more."""
LEAP_SECONDS = 18
"""Since 2017."""
_GPS_EPOCH = datetime(1980, 1, 6, tzinfo=UTC)
_LEAST_FIX, _LAST_WEEK, _WEEK_MS = 3, 6_000, 604_800_000
_LONGEST_US = 1e13
"""An autopilot's clock counts from its start: four months are more than any flies."""
_WANTED = frozenset({"POS", "MNT", "ATT", "GPS"})


def is_log(content: bytes) -> bool:
    """Whether it begins with the message that announces others."""
    return content.startswith(HEAD + bytes([FMT]))


def read(name: str, content: bytes, utc_offset_h: float) -> TelemetryRecord:
    """The record of a .bin. Its time is UTC whatever the offset.

    Raises:
        UnreadableTelemetry: no position in it.
    """
    del utc_offset_h
    found = list(entries_of(content, _WANTED))
    entries = [each for each in found if isinstance(each, Entry) and _is_usable(each)]
    gaps = [each for each in found if isinstance(each, Gap)]
    rows = _rows(entries)
    if not rows:
        raise no_rows(name, 0, "byte")
    notes = [f"{name}, byte {rows[0].line}: no video here tells the time; t = 0 is the first position"]
    if gaps:
        notes.append(f"{name}, byte {gaps[0].byte}: bytes of no message announced, {len(gaps)} times; passed over")
    return record_of(name, rows, notes, unit="byte")


def _is_usable(entry: Entry) -> bool:
    """With a time, and of the first mount where there are several."""
    in_time = 0 <= entry.values.get("TimeUS", math.nan) < _LONGEST_US
    return in_time and not (entry.name == "MNT" and entry.values.get("I"))


def _rows(entries: list[Entry]) -> list[Row]:
    rows: list[Row] = []
    latest: dict[str, Entry] = {}
    boot = next((at for entry in entries if (at := _boot(entry)) is not None), None)
    origin_us: float | None = None
    for entry in entries:
        latest[entry.name] = entry
        if entry.name != "POS" or not {"Lat", "Lng", "RelHomeAlt"} <= entry.values.keys():
            continue
        origin_us = entry.values["TimeUS"] if origin_us is None else origin_us
        rows.append(Row(entry.byte, (entry.values["TimeUS"] - origin_us) / 1e6, _values(entry, latest, boot)))
    return rows


def _values(entry: Entry, latest: dict[str, Entry], boot: datetime | None) -> Values:
    said = entry.values
    where = place_of(said["Lat"], said["Lng"])
    mount, vehicle = _fresh(latest.get("MNT"), entry), _fresh(latest.get("ATT"), entry)
    return Values(
        dialect="dataflash",
        latitude=where.latitude,
        longitude=where.longitude,
        height_above_takeoff_m=_finite(said["RelHomeAlt"]),
        absolute_height_m=_finite(said.get("Alt")),
        pitch_deg=_finite(mount.get("Pitch")),
        roll_deg=_finite(mount.get("Roll")),
        yaw_deg=_north(mount, vehicle),
        captured_at=None if boot is None else boot + timedelta(microseconds=said["TimeUS"]),
        doubts=doubts_of(where),
    )


def _fresh(of: Entry | None, entry: Entry) -> dict[str, float]:
    return of.values if of and abs(entry.values["TimeUS"] - of.values["TimeUS"]) <= FRESH_US else {}


def _north(mount: dict[str, float], vehicle: dict[str, float]) -> float | None:
    earth = _finite(mount.get("YawE"))
    body, heading = _finite(mount.get("YawB")), _finite(vehicle.get("Yaw"))
    if earth is None and body is not None and heading is not None:
        earth = heading + body
    return None if earth is None else earth % 360


def _finite(value: float | None) -> float | None:
    """The log writes NaN where a mount does not say."""
    return value if value is not None and math.isfinite(value) else None


def _boot(entry: Entry) -> datetime | None:
    """The UTC at which the autopilot's own clock was 0, by a GPS message with a fix."""
    said = entry.values
    if not {"Status", "GWk", "GMS"} <= said.keys() or not said["Status"] >= _LEAST_FIX:
        return None
    if not (0 < said["GWk"] < _LAST_WEEK and 0 <= said["GMS"] < _WEEK_MS):
        return None
    gps = _GPS_EPOCH + timedelta(weeks=said["GWk"], milliseconds=said["GMS"])
    return gps - timedelta(seconds=LEAP_SECONDS, microseconds=said["TimeUS"])
