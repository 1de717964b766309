"""KLV by SMPTE 336 and the local set of MISB ST 0601: keys, lengths, checksum, and the items as numbers.

ST 0902 (the minimum set) uses the same key, tags and numbers. Ranges and scales by ST 0601; a number at the lowest
value of its signed type means "out of range" and is none.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from wideberth_media.klv_track import UNIVERSAL_LABEL, VIDEO_TIME_KEY

UAS_KEY = bytes.fromhex("060e2b34020b01010e01030101000000")
KEY_BYTES, CHECKSUM_TAG, CHECKSUM_BYTES = 16, 1, 2


@dataclass(frozen=True, slots=True)
class Scale:
    """A tag's number: bytes, sign, and the linear map of ST 0601 from the whole range of the type."""

    name: str
    size: int
    signed: bool
    low: float
    high: float

    def value(self, data: bytes) -> float | None:
        """The number, or None where it means "out of range"."""
        raw = int.from_bytes(data, "big", signed=self.signed)
        steps = (1 << 8 * self.size) - (2 if self.signed else 1)
        if not self.signed:
            return self.low + raw * (self.high - self.low) / steps
        return None if raw == -(1 << (8 * self.size - 1)) else raw * (self.high - self.low) / steps


SCALES: dict[int, Scale] = {
    5: Scale("platform_heading", 2, False, 0, 360),
    6: Scale("platform_pitch", 2, True, -20, 20),
    7: Scale("platform_roll", 2, True, -50, 50),
    13: Scale("latitude", 4, True, -90, 90),
    14: Scale("longitude", 4, True, -180, 180),
    15: Scale("altitude", 2, False, -900, 19_000),
    16: Scale("horizontal_field", 2, False, 0, 180),
    18: Scale("sensor_azimuth", 4, False, 0, 360),
    19: Scale("sensor_elevation", 4, True, -180, 180),
    20: Scale("sensor_roll", 4, False, 0, 360),
    90: Scale("platform_pitch_full", 4, True, -90, 90),
    91: Scale("platform_roll_full", 4, True, -90, 90),
}
TIME_STAMP_TAG, TIME_STAMP_BYTES = 2, 8


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet of the local set.

    Attributes:
        byte: where it begins in the file.
        video_us: time from the video's first frame, where a transport stream tells it.
        time_stamp_us: microseconds since 1970, UTC.
        fault: why it cannot be believed; its items are then empty.
    """

    byte: int
    video_us: int | None = None
    time_stamp_us: int | None = None
    items: tuple[tuple[str, float], ...] = ()
    doubts: tuple[str, ...] = ()
    fault: str | None = None


def packets_of(content: bytes) -> Iterator[Packet]:
    """Every packet of the local set in file order, faulty ones with the fault; other keys are passed over."""
    video_us: int | None = None
    at = content.find(UNIVERSAL_LABEL)
    while at >= 0:
        key = content[at : at + KEY_BYTES]
        length, start = ber_length(content, at + KEY_BYTES)
        stop = start + length if length is not None else None
        if key not in (UAS_KEY, VIDEO_TIME_KEY):
            at = content.find(UNIVERSAL_LABEL, at + len(UNIVERSAL_LABEL))
            continue
        if stop is None or stop > len(content):
            if key == UAS_KEY:
                yield Packet(at, fault="a packet that is cut off")
            at = content.find(UNIVERSAL_LABEL, at + KEY_BYTES)
            continue
        if key == VIDEO_TIME_KEY:
            video_us = int.from_bytes(content[start:stop], "big", signed=True) if length == TIME_STAMP_BYTES else None
        else:
            packet = _packet(content, at, start, stop, video_us)
            yield packet
            video_us = None
            # A packet that cannot be believed has a length that cannot be believed either.
            stop = at + KEY_BYTES if packet.fault else stop
        at = content.find(UNIVERSAL_LABEL, stop)


def ber_length(content: bytes, at: int) -> tuple[int | None, int]:
    """A BER length, short or long form, and where the value begins; None where it breaks off."""
    if at >= len(content):
        return None, at
    first = content[at]
    if first < 0x80:
        return first, at + 1
    count = first & 0x7F
    if not 0 < count <= 4 or at + 1 + count > len(content):
        return None, at + 1
    return int.from_bytes(content[at + 1 : at + 1 + count], "big"), at + 1 + count


def checksum(content: bytes) -> int:
    """The 16-bit running sum of ST 0601, over a packet from its key up to and with the checksum's own length."""
    return (sum(content[0::2]) * 256 + sum(content[1::2])) & 0xFFFF


def _packet(content: bytes, at: int, start: int, stop: int, video_us: int | None) -> Packet:
    pairs = _pairs(content, start, stop)
    if pairs is None:
        return Packet(at, fault="a packet whose items overrun it")
    last_tag, last = pairs[-1] if pairs else (0, b"")
    if last_tag != CHECKSUM_TAG or len(last) != CHECKSUM_BYTES:
        return Packet(at, fault="a packet without a checksum")
    if checksum(content[at : stop - CHECKSUM_BYTES]) != int.from_bytes(last, "big"):
        return Packet(at, fault="a packet whose checksum is wrong")
    items: list[tuple[str, float]] = []
    doubts: list[str] = []
    stamp: int | None = None
    for tag, data in pairs:
        scale = SCALES.get(tag)
        if tag == TIME_STAMP_TAG and len(data) == TIME_STAMP_BYTES:
            stamp = int.from_bytes(data, "big")
        elif scale is not None:
            value = scale.value(data) if len(data) == scale.size else None
            if value is None:
                doubts.append(f"{scale.name} out of range, or not {scale.size} bytes")
            else:
                items.append((scale.name, value))
    return Packet(at, video_us, stamp, tuple(items), tuple(doubts))


def _pairs(content: bytes, start: int, stop: int) -> list[tuple[int, bytes]] | None:
    pairs: list[tuple[int, bytes]] = []
    at = start
    while at < stop:
        tag = 0
        while at < stop:
            tag = tag << 7 | content[at] & 0x7F
            at += 1
            if not content[at - 1] & 0x80:
                break
        length, at = ber_length(content, at)
        if length is None or at + length > stop:
            return None
        pairs.append((tag, content[at : at + length]))
        at += length
    return pairs
