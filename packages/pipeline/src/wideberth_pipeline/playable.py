"""A copy of an analysed video that every browser plays, kept among the results."""

import threading
from pathlib import Path

from wideberth_media import Stopped, make_proxy, probe, surely_plays
from wideberth_pipeline.plan import load_plan

PROXY_FILE = "proxy.mp4"

__all__ = ["PROXY_FILE", "Stopped", "keep_playable"]


def keep_playable(folder: Path, video: Path, stop: threading.Event | None = None) -> Path | None:
    """The copy in the folder of an analysis, with the presentation times of the original; None where none is needed.

    Raises:
        UnreadableVideo: the video cannot be read.
        InternalFault: the copy cannot be written, or its times are not those of the original.
        Stopped: it was called off.
    """
    plan = load_plan(folder)
    if surely_plays(plan.video, probe(video, sha256=plan.video_sha256)):
        return None
    target = folder / PROXY_FILE
    return target if target.is_file() else make_proxy(video, target, stop)
