"""A copy of an analysed video in which persons and registrations cannot be read, and a note of what was covered."""

import json
import threading
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np

from wideberth_contracts.errors import Conflict
from wideberth_media import make_proxy
from wideberth_pipeline.blurring import (
    END,
    GROWN,
    HELD_S,
    PERSONS,
    STEPS,
    Blur,
    Hulls,
    Reason,
    read_blur,
)
from wideberth_pipeline.durable import write_text_whole
from wideberth_pipeline.plan import Plan, load_plan
from wideberth_pipeline.segment_file import failure_in, is_done, segment_path

LIMITS = (
    "What the analysis did not detect is not covered: persons on board are covered with their vessel where `hulls` is "
    "`whole`, persons ashore and anyone else without a box are not. Times without detections are covered whole."
)
NOT_YET = "wait until the analysis is done: the blurred copy is made from its detections"


def blurred_name(hulls: Hulls) -> str:
    """Name of the copy in the folder of its analysis."""
    return f"blurred-{hulls.value}.mp4"


def note_name(hulls: Hulls) -> str:
    """Name of the note of what was covered."""
    return f"blurred-{hulls.value}.json"


def keep_blurred(folder: Path, video: Path, hulls: Hulls, stop: threading.Event | None = None) -> Path:
    """The copy in the folder of an analysis, with the presentation times of the original, and its note.

    Raises:
        Conflict: spans of the analysis are still to be sensed.
        UnreadableVideo: the video cannot be read.
        InternalFault: the copy cannot be written, or its times are not those of the original.
        Stopped: it was called off.
    """
    target = folder / blurred_name(hulls)
    if target.is_file() and (folder / note_name(hulls)).is_file():
        return target
    plan = load_plan(folder)
    refuse_unfinished(folder, plan)
    blur = read_blur(folder, plan, hulls)
    make_proxy(video, target, stop, blur.paint)
    write_text_whole(folder / note_name(hulls), json.dumps(note_of(blur, plan, folder, hulls), indent=1))
    return target


def refuse_unfinished(folder: Path, plan: Plan) -> None:
    """Raises `Conflict` where spans are still to be sensed: what is in them is not known yet."""
    left = [span.index for span in plan.spans if not is_done(segment_path(folder, span), plan.analysis_id)]
    if left:
        raise Conflict(f"{len(left)} spans are not analysed yet", where=plan.analysis_id, remedy=NOT_YET)


def blurred_picture(jpeg: bytes, folder: Path, pts: int, hulls: Hulls) -> bytes:
    """A frame's picture at full size, as JPEG, with the same covered as in the copy. Raises `Conflict`."""
    plan = load_plan(folder)
    refuse_unfinished(folder, plan)
    picture = cv2.imdecode(np.frombuffer(jpeg, dtype=np.uint8), cv2.IMREAD_COLOR)
    painted = read_blur(folder, plan, hulls).paint(np.asarray(picture, dtype=np.uint8), pts, 1.0)
    return bytes(cv2.imencode(".jpg", painted)[1])


def note_of(blur: Blur, plan: Plan, folder: Path, hulls: Hulls) -> dict[str, object]:
    """What was covered, and why."""
    whole = [
        {"start_s": start, "stop_s": stop, "reason": Reason.NOT_LOOKED_AT.value}
        for start, stop, covered in zip(blur.t_s, blur.t_s[1:], blur.covered, strict=False)
        if not covered
    ]
    failed = [span.index for span in plan.spans if failure_in(segment_path(folder, span))]
    first_s, last_s = (blur.t_s[0], blur.t_s[-1]) if blur.t_s else (None, None)
    return {
        "analysis_id": plan.analysis_id,
        "video_sha256": plan.video_sha256,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "hulls": hulls.value,
        "persons": sorted(kind.value for kind in PERSONS),
        "boxes": blur.counts,
        "grown": GROWN,
        "end_of_hull": END if hulls is Hulls.ENDS else None,
        "held_s": HELD_S,
        "most_between_looks_s": STEPS * blur.step_s,
        "looked_at_s": {"first": first_s, "last": last_s},
        "covered_whole": whole,
        "spans_that_failed": failed,
        "limits": LIMITS,
    }
