"""Short simulated flights: dolphins that surface, and what is taken for them, seen in several frames.

A still shows a thing once; a track shows it several times, and error rates are of tracks. Every flight has its own sea,
light and clutter, so flights are what is split: training, calibration and test never share one. Frames are kept as
pictures, for they outlive the detector that looks at them.
"""

import json
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from fractions import Fraction
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from wideberth_contracts.frames import ClearOutcome, ClearSettings, Frame, FrameMeta, FrameWindow, TimeBase
from wideberth_contracts.poses import NoPose, PoseAbsence
from wideberth_glare.local import clear_window
from wideberth_media import as_array, frame_of, mask_array
from wideberth_simulator.geodesy import Origin
from wideberth_simulator.geometry import Camera
from wideberth_simulator.render import Renderer
from wideberth_simulator.scene import (
    Flight,
    FlightKey,
    PodPlan,
    RockPlan,
    Scene,
    Seabed,
    TelemetryPlan,
    VesselPlan,
    VideoPlan,
    Waypoint,
    Weather,
)
from wideberth_simulator.sensor import develop, with_sun
from wideberth_simulator.shading import WATER_COLOURS
from wideberth_simulator.truth import TruthLog
from wideberth_simulator.world import make_world

Image = NDArray[np.uint8]
SECONDS, FRAMES_A_SECOND = 8.0, Fraction(5, 2)
WIDTH_PX, HEIGHT_PX = 960, 544
# A piece of a 4K picture: twice the focal length of a whole picture of this width.
FOCAL_PX_AT_3840 = 5330.0
KEPT_AT = Path(__file__).resolve().parents[2] / "training" / "anomaly" / "work" / "flights"
DISTRACTORS = ("flying_bird", "sitting_bird", "shark", "turtle", "driftwood", "buoy", "kayak", "board")
_JPEG_QUALITY = 92
_SEEN = ("object_id", "kind", "subtype", "surfaced", "in_view", "east_m", "north_m", "cx_px", "cy_px", "length_px")


@dataclass(frozen=True, slots=True)
class FlightFrame:
    """One frame.

    Attributes:
        picture: (height, width, 3) BGR, glint removed as in an analysis, by the frames beside it.
        t_s: from the flight's start.
        camera: the true one.
        objects: truth rows of everything in the scene, as `wideberth_simulator.truth` has them.
        glint: share of sunlight of each pixel, (height / 4, width / 4), 0 to 255.
        foam: cover of each pixel by foam, likewise.
        filled: which pixels the glare filter made up, likewise.
    """

    picture: Image
    t_s: float
    camera: Camera
    objects: list[dict[str, Any]]
    glint: Image
    foam: Image
    filled: Image


def random_flight(seed: int) -> Scene:
    """A scene of a few seconds; the same seed gives the same."""
    rng = np.random.default_rng((seed, 901))
    height = float(np.exp(rng.uniform(np.log(35), np.log(110))))
    pitch = float(rng.choice([-90.0, rng.uniform(-85, -55), rng.uniform(-55, -35)], p=[0.3, 0.4, 0.3]))
    ahead = height / np.tan(np.radians(-pitch)) if pitch > -89 else 0.0
    # Half the ground width of the picture.
    reach = 0.5 * WIDTH_PX / (FOCAL_PX_AT_3840 * WIDTH_PX / 3840) * height / np.sin(np.radians(-pitch))

    def place() -> tuple[float, float]:
        return float(rng.uniform(-0.9, 0.9) * reach), float(ahead + rng.uniform(-0.55, 0.55) * reach)

    glitter = rng.random() < 0.35
    return Scene(
        name=f"flight_{seed}",
        seed=seed,
        origin=Origin(33.2475, 126.29),
        start=datetime(2026, 6, 1, 3, 0, tzinfo=UTC),
        duration_s=SECONDS,
        video=VideoPlan(WIDTH_PX, HEIGHT_PX, FRAMES_A_SECOND, None, False, FOCAL_PX_AT_3840, 48.0),
        flight=Flight((FlightKey(0.0, 0.0, 0.0, height, 0.0, pitch),), 0.05, 0.1),
        weather=_weather(rng, pitch, glitter),
        water=str(rng.choice(list(WATER_COLOURS))),
        telemetry=TelemetryPlan("enterprise", 0.0),
        vessels=_distractors(rng, place),
        pods=_pods(rng, place) if rng.random() < 0.85 else (),
        rocks=tuple(
            RockPlan(
                f"rock_{k}", *place(), float(rng.uniform(0.4, 1.8)), float(rng.uniform(-0.3, 0.5)), rng.random() < 0.5
            )
            for k in range(int(rng.integers(0, 4)))
        ),
        seabed=Seabed(float(rng.uniform(0.3, 0.9)), float(rng.uniform(2, 30)), "weed", float(rng.uniform(0, 0.5)))
        if rng.random() < 0.25
        else Seabed(),
    )


