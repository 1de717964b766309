"""Decoding in order of time: every frame of a clip once, and what could not be decoded counted, never hidden."""

import math
from collections import Counter, deque
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from av.container import InputContainer
from av.error import EOFError as AvEndOfFile
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from wideberth_contracts.errors import UnreadableVideo
from wideberth_media.container import open_video, time_base_of

# A stream of nothing but errors is given up after this many in a row; FFmpeg can report one error for ever.
_ERRORS_IN_A_ROW = 50
# Frames may come up to this many frame durations before the end that the header states: rounding, edit lists.
_MISSING_FRAMES_TOLERATED = 1.5
# Packets of the video lie in the file in order, but for interleaving: the last few tell how far it should reach.
_INDEX_TAIL = 64
_REMEDY = "copy the file again, or choose another"


class Decoder:
    """The frames of one opened file from a point in time on, in order of PTS.

    Attributes:
        first_pts: of the clip; `t_s` counts from it.
        faults: what was set aside, by reason.
        cut_off: why reading stopped before the end of the file; None while it has not.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.faults: Counter[str] = Counter()
        self.cut_off: str | None = None
        self._container, self._stream = open_video(path)
        self._from_start = self._decoded()
        self._first = next(self._from_start, None)
        if self._first is None:
            self.close()
            raise self._nothing_decodes()
        self.first_pts = _pts(self._first)
        self.seconds_per_pts: Fraction = time_base_of(self._stream)

    def t_s(self, pts: int) -> float:
        """Time in s from the clip's first frame."""
        return float((pts - self.first_pts) * self.seconds_per_pts)

    def frames(self, from_s: float, before: int) -> Iterator[VideoFrame]:
        """Frames from at least `before` frames ahead of `from_s` on, or from the clip's first. To be called once."""
        first, self._first = self._first, None
        margin_s = max(0.5, 2.0 * before * self._frame_duration_s())
        target_s = from_s - margin_s
        if target_s <= 0 and first is not None:
            yield first
            yield from self._from_start
            return
        while target_s > 0:
            frames = self._frames_after_seek(target_s)
            # Only the last few frames before the span are of use: a group of pictures can be many seconds of 4K.
            preroll: deque[VideoFrame] = deque(maxlen=before + 1)
            landed_s = math.inf
            for frame in frames:
                t_s = self.t_s(_pts(frame))
                landed_s = min(landed_s, t_s)
                preroll.append(frame)
                if t_s >= from_s:
                    break
            if len(preroll) > before and landed_s <= target_s:
                yield from preroll
                yield from frames
                return
            # The seek landed too late (open group of pictures, sparse frames, damaged index): go further back.
            margin_s *= 4
            target_s = from_s - margin_s
        self._reopen()
        yield from self._decoded()

    def truncation(self, last: VideoFrame | None) -> str | None:
        """What is missing of what the header promises, after reading to the end of the file; None if nothing is."""
        if "mov" in self._container.format.name:
            # The index of an MP4 says where every packet lies; durations there are bent by edit lists.
            entries = self._stream.index_entries
            tail = entries[-min(len(entries), _INDEX_TAIL) :] if len(entries) else []
            end_bytes = max((entry.pos + entry.size for entry in tail), default=0)
            missing_bytes = end_bytes - self.path.stat().st_size
            return f"the file is truncated: {missing_bytes} bytes of video are missing" if missing_bytes > 0 else None
        missing_s = self._promised_s() - (0.0 if last is None else self.t_s(_pts(last))) - self._frame_duration_s()
        if missing_s > _MISSING_FRAMES_TOLERATED * self._longest_frame_s(last):
            return f"the file is truncated: it ends {missing_s:.2f} s before its header says"
        return None

    def close(self) -> None:
        """Release file and codec."""
        self._container.close()

    def _nothing_decodes(self) -> UnreadableVideo:
        reason = "no frame in it decodes" + (f": {', '.join(self.faults)}" if self.faults else "")
        return UnreadableVideo(reason, where=str(self.path), remedy=_REMEDY)

    def _promised_s(self) -> float:
        """The duration in the header, s; 0 where it does not speak of the video alone."""
        if self._stream.duration is not None:
            return float(self._stream.duration * self.seconds_per_pts)
        if len(self._container.streams) > 1 or self._container.duration is None:
            return 0.0
        # AV_TIME_BASE: containers count in microseconds.
        return self._container.duration / 1_000_000

    def _frame_duration_s(self) -> float:
        return 1.0 / float(self._stream.average_rate) if self._stream.average_rate else 0.04

    def _longest_frame_s(self, last: VideoFrame | None) -> float:
        shown_s = float((last.duration or 0) * self.seconds_per_pts) if last is not None else 0.0
        return max(self._frame_duration_s(), shown_s)

    def _frames_after_seek(self, target_s: float) -> Iterator[VideoFrame]:
        self.faults.clear()
        self.cut_off = None
        target_pts = self.first_pts + int(target_s / self.seconds_per_pts)
        try:
            self._container.seek(target_pts, stream=self._stream, backward=True)
        except FFmpegError:
            self._reopen()
        return self._decoded()

    def _reopen(self) -> None:
        self._container.close()
        self.faults.clear()
        self.cut_off = None
        self._container, self._stream = open_video(self.path)

    def _decoded(self) -> Iterator[VideoFrame]:
        """Frames of the opened container as they come, each PTS once and rising."""
        last_pts: int | None = None
        errors_in_a_row = 0
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets)
            except (StopIteration, AvEndOfFile):
                return
            except FFmpegError as error:
                self.cut_off = f"the file cannot be read on: {error.strerror}"
                yield from self._ordered(self._flushed(), last_pts)
                return
            if packet.is_corrupt:
                self.faults["damaged packet"] += 1
                continue
            try:
                frames = packet.decode()
            except FFmpegError as error:
                self.faults[f"packet that does not decode ({error.strerror})"] += 1
                errors_in_a_row += 1
                if errors_in_a_row >= _ERRORS_IN_A_ROW:
                    self.cut_off = "nothing decodes any more"
                    return
                continue
            errors_in_a_row = 0
            for frame in self._ordered(iter(frames), last_pts):
                last_pts = frame.pts
                yield frame

    def _flushed(self) -> Iterator[VideoFrame]:
        """What the decoder still holds when the file ends early."""
        try:
            yield from self._stream.decode(None)
        except FFmpegError as error:
            self.faults[f"packet that does not decode ({error.strerror})"] += 1

    def _ordered(self, frames: Iterator[VideoFrame], last_pts: int | None) -> Iterator[VideoFrame]:
        for frame in frames:
            if frame.pts is None:
                self.faults["frame without a time"] += 1
            elif frame.is_corrupt:
                self.faults["damaged frame"] += 1
            elif last_pts is not None and frame.pts <= last_pts:
                self.faults["frame out of order"] += 1
            else:
                last_pts = frame.pts
                yield frame


def first_frame(path: Path, container: InputContainer, stream: VideoStream) -> VideoFrame:
    """The first frame that decodes, with one thread: more would decode the frames behind it too.

    Args:
        stream: of the opened container, nothing decoded yet.

    Raises:
        UnreadableVideo: there is none.
    """
    stream.codec_context.thread_count = 1
    reason = "no frame in it decodes"
    errors = 0
    packets = container.demux(stream)
    while errors < _ERRORS_IN_A_ROW:
        try:
            for frame in next(packets).decode():
                if frame.pts is not None and not frame.is_corrupt:
                    return frame
        except StopIteration:
            break
        except FFmpegError as error:
            reason = f"no frame in it decodes ({error.strerror})"
            errors += 1
    raise UnreadableVideo(reason, where=str(path), remedy=_REMEDY)


def _pts(frame: VideoFrame) -> int:
    if frame.pts is None:
        raise ValueError("frame without PTS")
    return frame.pts
