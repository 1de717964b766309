"""Telemetry logs (.tlog) of MAVLink ground stations: time stamps, frames, checksums and the few messages that matter.

A record is a time (8 bytes, big endian, µs since 1970, UTC) and a frame of MAVLink 1 or 2. Layouts and the extra byte
of each checksum by the common message set (mavlink.io); version 2 cuts zeros off the end of a payload.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

STAMP_BYTES = 8
_V1, _V2 = 0xFE, 0xFD
_HEADER_BYTES = {_V1: 6, _V2: 10}
_CHECKSUM_BYTES, _SIGNATURE_BYTES, _SIGNED = 2, 13, 0x01


@dataclass(frozen=True, slots=True)
class Layout:
    """A message: its payload, little endian, and the extra byte of its checksum."""

    name: str
    fields: str
    extra: int

    @property
    def size(self) -> int:
        """Bytes of the whole payload."""
        return struct.calcsize(self.fields)


LAYOUTS: dict[int, Layout] = {
    30: Layout("ATTITUDE", "<I6f", 39),
    33: Layout("GLOBAL_POSITION_INT", "<I4i3hH", 104),
    265: Layout("MOUNT_ORIENTATION", "<I4f", 26),
    285: Layout("GIMBAL_DEVICE_ATTITUDE_STATUS", "<I7fIHBB", 137),
}
"""265 with its extension `yaw_absolute`. Messages that are not here are passed over."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it stands in the log; `byte` is where its time stamp begins."""

    byte: int
    time_us: int
    name: str
    values: tuple[float, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class Fault:
    """Bytes that are no frame, or a frame whose checksum is wrong."""

    byte: int
    reason: str


def records_of(content: bytes) -> Iterator[Message | Fault]:
    """Every known message in file order; what cannot be read is passed over to the next frame and named."""
    at, lost = 0, False
    while at + STAMP_BYTES + min(_HEADER_BYTES.values()) <= len(content):
        end = frame_end(content, at + STAMP_BYTES)
        if end is None:
            if not lost:
                yield Fault(at, "bytes that are no MAVLink frame")
            at, lost = at + 1, True
            continue
        record = _record(content, at, end)
        if isinstance(record, Fault):
            if not lost:
                yield record
            at, lost = at + 1, True
            continue
        if record is not None:
            yield record
        at, lost = end, False


def frame_end(content: bytes, start: int) -> int | None:
    """Where the frame that begins at `start` ends, or None where none begins there or it is cut off."""
    magic = content[start] if start < len(content) else 0
    if magic not in _HEADER_BYTES or start + _HEADER_BYTES[magic] > len(content):
        return None
    signed = magic == _V2 and content[start + 2] & _SIGNED
    size = _HEADER_BYTES[magic] + content[start + 1] + _CHECKSUM_BYTES + (_SIGNATURE_BYTES if signed else 0)
    return start + size if start + size <= len(content) else None


def _record(content: bytes, at: int, end: int) -> Message | Fault | None:
    start = at + STAMP_BYTES
    magic, length = content[start], content[start + 1]
    header = _HEADER_BYTES[magic]
    number = content[start + 5] if magic == _V1 else int.from_bytes(content[start + 7 : start + 10], "little")
    layout = LAYOUTS.get(number)
    if layout is None:
        return None
    payload = content[start + header : start + header + length]
    said = int.from_bytes(content[start + header + length : start + header + length + _CHECKSUM_BYTES], "little")
    if crc_x25(content[start + 1 : start + header + length] + bytes([layout.extra])) != said:
        return Fault(at, "a frame whose checksum is wrong")
    padded = payload[: layout.size].ljust(layout.size, b"\0")
    whole = magic == _V2 or length >= layout.size
    return Message(
        at, int.from_bytes(content[at:start], "big"), layout.name, struct.unpack(layout.fields, padded), whole
    )


def crc_x25(data: bytes) -> int:
    """CRC-16/MCRF4XX, which MAVLink calls X.25."""
    crc = 0xFFFF
    for byte in data:
        folded = byte ^ (crc & 0xFF)
        folded ^= (folded << 4) & 0xFF
        crc = (crc >> 8) ^ (folded << 8) ^ (folded << 3) ^ (folded >> 4)
    return crc & 0xFFFF
