"""`analyse` and `demo`: the main job."""

import json
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from wideberth.analysis import Analysis, analyse
from wideberth.commands.evidence import print_bag
from wideberth.commands.flight_files import camera_of, tide_of
from wideberth.commands.flight_options import (
    Camera,
    Coast,
    FocalMm,
    FocalPx,
    Lengths,
    NoHorizon,
    Takeoff,
    TelemetryOffset,
    Temperature,
    Tide,
    TideStations,
    TideTableFile,
    TideTableMsl,
    VideoMode,
    Waterline,
    clues_of,
    measured,
)
from wideberth.demo import DemoRow, run_demo
from wideberth.edge import Areas, attempt, fail, first_line, read_file, run, write_json
from wideberth.evidence import Asked, evidence
from wideberth_contracts.clues import Calibration
from wideberth_contracts.detections import DetectSettings, Tiling
from wideberth_contracts.frames import ClearSettings, GlintGate
from wideberth_contracts.poses import FlightContext
from wideberth_contracts.screening import ScreenSettings
from wideberth_contracts.settings import TRACKED_CONFIDENCE, AnalysisSettings, ChosenSpan
from wideberth_contracts.wire import Measured
from wideberth_gateway.rules.catalogue import packs_with

OUT = Console()
Json = Annotated[bool, typer.Option("--json", help="Print data instead of a table.")]


