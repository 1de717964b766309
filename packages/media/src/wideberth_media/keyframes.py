"""Some frames of a clip that need no other to be decoded: for a look here and there at a long recording."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from av.container import InputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from wideberth_contracts.frames import Frame, FrameMeta
from wideberth_media.container import as_time_base, open_video, time_base_of
from wideberth_media.pixels import buffer_of, upright_bgr, upright_size
from wideberth_media.times import FrameStamp


def key_frames(path: Path | str, stamps: Sequence[FrameStamp], *, clip: str) -> Iterator[Frame]:
    """The frames at these times, one picture each; those that will not decode are left out.

    Args:
        path: of the video.
        stamps: key frames of `frame_times`, in order.
        clip: name of the clip in every `FrameMeta`.

    Raises:
        UnreadableVideo: as `open_video`.
    """
    container, stream = open_video(Path(path))
    with container:
        seconds = time_base_of(stream)
        for stamp in stamps:
            picture = _shown_at(container, stream, stamp.pts)
            if picture is None:
                continue
            width_px, height_px = upright_size(picture, None)
            meta = FrameMeta(
                clip=clip,
                pts=stamp.pts,
                time_base=as_time_base(seconds),
                t_s=stamp.t_s,
                width_px=width_px,
                height_px=height_px,
            )
            yield Frame(meta, buffer_of(upright_bgr(picture, None)))


def _shown_at(container: InputContainer, stream: VideoStream, pts: int) -> VideoFrame | None:
    """The picture of this very time; some containers call packets key frames that do not decode alone."""
    for skip in ("NONKEY", "DEFAULT"):
        stream.codec_context.skip_frame = skip
        try:
            container.seek(pts, stream=stream, backward=True, any_frame=False)
            picture = next((f for f in container.decode(stream) if f.pts is not None and f.pts >= pts), None)
        except FFmpegError:
            picture = None
        if picture is not None and picture.pts == pts:
            return picture
    return None
