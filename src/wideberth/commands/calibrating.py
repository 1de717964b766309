"""`calibrate`: focal length of a camera in one video mode, from a board or from a known length."""

import asyncio
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from wideberth.boards import Seen, views_of
from wideberth.commands.flight_options import measured, pair
from wideberth.edge import fail, run, write_json
from wideberth.progress import bar
from wideberth_contracts.errors import WideberthError
from wideberth_contracts.wire import Measured
from wideberth_distance.core.board_calibration import BoardCalibration, calibrate_board
from wideberth_distance.core.board_views import Board, Checkerboard
from wideberth_distance.core.camera_file import CameraFile, camera_file_of
from wideberth_distance.core.charuco import CharucoBoard
from wideberth_distance.core.length_calibration import LengthScene, focal_from_length, height_from_length
from wideberth_distance.core.priors import HEIGHT_FLOOR_M, HEIGHT_SHARE

OUT = Console()
calibrate_commands = typer.Typer(
    no_args_is_help=True, help="Focal length of a camera in one video mode, from a board or from a known length."
)
Model = Annotated[str, typer.Option(help="What to call the camera, e.g. 'Mini 2'.")]
Mode = Annotated[str | None, typer.Option(help="The camera's own name of the video mode.")]
Out = Annotated[Path | None, typer.Option(help="The camera file; default: beside the first source.")]
Json = Annotated[bool, typer.Option("--json", help="Print the camera file instead of words.")]
Sources = Annotated[list[Path], typer.Argument(help="One video, or pictures and folders of them.")]
Columns = Annotated[int, typer.Option(min=3, help="Inner corners along a row (with --charuco: squares).")]
Rows = Annotated[int, typer.Option(min=3, help="Inner corners down a column (with --charuco: squares).")]
SampleFps = Annotated[float, typer.Option(min=0.1, help="Frames per second to look at.")]


