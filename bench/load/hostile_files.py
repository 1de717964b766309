"""Files that mean harm, or were harmed: cut off, of another kind, bombs, claims that are not true. Made from seeds."""

import gzip
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from bench.load.hostile_clips import box, clip, fast_start, patched

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class HostileFile:
    """A file, what it is called, and what kind of harm it is.

    Attributes:
        sparse_bytes: it is longer than its content by so many zeros.
    """

    kind: str
    name: str
    content: bytes
    sparse_bytes: int = 0


def hostile_videos(seed: int) -> Iterator[HostileFile]:
    """More than a hundred of them."""
    draw = random.Random(seed)
    whole = {"mp4": clip("mp4"), "mkv": clip("matroska"), "avi": clip("avi"), "ts": clip("mpegts")}
    yield from _cut_off(whole, draw)
    yield from _flipped(whole, draw)
    yield from _wrong_kinds(draw)
    yield from _bombs()
    yield from _boxes(whole["mp4"])
    yield from _tables(whole["mp4"])
    yield from _claims(whole)
    yield from _names(whole["mp4"])


def _cut_off(whole: dict[str, bytes], draw: random.Random) -> Iterator[HostileFile]:
    for suffix, content in (*whole.items(), ("fast.mp4", fast_start(whole["mp4"]))):
        for length in (1, 7, 9, 40, *(draw.randrange(64, len(content) - 1) for _ in range(5))):
            yield HostileFile("cut off", f"cut_{length}.{suffix}", content[:length])
    yield HostileFile("empty", "empty.mp4", b"")


def _flipped(whole: dict[str, bytes], draw: random.Random) -> Iterator[HostileFile]:
    for number in range(24):
        suffix = draw.choice(tuple(whole))
        content = bytearray(whole[suffix])
        for _ in range(draw.randrange(1, 40)):
            content[draw.randrange(len(content))] = draw.randrange(256)
        yield HostileFile("bytes flipped", f"flipped_{number}.{suffix}", bytes(content))


def _wrong_kinds(draw: random.Random) -> Iterator[HostileFile]:
    kinds = {
        "png": b"\x89PNG\r\n\x1a\n" + draw.randbytes(200),
        "jpg": b"\xff\xd8\xff\xe0" + draw.randbytes(200),
        "gif": b"GIF89a" + draw.randbytes(200),
        "pdf": b"%PDF-1.7\n" + draw.randbytes(200),
        "elf": b"\x7fELF\x02\x01\x01" + draw.randbytes(200),
        "wav": b"RIFF\x24\x00\x00\x00WAVEfmt " + draw.randbytes(60),
        "zeros": bytes(4096),
        "noise": draw.randbytes(4096),
        "html": b"<!doctype html><script>alert(1)</script>",
        "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
        "m3u8": b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
        "m3u8_http": b"#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1:9/secret.ts\n#EXT-X-ENDLIST\n",
        "ffconcat": b"ffconcat version 1.0\nfile /etc/passwd\n",
        "sdp": b"v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n",
        "mpd": b'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>file:///etc/</BaseURL></MPD>',
        "gz": gzip.compress(b"clip"),
    }
    for kind, content in kinds.items():
        yield HostileFile("another kind", f"{kind}.mp4", content)


def _bombs() -> Iterator[HostileFile]:
    zeros = zlib.compress(bytes(100 * MIB), 9)
    yield HostileFile("bomb", "zlib.mp4", zeros)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for number in range(20):
            file.writestr(f"{number}.mp4", bytes(20 * MIB))
    yield HostileFile("bomb", "zip.mp4", packed.getvalue())
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zeros), (b"IEND", b""))
    picture = b"".join(
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks
    )
    yield HostileFile("bomb", "png.mp4", b"\x89PNG\r\n\x1a\n" + picture)


def _boxes(whole: bytes) -> Iterator[HostileFile]:
    head = box(b"ftyp", b"isom\0\0\2\0isom")
    for size in (0, 1, 2, 7, 0x7FFFFFFF, 0xFFFFFFFF, (1 << 63) - 1, (1 << 64) - 1):
        yield HostileFile("box of absurd size", f"mdat_{size}.mp4", head + box(b"mdat", b"x" * 64, size))
        yield HostileFile("box of absurd size", f"moov_{size}.mp4", head + box(b"moov", b"x" * 64, size))
    deep = b""
    for _ in range(3_000):
        deep = box(b"moov", deep)
    yield HostileFile("boxes in boxes", "deep.mp4", head + deep)
    yield HostileFile("many boxes", "free.mp4", whole + box(b"free") * 500_000)
    yield HostileFile("many boxes", "trak.mp4", head + box(b"moov", box(b"trak", box(b"tkhd", bytes(84))) * 50_000))
    yield HostileFile("much of nothing", "sparse.mp4", whole + box(b"mdat", b"", 8 << 30), sparse_bytes=(8 << 30) - 8)


