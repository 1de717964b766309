"""Reading a clip: sampled frames with their exact time, decoded ahead in a thread of its own."""

import contextlib
import queue
import threading
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from av.video.frame import VideoFrame

from wideberth_contracts.frames import Frame, FrameMeta
from wideberth_contracts.wire import Rejection
from wideberth_media.container import as_time_base
from wideberth_media.decoding import Decoder
from wideberth_media.late import LateFrame
from wideberth_media.pixels import buffer_of, upright_bgr, upright_size
from wideberth_media.sampling import Native, Sampled, Span, sampled

_JOIN_S = 5.0
_POLL_S = 0.2


@dataclass(frozen=True, slots=True)
class ReadEnd:
    """How a reading ended.

    Attributes:
        complete: True where the span, or the file, was read to its end and nothing was missing.
        at_s: time of the last native frame that was decoded, s from the clip's first.
        reason: why not, in words; None where complete.
        rejections: what was set aside on the way, by reason.
    """

    complete: bool
    at_s: float
    reason: str | None = None
    rejections: tuple[Rejection, ...] = ()


class VideoReader(Iterator[Sampled]):
    """An iterator of sampled frames; `ended` tells after the last one whether the file was whole.

    A truncated file yields the frames it has, then stops as a whole one does, and `ended.complete` is False with the
    time and the reason. Memory is bounded by `ahead` sampled frames and their neighbours. An abandoned reader stops
    its thread when it is closed or collected.

    Args:
        path: of the video.
        clip: name of the clip in every `FrameMeta`, by convention the file's SHA-256.
        sample_fps: None for every native frame.
        start_s, stop_s: the span [start, stop), in s from the clip's first frame; `stop_s` None: to the end.
        neighbours: native frames wanted on each side of a sampled one.
        long_side_limit_px: larger frames are scaled down to this.
        starts_at: UTC of the clip's first frame, where known; gives `captured_at`.
        ahead: sampled frames decoded ahead at most.

    Raises:
        UnreadableVideo: on creation, before any frame.
    """

    def __init__(  # noqa: PLR0913 - the public face; all but two have defaults
        self,
        path: Path | str,
        *,
        clip: str,
        sample_fps: float | None = None,
        start_s: float = 0.0,
        stop_s: float | None = None,
        neighbours: int = 0,
        long_side_limit_px: int | None = None,
        starts_at: datetime | None = None,
        ahead: int = 3,
    ) -> None:
        span = Span(start_s=start_s, stop_s=stop_s, sample_fps=sample_fps, neighbours=neighbours)
        make = partial(_frame, clip=clip, long_side_limit_px=long_side_limit_px, starts_at=starts_at)
        self.ended: ReadEnd | None = None
        self._pump = _Pump(Decoder(Path(path)), span, make, ahead)
        self._stop = weakref.finalize(self, _Pump.stop, self._pump)
        self._pump.start()

    def __iter__(self) -> Self:
        """The reader itself: it can be read once."""
        return self

    def __next__(self) -> Sampled:
        """The next sampled frame, in order of time."""
        item = self._pump.take() if self.ended is None and self._stop.alive else None
        if isinstance(item, Sampled):
            return item
        if isinstance(item, ReadEnd):
            self.ended = item
        elif item is not None:
            self.close()
            raise item
        self.close()
        raise StopIteration

    def close(self) -> None:
        """Stop decoding and release the file; harmless when repeated. `ended` stays None if there was more."""
        self._stop()

    def __enter__(self) -> Self:
        """For `with`, which closes."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close."""
        self.close()


def read_frames(  # noqa: PLR0913 - mirrors `VideoReader`
    path: Path | str,
    *,
    clip: str,
    sample_fps: float | None = None,
    start_s: float = 0.0,
    stop_s: float | None = None,
    neighbours: int = 0,
    long_side_limit_px: int | None = None,
    starts_at: datetime | None = None,
    ahead: int = 3,
) -> VideoReader:
    """A reading of [start_s, stop_s) of a video; see `VideoReader`."""
    return VideoReader(
        path,
        clip=clip,
        sample_fps=sample_fps,
        start_s=start_s,
        stop_s=stop_s,
        neighbours=neighbours,
        long_side_limit_px=long_side_limit_px,
        starts_at=starts_at,
        ahead=ahead,
    )


def _frame(
    picture: VideoFrame,
    decoder: Decoder,
    *,
    clip: str,
    long_side_limit_px: int | None,
    starts_at: datetime | None,
) -> Frame:
    pts = picture.pts or 0
    t_s = decoder.t_s(pts)
    width_px, height_px = upright_size(picture, long_side_limit_px)
    meta = FrameMeta(
        clip=clip,
        pts=pts,
        time_base=as_time_base(decoder.seconds_per_pts),
        t_s=t_s,
        captured_at=None if starts_at is None else starts_at + timedelta(seconds=t_s),
        width_px=width_px,
        height_px=height_px,
    )
    return LateFrame(meta, lambda: buffer_of(upright_bgr(picture, long_side_limit_px)))


class _Pump:
    """The decoding thread and its bounded queue; it holds no reference to the reader, which can so be collected."""

    def __init__(self, decoder: Decoder, span: Span, make: "partial[Frame]", ahead: int) -> None:
        self._decoder = decoder
        self._span = span
        self._make = make
        self._queue: queue.Queue[Sampled | ReadEnd | Exception] = queue.Queue(maxsize=max(1, ahead))
        self._stopping = threading.Event()
        self._last: VideoFrame | None = None
        self._ran_out = False
        self._thread = threading.Thread(target=self._run, name="wideberth-decode", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def take(self) -> Sampled | ReadEnd | Exception | None:
        """The next item; None once stopped, also by another thread."""
        while not self._stopping.is_set():
            with contextlib.suppress(queue.Empty):
                return self._queue.get(timeout=_POLL_S)
        return None

    def stop(self) -> None:
        self._stopping.set()
        while not self._queue.empty():
            self._queue.get_nowait()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(_JOIN_S)

    def _run(self) -> None:
        try:
            for item in sampled(self._natives(), self._span):
                # Ahead of whoever will want it; the neighbours wait until someone does.
                _ = item.frame.pixels
                if not self._put(item):
                    return
            self._put(self._end())
        except Exception as error:
            self._put(error)
        finally:
            self._decoder.close()

    def _natives(self) -> Iterator[Native]:
        before = max(1, self._span.neighbours)
        for picture in self._decoder.frames(self._span.start_s, before):
            if self._stopping.is_set():
                return
            self._last = picture
            yield Native(self._decoder.t_s(picture.pts or 0), partial(self._make, picture, self._decoder))
        self._ran_out = True

    def _end(self) -> ReadEnd:
        decoder = self._decoder
        at_s = 0.0 if self._last is None else decoder.t_s(self._last.pts or 0)
        rejections = tuple(Rejection(reason=reason, count=count) for reason, count in sorted(decoder.faults.items()))
        reason = decoder.cut_off
        if reason is None and self._ran_out:
            reason = decoder.truncation(self._last)
        if reason is None and rejections:
            reason = "some frames could not be decoded"
        return ReadEnd(complete=reason is None, at_s=at_s, reason=reason, rejections=rejections)

    def _put(self, item: Sampled | ReadEnd | Exception) -> bool:
        """True once the item is queued; False when the reader has gone."""
        while not self._stopping.is_set():
            try:
                self._queue.put(item, timeout=_POLL_S)
            except queue.Full:
                continue
            return True
        return False
