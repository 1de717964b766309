"""A part of a recording without encoding it again: the same compressed pictures in a shorter file."""

import os
from dataclasses import dataclass
from pathlib import Path

import av
from av.container import InputContainer, OutputContainer
from av.error import FFmpegError
from av.video.stream import VideoStream

from wideberth_contracts.errors import BadInput, InternalFault
from wideberth_media.container import open_video
from wideberth_media.times import FrameStamp, frame_times


@dataclass(frozen=True, slots=True)
class Cut:
    """What was cut.

    Attributes:
        path: of the new file.
        first_pts, last_pts: of the frames in it, in the original's own units; both ends included.
        start_s, stop_s: the same in s from the original's first frame.
        frames: so many are in it.
    """

    path: Path
    first_pts: int
    last_pts: int
    start_s: float
    stop_s: float
    frames: int


def cut_clip(source: Path, target: Path, start_s: float, stop_s: float) -> Cut:
    """Write `target` (MP4) with all frames of [start_s, stop_s], begun at the key frame before.

    The compressed pictures are copied as they are, so that every frame decodes to the same pixels as in the original.
    A frame's PTS in the cut is the original's minus `first_pts`.

    Args:
        source: the original; its video stream alone is copied.
        target: replaced if it exists; appears only when it is whole.
        start_s, stop_s: s from the original's first frame.

    Raises:
        UnreadableVideo: as `open_video`.
        BadInput: no frame lies in the span.
        InternalFault: the codec cannot be put into MP4 as it is; the caller keeps the original whole.
    """
    stamps = frame_times(source)
    wanted = _wanted(stamps, start_s, stop_s)
    if not wanted:
        span = f"{start_s:.2f} to {stop_s:.2f} s"
        raise BadInput(f"no frame lies in {span}", where=str(source), remedy="check the times of the span")
    partial = target.with_name(f".{target.name}.part")
    target.parent.mkdir(parents=True, exist_ok=True)
    container, stream = open_video(source)
    try:
        with container, av.open(str(partial), mode="w", format="mp4", options={"movflags": "+faststart"}) as made:
            last_pts = _copy(container, stream, made, stamps, wanted)
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        partial.replace(target)
    except (FFmpegError, ValueError) as error:
        raise InternalFault(f"the clip cannot be cut without encoding: {error}", where=str(source)) from error
    finally:
        partial.unlink(missing_ok=True)
    copied = [stamp for stamp in stamps if wanted[0].pts <= stamp.pts <= last_pts]
    return Cut(target, copied[0].pts, last_pts, copied[0].t_s, copied[-1].t_s, len(copied))


def _wanted(stamps: tuple[FrameStamp, ...], start_s: float, stop_s: float) -> tuple[FrameStamp, ...]:
    inside = [index for index, stamp in enumerate(stamps) if start_s <= stamp.t_s <= stop_s]
    if not inside:
        return ()
    first = next((index for index in range(inside[0], -1, -1) if stamps[index].is_key), 0)
    return stamps[first : inside[-1] + 1]


def _copy(
    container: InputContainer,
    stream: VideoStream,
    made: OutputContainer,
    stamps: tuple[FrameStamp, ...],
    wanted: tuple[FrameStamp, ...],
) -> int:
    """Mux the packets of the wanted frames in the order of the file; the PTS of the last frame copied.

    Where frames are shown out of the order in which they are decoded (B-frames), one may lean on a frame shown a little
    later than the last wanted one: copying goes on until no frame before the latest copied one is missing.
    """
    out = made.add_stream_from_template(stream)
    first, latest = wanted[0].pts, wanted[-1].pts
    missing = {stamp.pts for stamp in wanted}
    later = [stamp.pts for stamp in stamps if stamp.pts > latest]
    container.seek(first, stream=stream, backward=True, any_frame=False)
    for packet in container.demux(stream):
        if packet.dts is None or packet.pts is None or packet.pts < first:
            continue  # shown before the key frame: leading pictures that lean on what is not copied
        while later and later[0] <= packet.pts:
            latest = later.pop(0)
            missing.add(latest)
        missing.discard(packet.pts)
        packet.pts -= first
        packet.dts -= first
        packet.stream = out
        made.mux(packet)
        if not missing:
            return latest
    return latest
