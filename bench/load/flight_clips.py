"""Simulated flights for benches of jobs, kept in `.cache/bench/load`; delete them after changing the simulator."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from wideberth_simulator import bundled_scene, simulate

CLIPS = Path(__file__).resolve().parents[2] / ".cache/bench/load"


def flight(seconds: float, *, fps: int, height_px: int = 1080) -> tuple[Path, Path]:
    """Video and telemetry of the scene `demo`, so long, at that rate and size; simulated unless it lies there."""
    folder = CLIPS / f"demo_{seconds:g}s_{fps}_{height_px}"
    video, telemetry = folder / "video.mp4", folder / "video.SRT"
    if not (folder / "truth.json").exists():
        scene = bundled_scene("demo")
        width_px = round(height_px * scene.video.width_px / scene.video.height_px)
        plan = replace(scene.video, fps=Fraction(fps), width_px=width_px + width_px % 2, height_px=height_px)
        simulate(replace(scene, duration_s=seconds, video=plan), folder, None, clean=False)
        (folder / "truth.json").touch()
    return video, telemetry


def looped(video: Path, times: int, target: Path) -> Path:
    """The clip so many times over, its packets copied as they are; made unless it lies there."""
    import av  # only benches that loop need it here

    if target.exists():
        return target
    partial = target.with_suffix(".partial.mp4")
    with av.open(str(video)) as first, av.open(str(partial), "w") as written:
        source = first.streams.video[0]
        stream = written.add_stream_from_template(source)
        length = source.duration
        for turn in range(times):
            with av.open(str(video)) as again:
                for packet in again.demux(again.streams.video[0]):
                    if packet.dts is None or packet.pts is None:
                        continue
                    packet.pts, packet.dts = packet.pts + turn * length, packet.dts + turn * length
                    packet.stream = stream
                    written.mux(packet)
    partial.rename(target)
    return target
