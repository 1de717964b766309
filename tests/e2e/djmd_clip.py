"""A video with a `djmd` track, constructed: an MP4 of PyAV with a track of protobuf samples put into it by hand.

Field numbers by ExifTool's DJI.pm for `dvtm_wm265e.proto` (Mavic 3). No recording of a DJI drone was at hand.
"""

import math
import struct
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

TIMESCALE, DURATION = 1000, 40
_SUBTITLE_HEADER = (
    b"[V4+ Styles]\nFormat: Name, Fontname, Fontsize\nStyle: Default,Arial,16\n"
    b"[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
)
_IDENTITY = (65536, 0, 0, 0, 65536, 0, 0, 0, 0x40000000)


def write_djmd_clip(path: Path, samples: list[bytes], subtitles: str | None = None) -> Path:
    """A clip of 64 x 48 px at 25 frames a second, one sample a frame; `subtitles` is one cue over all of it."""
    with av.open(str(path), "w", format="mp4") as container:
        video = container.add_stream("mpeg4", rate=25)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        titles = None
        if subtitles is not None:
            titles = container.add_stream("mov_text")
            titles.time_base = Fraction(1, TIMESCALE)
            titles.codec_context.subtitle_header = _SUBTITLE_HEADER
        for _ in samples:
            frame = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")
            container.mux(video.encode(frame))
        container.mux(video.encode())
        if titles is not None and subtitles is not None:
            text = subtitles.encode()
            packet = av.Packet(len(text).to_bytes(2, "big") + text)
            packet.stream, packet.time_base = titles, Fraction(1, TIMESCALE)
            packet.pts = packet.dts = 0
            packet.duration = 200
            container.mux(packet)
    path.write_bytes(_with_track(path.read_bytes(), samples))
    return path


def sample(number: int, pitch_deg: float, height_m: float) -> bytes:
    """One frame's message; the first also names the protocol and the model. Roll is 0, which protobuf leaves out."""
    header = (
        _message(1, _message(1, _message(1, b"dvtm_wm265e.proto") + _message(10, b"Mavic 3"))) if number == 1 else b""
    )
    place = _message(1, _double(2, math.radians(33.2)) + _double(3, math.radians(126.5))) + _integer(2, 71_400)
    drone = _message(4, place) + _message(5, _float(1, height_m * 1000))
    gimbal = _message(3, _integer(1, round(pitch_deg * 10)) + _integer(3, 120))
    return header + _message(3, _message(1, _integer(1, number)) + _message(3, drone) + _message(4, gimbal))


def _with_track(data: bytes, samples: list[bytes]) -> bytes:
    at, moov = 0, (0, 0)
    while at < len(data):
        size = struct.unpack(">I", data[at : at + 4])[0]
        moov = (at, size) if data[at + 4 : at + 8] == b"moov" else moov
        at += size
    start, size = moov
    assert start + size == len(data), "moov is the last box, so that nothing moves"
    content_at = len(data) + len(_track(samples, 0)) + 8
    box = _box(b"moov", data[start + 8 : start + size] + _track(samples, content_at))
    return data[:start] + box + _box(b"mdat", b"".join(samples))


def _track(samples: list[bytes], content_at: int) -> bytes:
    count = len(samples)
    entry = _box(b"djmd", bytes(6) + struct.pack(">H", 1))
    table = _box(
        b"stbl",
        _full(b"stsd", struct.pack(">I", 1) + entry)
        + _full(b"stts", struct.pack(">III", 1, count, DURATION))
        + _full(b"stsc", struct.pack(">IIII", 1, 1, count, 1))
        + _full(b"stsz", struct.pack(f">II{count}I", 0, count, *map(len, samples)))
        + _full(b"stco", struct.pack(">II", 1, content_at)),
    )
    where = _box(b"dinf", _full(b"dref", struct.pack(">I", 1) + _full(b"url ", b"", 1)))
    media = _box(
        b"mdia",
        _full(b"mdhd", struct.pack(">IIIIHH", 0, 0, TIMESCALE, count * DURATION, 0x55C4, 0))
        + _full(b"hdlr", bytes(4) + b"meta" + bytes(12) + b"DJI meta\0")
        + _box(b"minf", _full(b"nmhd", b"") + where + table),
    )
    header = struct.pack(">IIIII", 0, 0, 9, 0, count * DURATION) + bytes(16) + struct.pack(">9I", *_IDENTITY) + bytes(8)
    return _box(b"trak", _full(b"tkhd", header, 7) + media)


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + kind + body


def _full(kind: bytes, body: bytes, flags: int = 0) -> bytes:
    return _box(kind, struct.pack(">I", flags) + body)


def _varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def _integer(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _double(field: int, value: float) -> bytes:
    return _varint(field << 3 | 1) + struct.pack("<d", value)


def _float(field: int, value: float) -> bytes:
    return _varint(field << 3 | 5) + struct.pack("<f", value)


def _message(field: int, body: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(body)) + body
