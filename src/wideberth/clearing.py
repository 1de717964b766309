"""A whole video without glint."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from wideberth_contracts.frames import ClearOutcome, ClearSettings, FrameWindow, GlintGate
from wideberth_contracts.poses import NoPose, PoseAbsence
from wideberth_glare.local import LocalGlare
from wideberth_media import Sampled, VideoReader, VideoWriter, as_array, probe

UNPOSED = NoPose(reason=PoseAbsence.NO_TELEMETRY)


async def clear_video(
    source: Path, target: Path, report: Callable[[int, int], None], *, always: bool
) -> tuple[int, int]:
    """Write `target`; returns (frames cleared, frames)."""
    info = await asyncio.to_thread(probe, source)
    settings = ClearSettings(gate=GlintGate.ALWAYS if always else GlintGate.AUTO)
    total, cleared, done = max(1, round(info.duration_s * info.average_fps)), 0, 0
    glare = LocalGlare()
    with (
        VideoReader(source, clip=info.sha256, neighbours=settings.window_frames) as reader,
        VideoWriter(target, width_px=info.width_px, height_px=info.height_px, fps=info.average_fps) as writer,
    ):
        for sampled in reader:
            answer = await glare.clear(_window(sampled, settings))
            await asyncio.to_thread(writer.write, as_array(answer.frame), sampled.frame.meta.t_s)
            cleared += answer.outcome is ClearOutcome.CLEARED
            done += 1
            report(min(done, total), total)
        report(total, total)
    return cleared, done


def _window(sampled: Sampled, settings: ClearSettings) -> FrameWindow:
    return FrameWindow(sampled.window, sampled.index, (UNPOSED,) * len(sampled.window), settings)