def analyse_command(
    video: Annotated[Path, typer.Argument(help="A video (MP4, MOV).")],
    telemetry: Annotated[Path | None, typer.Option(help="Its telemetry: DJI .SRT or a flight log.")] = None,
    rules: Annotated[str, typer.Option(help="Rule pack to judge by.")] = "kr",
    areas: Areas = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the results; default: beside the video.")] = None,
    sample_fps: Annotated[float, typer.Option(help="Frames per second to look at.")] = 5.0,
    takeoff_above_sea_m: Takeoff = None,
    tide_m: Tide = None,
    tide_station: TideStations = None,
    tide_table: TideTableFile = None,
    tide_table_msl_m: TideTableMsl = None,
    waterline_reading_m: Waterline = None,
    air_temperature_c: Temperature = None,
    camera: Camera = None,
    video_mode: VideoMode = None,
    focal_px: FocalPx = None,
    focal_mm: FocalMm = None,
    known_length: Lengths = None,
    coast_point: Coast = None,
    telemetry_offset_s: TelemetryOffset = None,
    no_horizon: NoHorizon = False,
    pitch_deg: Annotated[
        float | None, typer.Option(help="Gimbal pitch where the telemetry has none (-90 = down).")
    ] = None,
    utc_offset_h: Annotated[float, typer.Option(help="UTC offset of the telemetry's clock.")] = 9.0,
    tiling: Annotated[
        Tiling, typer.Option(help="How much is searched at full size: where it pays, nothing, or everything (dear).")
    ] = Tiling.AUTO,
    no_glare: Annotated[bool, typer.Option("--no-glare", help="Leave sun glint in the frames.")] = False,
    sea_memory: Annotated[
        bool, typer.Option("--sea-memory", help="What looks like the first minute's empty sea is less of an animal.")
    ] = False,
    span: Annotated[
        list[str] | None,
        typer.Option(help="Look at this stretch only, s: 10-42.5. May be given again."),
    ] = None,
    settings_file: Annotated[
        Path | None, typer.Option("--settings", help="Settings of an analysis to repeat (JSON); other options are out.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Analyse a clip: tracks, distances with their error, verdicts, alerts, an annotated video."""
    if not video.is_file():
        fail(f"{video}: there is no such file (check the path)")
    model, intrinsics = camera_of(camera)
    try:
        settings = _settings_of(settings_file) or AnalysisSettings(
            sample_fps=sample_fps,
            rules=rules,
            clear=ClearSettings(gate=GlintGate.NEVER, window_frames=0) if no_glare else ClearSettings(),
            context=FlightContext(
                takeoff_above_sea_m=measured(takeoff_above_sea_m, 0.5, "--takeoff-above-sea-m"),
                tide_m=measured(tide_m, 0.2, "--tide-m"),
                waterline_reading_m=measured(waterline_reading_m, 0.3, "--waterline-reading-m"),
                air_temperature_c=measured(air_temperature_c, 2.0, "--air-temperature-c"),
                camera=model,
                intrinsics=intrinsics,
                video_mode=video_mode,
                focal_px=measured(focal_px, 0.0, "--focal-px"),
                focal_mm=measured(focal_mm, 0.0, "--focal-mm"),
                pitch_deg=_known(pitch_deg, 2.0),
                telemetry_offset_s=measured(telemetry_offset_s, 0.1, "--telemetry-offset-s"),
                utc_offset_h=utc_offset_h,
                **tide_of(tide_station, tide_table, tide_table_msl_m, utc_offset_h),
            ),
            clues=clues_of(known_length, coast_point),
            horizon=not no_horizon,
            detect=DetectSettings(confidence=TRACKED_CONFIDENCE, tiling=tiling),
            screen=ScreenSettings(sea_memory=sea_memory),
            spans=tuple(_span(text) for text in span or ()),
        )
    except ValidationError as error:
        raise typer.BadParameter(first_line(error)) from error
    folder = out or video.with_name(f"{video.stem}.wideberth")
    found = telemetry or _beside(video)
    packs = attempt(lambda: packs_with(areas))
    done = run(analyse(video, found, settings, folder, packs=packs))
    if as_json:
        write_json(_as_json(done), None)
    else:
        _print(done)


def _span(text: str) -> ChosenSpan:
    start, _, stop = text.partition("-")
    try:
        return ChosenSpan(start_s=float(start), stop_s=float(stop))
    except (ValueError, ValidationError) as error:
        raise typer.BadParameter(f"{text} is no stretch of time (give START-STOP in s: 10-42.5)") from error


def _settings_of(file: Path | None) -> AnalysisSettings | None:
    """The settings in a file, such as `settings.json` of an evidence bag."""
    return None if file is None else AnalysisSettings.model_validate_json(read_file(file))


def _known(value: float | None, sigma: float) -> Measured | None:
    return None if value is None else Measured(value=value, sigma=sigma)


def _beside(video: Path) -> Path | None:
    """The .SRT of the same name that DJI writes beside a video, if there is one."""
    return next((p for p in (video.with_suffix(".SRT"), video.with_suffix(".srt")) if p.is_file()), None)


def _as_json(done: Analysis) -> dict[str, object]:
    encounters = json.loads(done.files["encounters"].read_text(encoding="utf-8"))["encounters"]
    return {
        "analysis_id": done.plan.analysis_id,
        "telemetry_grade": done.plan.grade.value,
        "encounters": encounters,
        "alerts": len(done.alerts),
        "files": {name: str(path) for name, path in done.files.items()},
        "seconds": round(done.seconds, 2),
    }


def _print(done: Analysis) -> None:
    table = Table(title=f"{done.plan.video}: telemetry grade {done.plan.grade.value}")
    for column in ("craft", "closest, m (95 %)", "rule", "verdict", "reason"):
        table.add_column(column)
    for encounter in done.outcome.judgement.encounters:
        interval = encounter.closest_interval_95_m
        closest = f"{encounter.closest_separation_m:.1f} ({interval.low:.1f} to {interval.high:.1f})"
        for finding in encounter.findings:
            table.add_row(encounter.craft_track, closest, finding.rule, _words(finding.verdict.value), finding.reason)
    if table.row_count:
        OUT.print(table)
    else:
        OUT.print("No craft was measured near an animal.")
    if done.plan.calibration is not None:
        OUT.print(calibration_line(done.plan.calibration), highlight=False)
    for warning in done.plan.warnings[:10]:
        OUT.print(f"note: {warning}", highlight=False)
    _print_files(done)


def calibration_line(fit: Calibration) -> str:
    """What the flight's fit found and from what, in one line."""
    used = ", ".join(f"{use.used} {use.kind.value.replace('_', ' ')}" for use in fit.clues if use.used)
    before = fit.prior_sigma
    return (
        f"camera by {used}: height {fit.height_m.value:.1f} ± {fit.height_m.sigma:.1f} m (± {before['height']:.1f}), "
        f"pitch offset {fit.pitch_offset_deg.value:+.2f} ± {fit.pitch_offset_deg.sigma:.2f} deg "
        f"(± {before['pitch']:.2f}), focal length x {fit.focal_ratio.value:.3f} ± {fit.focal_ratio.sigma:.3f}"
    )


def _words(verdict: str) -> str:
    colour = {"violation": "red", "compliant": "green"}.get(verdict, "yellow")
    words = "candidate violation" if verdict == "violation" else verdict.replace("_", " ")
    return f"[{colour}]{words}[/{colour}]"


def _print_files(done: Analysis) -> None:
    folder = next(iter(done.files.values())).parent
    OUT.print(f"{len(done.alerts)} alert(s). Written to {folder}:", highlight=False)
    OUT.print("  " + "  ".join(sorted(path.name for path in done.files.values())), highlight=False)


def demo_command(
    out: Annotated[Path, typer.Option(help="Folder for the clip and the results.")] = Path("demo"),
    scene: Annotated[str, typer.Option(help="A scene of the simulator, by name or path.")] = "demo",
    as_json: Json = False,
) -> None:
    """Simulate an encounter off Jeju, analyse it, and compare with the truth."""
    rows, done = run(run_demo(scene, out))
    if as_json:
        write_json([row.as_json() for row in rows], None)
        return
    table = Table(title="Encounters against the simulator's truth")
    for column in ("craft", "rule", "closest, m", "95 % interval", "truth, m", "verdict", "truth says"):
        table.add_column(column)
    for row in rows:
        table.add_row(*_cells(row))
    OUT.print(table)
    _print_files(done)
    OUT.print(f"Took {done.seconds:.0f} s to analyse {done.plan.duration_s:.0f} s of video.", highlight=False)
    worst = next((alert for alert in done.alerts if not alert.finding.advisory), None)
    if worst is not None:
        print_bag(attempt(lambda: evidence(Asked(worst.id, out, keep=True))))


def _cells(row: DemoRow) -> tuple[str, ...]:
    judged = row.judged
    low, high = judged["interval_95_m"]
    return (
        judged["vessel_track"],
        judged["rule"],
        f"{judged['closest_separation_m']:.1f}",
        f"{low:.1f} to {high:.1f}",
        "-" if row.truth_m is None else f"{row.truth_m:.1f}",
        _words(judged["verdict"]),
        row.truth_verdict or "-",
    )
