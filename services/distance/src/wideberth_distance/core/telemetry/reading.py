"""Which reader reads a file: by its content, never by its name alone."""

from collections.abc import Callable
from dataclasses import dataclass

from wideberth_contracts.errors import UnreadableTelemetry
from wideberth_contracts.poses import TelemetryRecord
from wideberth_distance.core.telemetry import djmd, flight_log, gpx, klv, mavlink, still, subtitles, transport_stream
from wideberth_distance.core.telemetry.text import text_of


@dataclass(frozen=True, slots=True)
class BinaryFormat:
    """A format told by its first bytes, and its reader."""

    is_it: Callable[[bytes], bool]
    read: Callable[[str, bytes, float], TelemetryRecord]


BINARY: tuple[BinaryFormat, ...] = (
    BinaryFormat(still.is_picture, still.read_picture),
    BinaryFormat(transport_stream.is_transport_stream, transport_stream.read),
    BinaryFormat(mavlink.is_log, mavlink.read),
    BinaryFormat(klv.is_klv, klv.read),
)
"""Tried in this order, before anything is taken for text."""
TEXT: tuple[Callable[[str, str, float], TelemetryRecord | None], ...] = (
    still.read_sidecar,
    gpx.read,
    djmd.read,
    flight_log.read,
    subtitles.read,
)
"""Tried in this order; each answers None for what is not its own."""


def read_telemetry(name: str, content: bytes, utc_offset_h: float) -> TelemetryRecord:
    """The telemetry of a file, in any format of docs/formats.md.

    Args:
        name: For messages only.
        content: The file.
        utc_offset_h: Of the clock that wrote it, where the format names no zone.

    Raises:
        UnreadableTelemetry: empty, no known format, or nothing in it; names file, line or byte, and remedy.
    """
    if content[4:8] == b"ftyp":
        raise UnreadableTelemetry(
            "this is a video",
            where=f"{name}, byte 0",
            remedy="give it as the video: the telemetry inside is found there; or give the .SRT beside it",
        )
    for each in BINARY:
        if each.is_it(content):
            return each.read(name, content, utc_offset_h)
    text = text_of(name, content)
    for reader in TEXT:
        record = reader(name, text, utc_offset_h)
        if record is not None:
            return record
    raise UnreadableTelemetry(
        "neither subtitles with times (SRT) nor another format that is known (flight log as CSV, GPX, XMP, "
        "ExifTool's JSON)",
        where=f"{name}, line 1",
        remedy="give the .SRT beside the video, or a flight log exported as CSV",
    )
