"""One call from a scene to files: video, telemetry, truth."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from wideberth_simulator.encode import VideoFile
from wideberth_simulator.geometry import Camera
from wideberth_simulator.render import Renderer
from wideberth_simulator.scene import Scene
from wideberth_simulator.sensor import develop, glint_mask, with_sun
from wideberth_simulator.telemetry import draw_errors, srt_cues
from wideberth_simulator.truth import TruthLog
from wideberth_simulator.world import make_world


@dataclass(frozen=True)
class SimulatedFiles:
    """What `simulate` wrote.

    Attributes:
        video: H.264 video.
        telemetry: DJI .SRT with the same stem.
        clean: The same video without sun glint, None when not asked for.
        truth: One row a frame and object.
        truth_frames: One row a frame.
        summary: JSON summary.
    """

    video: Path
    telemetry: Path
    clean: Path | None
    truth: Path
    truth_frames: Path
    summary: Path


def simulate(
    scene: Scene, out_dir: Path | str, progress: Callable[[int, int], None] | None = None, clean: bool | None = None
) -> SimulatedFiles:
    """Write a scene's video, telemetry and truth.

    Args:
        scene: The scene.
        out_dir: Folder, made if absent; files of the same names are replaced.
        progress: Called with frames done and frames in all.
        clean: Whether to write `clean.mp4`; None takes the scene's word.

    Returns:
        The files. The same scene gives the same pixels before encoding and the same truth.
    """
    folder = Path(out_dir)
    folder.mkdir(parents=True, exist_ok=True)
    want_clean = scene.video.clean if clean is None else clean
    world = make_world(scene)
    renderer = Renderer(world)
    log = TruthLog(world)
    exposure = scene.weather.exposure
    cameras: list[Camera] = []
    video, clean_video = folder / "video.mp4", folder / "clean.mp4"
    with ExitStack() as stack:
        main = stack.enter_context(VideoFile(video, scene.video, scene.start))
        bare = stack.enter_context(VideoFile(clean_video, scene.video, scene.start)) if want_clean else None
        for index in range(scene.frame_count):
            camera, light, glint = renderer.frame(index)
            sunny = with_sun(light, glint, world.light.sun_colour)
            main.write(develop(sunny, exposure, scene.seed + 7 * index))
            if bare is not None:
                bare.write(develop(light, exposure, scene.seed + 7 * index))
            mask = glint_mask(light[::2, ::2], sunny[::2, ::2], exposure)
            log.add(index, camera, float(mask.mean()))
            cameras.append(camera)
            if progress is not None:
                progress(index + 1, scene.frame_count)
    errors = draw_errors(scene, scene.flight.keys[0].height_m)
    srt = folder / "video.SRT"
    with srt.open("w", encoding="utf-8", newline="\n") as handle:
        handle.writelines(srt_cues(scene, cameras, errors))
    truth, frames, summary = log.write(folder, errors)
    return SimulatedFiles(video, srt, clean_video if want_clean else None, truth, frames, summary)