@calibrate_commands.command("checkerboard")
def checkerboard_command(
    sources: Sources,
    columns: Columns = 9,
    rows: Rows = 6,
    square_mm: Annotated[float, typer.Option(min=1, help="Side of a square.")] = 100.0,
    charuco_marker_mm: Annotated[
        float | None, typer.Option("--charuco-marker-mm", help="It is a ChArUco board with markers of this side.")
    ] = None,
    charuco_dictionary: Annotated[str, typer.Option(help="OpenCV's name of the markers.")] = "DICT_5X5_100",
    sample_fps: SampleFps = 2.0,
    model: Model = "calibrated camera",
    mode: Mode = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """From views of a board, filmed in the mode to be used and tilted to all sides: at least 10, better 30."""
    board = _board(columns, rows, square_mm, charuco_marker_mm, charuco_dictionary)
    kind: Literal["checkerboard", "charuco"] = "checkerboard" if charuco_marker_mm is None else "charuco"
    missing = next((source for source in sources if not source.exists()), None)
    if missing is not None:
        fail(f"{missing}: there is no such file or folder (check the path)")
    where = str(sources[0])
    with bar("calibrate") as report:
        seen: Seen = run(asyncio.to_thread(views_of, sources, board, sample_fps, report))
    found = run(asyncio.to_thread(calibrate_board, seen.views, seen.looked_at, seen.size, where))
    target = out or sources[0].with_name(f"{sources[0].stem}.camera.json")
    _write(camera_file_of(found, model, mode, kind), target, as_json=as_json)
    if not as_json:
        _print(found, len(seen.views), seen.looked_at)


def _board(columns: int, rows: int, square_mm: float, marker_mm: float | None, dictionary: str) -> Board:
    if marker_mm is None:
        return Checkerboard(columns, rows, square_mm)
    if not marker_mm < square_mm:
        raise typer.BadParameter("--charuco-marker-mm: markers are smaller than squares")
    board = CharucoBoard(columns, rows, square_mm, marker_mm, dictionary)
    try:
        board.made()
    except AttributeError as error:
        raise typer.BadParameter(
            f"--charuco-dictionary: OpenCV has no {dictionary!r}, but e.g. DICT_5X5_100"
        ) from error
    return board


def _print(found: BoardCalibration, seen: int, looked_at: int) -> None:
    aside = ", ".join(f"{count} {why}" for why, count in found.set_aside)
    size, focal, pinhole = f"{found.width_px}x{found.height_px}", found.focal_px, found.pinhole_px
    for line in (
        f"focal length {focal.value:.1f} ± {focal.sigma:.1f} px at {size}, residual {found.residual_px:.2f} px",
        f"k1 {found.k1.value:+.4f} ± {found.k1.sigma:.4f}, k2 {found.k2.value:+.4f} ± {found.k2.sigma:.4f}: the "
        f"distortion moves the corner by {found.corner_shift_px:.1f} px",
        f"as a pinhole, which distances take, {pinhole.value:.1f} ± {pinhole.sigma:.1f} px",
        f"{len(found.views)} views used of {seen} found in {looked_at} pictures{f' ({aside})' if aside else ''}; "
        f"board at {found.distance_m:.1f} m",
    ):
        OUT.print(line, highlight=False)


@calibrate_commands.command("length")
def length_command(
    a: Annotated[str, typer.Argument(metavar="X,Y", help="One end at the waterline, px from the top left.")],
    b: Annotated[str, typer.Argument(metavar="X,Y", help="The other end.")],
    length_m: Annotated[str, typer.Option(help="How far apart the ends are, e.g. 12.03±0.05.")],
    size: Annotated[str, typer.Option(help="Size of the picture, px.")] = "3840x2160",
    height_m: Annotated[str | None, typer.Option(help="Of the camera above the water: gives the focal length.")] = None,
    focal_px: Annotated[str | None, typer.Option(help="At the picture's width: gives the height.")] = None,
    pitch_deg: Annotated[str, typer.Option(help="Camera pitch (-90 = down), e.g. -90±1.")] = "-90±1",
    model: Model = "calibrated camera",
    mode: Mode = None,
    out: Annotated[Path | None, typer.Option(help="Write a camera file (with --height-m).")] = None,
    as_json: Json = False,
) -> None:
    """From a known length on the water: the focal length by the height, or the height by the focal length."""
    if (height_m is None) == (focal_px is None):
        raise typer.BadParameter("give --height-m (for the focal length) or --focal-px (for the height), one of them")
    scene = _scene(a, b, size, (length_m, height_m, focal_px, pitch_deg))
    try:
        found = focal_from_length(scene) if focal_px is None else height_from_length(scene)
    except WideberthError as error:
        fail(str(error))
    if focal_px is not None:
        if as_json:
            write_json({"height_m": found.model_dump()}, None)
        else:
            OUT.print(f"height {found.value:.2f} ± {found.sigma:.2f} m above the water", highlight=False)
        return
    camera = CameraFile(
        model=model, mode=mode, width_px=scene.width_px, height_px=scene.height_px, focal_px=found, method="length",
        source=f"{scene.length_m.value:g} m from {scene.height_m.value:g} ± {scene.height_m.sigma:.1f} m",
    )  # fmt: skip
    _write(camera, out, as_json=as_json)
    if not as_json:
        OUT.print(f"focal length {found.value:.0f} ± {found.sigma:.0f} px at {size}", highlight=False)


def _scene(a: str, b: str, size: str, told: tuple[str, str | None, str | None, str]) -> LengthScene:
    width, height = pair(size.replace("x", ","), "--size")
    none = Measured(value=0.0, sigma=0.0)
    length_m, pitch_deg = measured(told[0], 0.0, "--length-m"), measured(told[3], 1.0, "--pitch-deg")
    assert length_m is not None
    assert pitch_deg is not None
    if length_m.value <= 0:
        raise typer.BadParameter("--length-m: a length is more than nothing")
    height_m = measured(told[1], 0.0, "--height-m") or none
    if told[1] is not None and height_m.sigma == 0:
        sigma = float((HEIGHT_FLOOR_M**2 + (HEIGHT_SHARE * height_m.value) ** 2) ** 0.5)
        height_m = Measured(value=height_m.value, sigma=sigma)
    return LengthScene(
        width_px=int(width), height_px=int(height), a_px=pair(a, "A"), b_px=pair(b, "B"),
        length_m=length_m if length_m.sigma else Measured(value=length_m.value, sigma=0.02 * length_m.value),
        height_m=height_m, focal_px=measured(told[2], 0.0, "--focal-px") or none, pitch_deg=pitch_deg,
        roll_deg=Measured(value=0.0, sigma=0.5),
    )  # fmt: skip


def _write(camera: CameraFile, target: Path | None, *, as_json: bool) -> None:
    data = camera.model_dump(mode="json", exclude_none=True)
    if target is not None:
        write_json(data, target)
    if as_json:
        write_json(data, None)
    elif target is not None:
        OUT.print(f"{target}: use it with --camera {target}", highlight=False)
