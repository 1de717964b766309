"""KLV inside an MPEG transport stream: packets with the video's own times."""

import io

from wideberth_contracts.errors import UnreadableTelemetry, UnreadableVideo
from wideberth_contracts.poses import TelemetryRecord
from wideberth_distance.core.telemetry import klv
from wideberth_media.klv_track import embedded_klv

_SYNC = 0x47
_PACKETS = 3
_LAYOUTS = ((0, 188), (4, 192))
"""First sync byte and packet length: plain, and with a time code before each packet (ISO/IEC 13818-1; M2TS)."""


def is_transport_stream(content: bytes) -> bool:
    """Whether the first packets all begin with the sync byte."""
    return any(
        len(content) > first + (_PACKETS - 1) * step
        and all(content[first + k * step] == _SYNC for k in range(_PACKETS))
        for first, step in _LAYOUTS
    )


def read(name: str, content: bytes, utc_offset_h: float) -> TelemetryRecord:
    """The record of the KLV in its data streams.

    Raises:
        UnreadableTelemetry: no stream that can be read, or no KLV in it.
    """
    try:
        packets = embedded_klv(io.BytesIO(content), name)
    except UnreadableVideo as error:
        raise UnreadableTelemetry(error.detail, where=f"{name}, byte 0", remedy=error.remedy) from error
    if packets is None:
        raise UnreadableTelemetry(
            "a transport stream without KLV", where=f"{name}, byte 0", remedy="give the stream as the camera sent it"
        )
    return klv.read(f"{name} (data stream)", packets, utc_offset_h)
