"""When every frame of a clip is shown, without decoding one of them."""

from dataclasses import dataclass
from pathlib import Path

from av.error import FFmpegError

from wideberth_media.container import open_video, time_base_of


@dataclass(frozen=True, slots=True)
class FrameStamp:
    """PTS in the container's own units, s from the clip's first frame, and whether it decodes without any other."""

    pts: int
    t_s: float
    is_key: bool = False


def frame_times(path: Path | str) -> tuple[FrameStamp, ...]:
    """The time of every frame, in order, from the packets of the video stream.

    A truncated file gives the frames whose packets are whole. Costs a pass over the file, no decoding.

    Raises:
        UnreadableVideo: as `open_video`.
    """
    container, stream = open_video(Path(path))
    stamps: dict[int, bool] = {}
    with container:
        try:
            for packet in container.demux(stream):
                if packet.pts is not None and not packet.is_discard and not packet.is_corrupt and packet.size:
                    stamps[packet.pts] = packet.is_keyframe
        except FFmpegError:
            # The end of a truncated file; what came before it counts.
            pass
        seconds = time_base_of(stream)
    ordered = sorted(stamps)
    return tuple(FrameStamp(pts, float((pts - ordered[0]) * seconds), stamps[pts]) for pts in ordered)