def _weather(rng: np.random.Generator, pitch_deg: float, glitter: bool) -> Weather:
    # The sun's mirror is where the camera looks, or behind it.
    elevation = float(np.clip(-pitch_deg + rng.normal(0, 10), 25, 85)) if glitter else float(rng.uniform(15, 55))
    return Weather(
        wind_mps=float(min(rng.gamma(3.0, 1.8), 13.0)),
        wind_to_deg=float(rng.uniform(0, 360)),
        overcast=0.0 if glitter else float(rng.choice([0.0, 0.5, 1.0])),
        cloud=float(rng.uniform(0, 0.8)),
        visibility_m=float(rng.uniform(3000, 30000)),
        exposure=float(np.exp(rng.normal(0.05, 0.25))),
        sun_azimuth_deg=float(rng.normal(0 if glitter else 180, 25)),
        sun_elevation_deg=elevation,
        relief=float(rng.choice([0.5, 1.5, 3.5])),
        steepness=float(np.exp(rng.uniform(np.log(0.6), np.log(1.8)))),
    )


def _pods(rng: np.random.Generator, place: Any) -> tuple[PodPlan, ...]:
    east, north = place()
    return (
        PodPlan(
            "pod",
            int(rng.integers(4, 9)),
            0.5 * east,
            north,
            float(rng.uniform(0, 360)),
            float(rng.uniform(0.3, 1.6)),
            0.0,
            float(rng.uniform(2.5, 5.0)),
            float(rng.uniform(2.5, 5.0)),
            float(rng.uniform(1.0, 2.5)),
            float(rng.uniform(0.4, 1.2)),
        ),
    )


def _distractors(rng: np.random.Generator, place: Any) -> tuple[VesselPlan, ...]:
    plans = []
    for k in range(int(rng.integers(2, 7))):
        east, north = place()
        goes = rng.normal(0, 3.0, 2) if rng.random() < 0.5 else np.zeros(2)
        points = (Waypoint(0.0, east, north), Waypoint(SECONDS, east + float(goes[0]), north + float(goes[1])))
        plans.append(
            VesselPlan(
                f"thing_{k}",
                str(rng.choice(DISTRACTORS)),
                None,
                points[: 1 + int(goes.any())],
                float(rng.uniform(0, 360)),
            )
        )
    return tuple(plans)