def _tables(whole: bytes) -> Iterator[HostileFile]:
    most = b"\xff\xff\xff\xff"
    for kind, at in ((b"stts", 4), (b"stsc", 4), (b"stco", 4), (b"stsz", 8), (b"stss", 4), (b"elst", 4)):
        yield HostileFile("table that claims", f"{kind.decode()}.mp4", patched(whole, kind, at, most))
    yield HostileFile("0 frames a second", "delta_0.mp4", patched(whole, b"stts", 12, bytes(4)))
    yield HostileFile("times beyond all days", "delta_max.mp4", patched(whole, b"stts", 12, b"\x7f\xff\xff\xff"))
    yield HostileFile("times that go back", "delta_negative.mp4", patched(whole, b"stts", 12, most))
    yield HostileFile("no clock", "timescale_0.mp4", patched(whole, b"mdhd", 12, bytes(4)))
    yield HostileFile("no clock", "movie_timescale_0.mp4", patched(whole, b"mvhd", 12, bytes(4)))
    yield HostileFile("times beyond all days", "duration_max.mp4", patched(whole, b"mdhd", 16, most))
    yield HostileFile("times that go back", "edit_negative.mp4", patched(whole, b"elst", 8, most * 2))


def _claims(whole: dict[str, bytes]) -> Iterator[HostileFile]:
    mp4, mkv, avi = whole["mp4"], whole["mkv"], whole["avi"]
    yield HostileFile("absurd size of frames", "size.mp4", patched(mp4, b"avc1", 24, b"\xff\xff\xff\xff"))
    yield HostileFile("absurd size of frames", "size_0.mp4", patched(mp4, b"avc1", 24, bytes(4)))
    yield HostileFile("absurd size of frames", "matrix.mp4", patched(mp4, b"tkhd", 40, b"\x7f" * 36))
    yield HostileFile("codec that is none", "codec.mp4", mp4.replace(b"avc1", b"zzzz"))
    yield HostileFile("codec that is another", "hevc.mp4", mp4.replace(b"avc1", b"hvc1"))
    nan = b"\x44\x89\x88" + struct.pack(">d", float("nan"))
    place = mkv.index(b"\x44\x89\x88")
    yield HostileFile("duration that is no number", "nan.mkv", mkv[:place] + nan + mkv[place + len(nan) :])
    endless = nan[:3] + struct.pack(">d", float("inf"))
    yield HostileFile("duration that is no number", "inf.mkv", mkv[:place] + endless + mkv[place + len(endless) :])
    place = mkv.index(b"\x2a\xd7\xb1")
    yield HostileFile("no clock", "timecode_0.mkv", mkv[:place] + b"\x2a\xd7\xb1\x83\0\0\0" + mkv[place + 7 :])
    rate = avi.index(b"vids") + 20
    yield HostileFile("0 frames a second", "rate_0.avi", avi[:rate] + bytes(8) + avi[rate + 8 :])
    yield HostileFile(
        "endless frames a second", "rate_max.avi", avi[:rate] + b"\1\0\0\0" + b"\xff" * 4 + avi[rate + 8 :]
    )
    yield HostileFile("many streams", "streams.mkv", clip("matroska", streams=64))
    yield HostileFile("many streams", "streams.mp4", clip("mp4", streams=64))
    yield HostileFile("huge data track", "data.ts", clip("mpegts", data=4_400))


def _names(whole: bytes) -> Iterator[HostileFile]:
    names = (
        "../../../etc/cron.d/x.mp4",
        "..\\..\\windows\\x.mp4",
        "/etc/passwd",
        "file:///etc/passwd",
        "concat:a.mp4|b.mp4",
        "http://127.0.0.1:9/x.mp4",
        "x" * 900 + ".mp4",
        "\u202egpj.mp4",
        "a\nb\r.mp4",
        ".",
        "..",
        " ",
    )
    for name in names:
        yield HostileFile("name that leads elsewhere", name, whole)


def hostile_telemetry(seed: int) -> Iterator[HostileFile]:
    """Logs beside a good video."""
    draw = random.Random(seed)
    yield HostileFile("huge subtitles", "huge.SRT", _cue(1, "[latitude: 33.2]"), sparse_bytes=300 * MIB)
    yield HostileFile("huge subtitles", "long_line.SRT", _cue(1, "x" * (40 * MIB)))
    for word in ("nan", "inf", "-inf", "1e309", "9" * 400):
        told = f"[latitude: {word}] [longitude: {word}] [rel_alt: {word} abs_alt: {word}]"
        yield HostileFile("numbers that are none", f"{word[:8]}.SRT", b"".join(_cue(k, told) for k in range(1, 30)))
    yield HostileFile("deep", "deep.json", b"[" * 200_000 + b"]" * 200_000)
    yield HostileFile("wide", "wide.csv", b",".join(b"c%d" % k for k in range(400_000)) + b"\n" + b"1," * 400_000)
    yield HostileFile("noise", "noise.csv", draw.randbytes(MIB))
    yield HostileFile("entities", "laughs.xml", _laughs())
    yield HostileFile("entities", "laughs.gpx", _laughs())


def _cue(number: int, text: str) -> bytes:
    return f"{number}\n00:00:{number % 60:02d},000 --> 00:00:{number % 60:02d},900\n{text}\n\n".encode()


def _laughs() -> bytes:
    """A billion laughs: entities of entities."""
    lines = ['<!ENTITY a0 "ha">'] + [f'<!ENTITY a{k} "{f"&a{k - 1};" * 10}">' for k in range(1, 10)]
    return ('<?xml version="1.0"?><!DOCTYPE x [' + "".join(lines) + "]><gpx>&a9;</gpx>").encode()
