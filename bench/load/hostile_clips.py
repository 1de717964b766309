"""Small real clips, made here, for files that mean harm to be made of."""

import io
import struct
from fractions import Fraction

import av
import numpy as np

WIDTH_PX, HEIGHT_PX, FPS, FRAMES = 64, 48, 10, 20
DATA_BYTES = 65_536


def clip(container: str, *, streams: int = 1, data: int = 0) -> bytes:
    """A clip of two seconds.

    Args:
        container: as FFmpeg calls it.
        streams: video streams, all alike.
        data: packets of `DATA_BYTES` in a data stream besides.
    """
    written = io.BytesIO()
    with av.open(written, "w", format=container) as file:
        made = [file.add_stream("libx264" if streams == 1 else "mpeg4", rate=FPS) for _ in range(streams)]
        for stream in made:
            stream.width, stream.height, stream.pix_fmt = WIDTH_PX, HEIGHT_PX, "yuv420p"
        extra = file.add_data_stream("bin_data" if container == "mpegts" else None) if data else None
        for number in range(FRAMES):
            pixels = np.full((HEIGHT_PX, WIDTH_PX, 3), number * 11 % 255, np.uint8)
            for stream in made:
                file.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="bgr24")))
        for stream in made:
            file.mux(stream.encode(None))
        for number in range(data):
            packet = av.Packet(b"x" * DATA_BYTES)
            packet.stream, packet.pts, packet.dts, packet.time_base = extra, number, number, Fraction(1, 1000)
            file.mux(packet)
    return written.getvalue()


def box(kind: bytes, content: bytes = b"", size: int | None = None) -> bytes:
    """A box of an MP4; `size` is what it claims, its own unless given; above 32 bits in the long form."""
    told = len(content) + 8 if size is None else size
    if told < 1 << 32:
        return struct.pack(">I", told) + kind + content
    return struct.pack(">I", 1) + kind + struct.pack(">Q", told) + content


def patched(clip_bytes: bytes, kind: bytes, at: int, content: bytes) -> bytes:
    """The clip with bytes of its first box of that kind written over, `at` bytes behind the kind."""
    place = clip_bytes.index(kind) + 4 + at
    return clip_bytes[:place] + content + clip_bytes[place + len(content) :]


def fast_start(clip_bytes: bytes) -> bytes:
    """The index before the pictures, as a recording on its way through a network has it. Offsets are not put right."""
    moov = clip_bytes.index(b"moov") - 4
    size = struct.unpack(">I", clip_bytes[moov : moov + 4])[0]
    index, head = clip_bytes[moov : moov + size], struct.unpack(">I", clip_bytes[:4])[0]
    return clip_bytes[:head] + index + clip_bytes[head:moov] + clip_bytes[moov + size :]