def render_flights(seeds: range, workers: int = 1, folder: Path = KEPT_AT) -> None:
    """Draw the flights that are not kept yet, in so many processes."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = [(folder, seed) for seed in seeds if not _path(folder, seed).is_file()]
    if not missing:
        return
    # A forked process would share the threads of libraries loaded here.
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        list(pool.map(_render, missing))


def flight(seed: int, folder: Path = KEPT_AT) -> Iterator[FlightFrame]:
    """The frames kept of one flight, in order."""
    with np.load(_path(folder, seed), allow_pickle=False) as kept:
        columns = {name: kept[name] for name in kept.files}
    ends = columns["ends"]
    objects = json.loads(str(columns["objects"]))
    for index, (start, end) in enumerate(zip([0, *ends[:-1]], ends, strict=True)):
        picture = cv2.imdecode(columns["pictures"][start:end], cv2.IMREAD_COLOR)
        assert picture is not None
        row = columns["cameras"][index]
        camera = Camera(int(row[0]), int(row[1]), *(float(value) for value in row[2:]))
        yield FlightFrame(
            np.asarray(picture, np.uint8),
            float(index / FRAMES_A_SECOND),
            camera,
            objects[index],
            columns["glint"][index],
            columns["foam"][index],
            columns["filled"][index],
        )


def _path(folder: Path, seed: int) -> Path:
    return folder / f"flight_{seed}.npz"


def _render(what: tuple[Path, int]) -> None:
    import numba

    numba.set_num_threads(1)
    cv2.setNumThreads(1)
    folder, seed = what
    scene = random_flight(seed)
    world = make_world(scene)
    renderer, log = Renderer(world), TruthLog(world)
    frames, cameras, glints, foams = [], [], [], []
    for index in range(scene.frame_count):
        camera, light, glint = renderer.frame(index)
        sunny = with_sun(light, glint, world.light.sun_colour)
        picture = develop(sunny, scene.weather.exposure, scene.seed + 7 * index)
        frames.append(frame_from(np.asarray(picture, np.uint8), float(index / FRAMES_A_SECOND)))
        log.add(index, camera, 0.0)
        cameras.append(astuple(camera))
        glints.append(_quarter(glint))
        foams.append(_quarter(renderer.layers.foam))
    cleared = [_cleared(frames, index) for index in range(len(frames))]
    blobs = [cv2.imencode(".jpg", p, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])[1].ravel() for p, _ in cleared]
    rows = [
        [{key: row.get(key) for key in _SEEN} for row in log.rows if row["frame_index"] == k] for k in range(len(blobs))
    ]
    np.savez(
        _path(folder, seed),
        pictures=np.concatenate(blobs),
        ends=np.cumsum([len(blob) for blob in blobs]),
        cameras=np.array(cameras, np.float64),
        glint=np.stack(glints),
        foam=np.stack(foams),
        filled=np.stack([_quarter(mask) for _, mask in cleared]),
        objects=np.array(json.dumps(rows, default=float)),
    )


def _quarter(share: NDArray[np.floating[Any]]) -> Image:
    """A share of each pixel at a quarter of the size, 0 to 255."""
    grey = np.clip(np.asarray(share, np.float32), 0, 1)
    small = cv2.resize(grey, (WIDTH_PX // 4, HEIGHT_PX // 4), interpolation=cv2.INTER_AREA)
    return np.asarray(np.rint(small * 255), np.uint8)


def frame_from(picture: Image, t_s: float = 0.0) -> Frame:
    """A picture as the services take it."""
    height, width = picture.shape[:2]
    base = TimeBase(numerator=1, denominator=1000)
    meta = FrameMeta(clip="bench", pts=round(1000 * t_s), time_base=base, t_s=t_s, width_px=width, height_px=height)
    return frame_of(np.ascontiguousarray(picture), meta)


def _cleared(frames: list[Frame], index: int) -> tuple[Image, NDArray[np.float32]]:
    """A frame without sun glint, by its neighbours in the flight, and which pixels were refilled (1)."""
    near = range(max(0, index - 1), min(len(frames), index + 2))
    window = FrameWindow(
        frames=tuple(frames[k] for k in near),
        reference=index - near.start,
        poses=tuple(NoPose(reason=PoseAbsence.NO_TELEMETRY) for _ in near),
        settings=ClearSettings(),
    )
    answer = clear_window(window)
    if answer.outcome is not ClearOutcome.CLEARED:
        return as_array(frames[index]), np.zeros((HEIGHT_PX, WIDTH_PX), np.float32)
    mask = mask_array(answer.glint_mask, HEIGHT_PX, WIDTH_PX)
    return as_array(answer.frame), np.asarray(mask > 0, np.float32)
