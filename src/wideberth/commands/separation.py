"""`separation`: how far apart two points of one frame are."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from wideberth.commands.flight_files import camera_of
from wideberth.commands.flight_options import Camera, FocalMm, FocalPx, Takeoff, VideoMode, measured, pair
from wideberth.edge import fail, read_file, run, write_json
from wideberth_contracts.poses import (
    CameraPose,
    FlightContext,
    FrameTime,
    NoPose,
    PosesRequest,
    TelemetryGrade,
    TelemetryPoint,
    TelemetryRecord,
)
from wideberth_contracts.positions import (
    ImagePoint,
    LocateAnswer,
    LocateRequest,
    PointPair,
    Position,
    separation_effects_m,
)
from wideberth_contracts.wire import Measured
from wideberth_distance.local import LocalDistance

OUT = Console()
OWN = {"own_a": "picking and waves at A", "own_b": "picking and waves at B"}


def separation_command(
    a: Annotated[str, typer.Argument(metavar="X,Y", help="A point at the waterline, px from the top left.")],
    b: Annotated[str, typer.Argument(metavar="X,Y", help="The other point.")],
    size: Annotated[str, typer.Option(help="Size of the picture, px.")] = "3840x2160",
    telemetry: Annotated[Path | None, typer.Option(help="Telemetry of the clip; with --at.")] = None,
    at: Annotated[float, typer.Option(help="Time of the frame in the clip, s.")] = 0.0,
    height_m: Annotated[str | None, typer.Option(help="Height above take-off, where there is no telemetry.")] = None,
    pitch_deg: Annotated[str | None, typer.Option(help="Camera pitch (-90 = down), e.g. -32±0.5.")] = None,
    takeoff_above_sea_m: Takeoff = None,
    camera: Camera = None,
    video_mode: VideoMode = None,
    focal_px: FocalPx = None,
    focal_mm: FocalMm = None,
    point_height_m: Annotated[float, typer.Option(help="Of both points above the water; 0 at the waterline.")] = 0.0,
    threshold_m: Annotated[list[float] | None, typer.Option(help="P(nearer than this); may be repeated.")] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Also both places, and what each error source does.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print data instead of words.")] = False,
) -> None:
    """The distance between two points of one frame on the sea, with its 95 % interval."""
    model, intrinsics = camera_of(camera)
    context = FlightContext(
        takeoff_above_sea_m=measured(takeoff_above_sea_m, 0.5, "--takeoff-above-sea-m"),
        camera=model,
        intrinsics=intrinsics,
        video_mode=video_mode,
        focal_px=measured(focal_px, 0.0, "--focal-px"),
        focal_mm=measured(focal_mm, 0.0, "--focal-mm"),
        pitch_deg=measured(pitch_deg, 1.0, "--pitch-deg"),
    )
    width, height = pair(size.replace("x", ","), "--size")
    frame = FrameTime(t_s=at, width_px=int(width), height_px=int(height))
    answer = run(_ask(telemetry, measured(height_m, 0.0, "--height-m"), frame, context, (pair(a, "A"), pair(b, "B")),
                      point_height_m, tuple(threshold_m or (50.0, 300.0))))  # fmt: skip
    found = answer.separations[0].separation
    if found is None:
        absent = next(p for p in answer.points if p.type == "no_position")
        fail(f"no distance: {absent.reason.value} {absent.detail}".rstrip() + " (pick points below the horizon)")
    if as_json:
        write_json(answer.model_dump(mode="json", exclude_none=True), None)
        return
    interval = found.interval_95_m
    OUT.print(f"{found.value_m:.1f} m (95 %: {interval.low:.1f} to {interval.high:.1f} m)", highlight=False)
    for each in found.p_below:
        OUT.print(f"P(nearer than {each.threshold_m:g} m) = {each.probability:.3f}", highlight=False)
    if explain:
        _explain(answer)


def _explain(answer: LocateAnswer) -> None:
    """Where both points lie, and the effect on their distance of one standard error of each source."""
    a, b = answer.points
    assert isinstance(a, Position)
    assert isinstance(b, Position)
    for name, place in (("A", a), ("B", b)):
        OUT.print(f"{name}: {place.east_m:+.2f} m east, {place.north_m:+.2f} m north", highlight=False)
    for source, effect_m in separation_effects_m(a, b).items():
        of = OWN.get(source, source.replace("_", " "))
        OUT.print(f"one standard error of {of}: {effect_m:+.2f} m", highlight=False)


async def _ask(
    telemetry: Path | None,
    height: Measured | None,
    frame: FrameTime,
    context: FlightContext,
    points: tuple[tuple[float, float], tuple[float, float]],
    point_height_m: float,
    thresholds_m: tuple[float, ...],
) -> LocateAnswer:
    distance = LocalDistance()
    if telemetry is not None:
        record = await distance.read_telemetry(telemetry.name, read_file(telemetry), context.utc_offset_h)
    elif height is not None:
        row = TelemetryPoint(t_s=frame.t_s, height_above_takeoff_m=height.value)
        record = TelemetryRecord(file="--height-m", dialect="typed", grade=TelemetryGrade.B, points=(row,))
    else:
        fail("no height: give --telemetry with --at, or --height-m and --pitch-deg")
    poses = await distance.poses(PosesRequest(telemetry=record, moments=(frame,), context=context))
    for warning in poses.warnings:
        typer.echo(f"note: {warning}", err=True)
    pose = poses.poses[0]
    if isinstance(pose, NoPose):
        fail(f"no pose at {frame.t_s} s: {pose.reason.value}")
    return await distance.locate(_request(pose, points, point_height_m, thresholds_m))


def _request(
    pose: CameraPose,
    points: tuple[tuple[float, float], tuple[float, float]],
    point_height_m: float,
    thresholds_m: tuple[float, ...],
) -> LocateRequest:
    above = Measured(value=point_height_m, sigma=0.0)
    picked = tuple(ImagePoint(x_px=x, y_px=y, height_above_water_m=above) for x, y in points)
    return LocateRequest(pose=pose, points=picked, pairs=(PointPair(a=0, b=1),), thresholds_m=thresholds_m)
