"""A flight's fit: what each clue mends, what is refused and why, how the offset carries to other frames."""

import numpy as np
import pymap3d
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wideberth_contracts.clues import ClueKind, CoastPoint, FlightClues, HorizonView, KnownLength
from wideberth_contracts.poses import (
    CameraPose,
    FlightContext,
    FrameTime,
    PosesAnswer,
    PosesRequest,
    TelemetryGrade,
    TelemetryPoint,
    TelemetryRecord,
)
from wideberth_contracts.wire import Measured
from wideberth_distance.core.poses import poses_of
from wideberth_distance.core.projection import cameras_of, image_from_sea

WIDTH, HEIGHT, FOCAL = 3840, 2160, 2665.0
RISE, PITCH, LATITUDE, LONGITUDE = 70.0, -14.0, 33.2, 126.2
MEASURED_LENS = FlightContext(focal_px=Measured(value=FOCAL, sigma=2.0))


def record(last_s: float = 100.0, *, gps: bool = True) -> TelemetryRecord:
    place = {"latitude": LATITUDE, "longitude": LONGITUDE} if gps else {}
    points = tuple(
        TelemetryPoint(
            t_s=t / 2, height_above_takeoff_m=RISE, pitch_deg=PITCH, roll_deg=0.0, yaw_deg=20.0, focal_length_mm=24.0,
            **place,
        )
        for t in range(int(2 * last_s) + 1)
    )  # fmt: skip
    return TelemetryRecord(file="f.SRT", dialect="C4", grade=TelemetryGrade.A, points=points)


def ask(
    clues: FlightClues, *moments: float, context: FlightContext | None = None, said: TelemetryRecord | None = None
) -> PosesAnswer:
    times = tuple(FrameTime(t_s=t, width_px=WIDTH, height_px=HEIGHT) for t in moments or (1.0,))
    given = context or FlightContext()
    return poses_of(PosesRequest(telemetry=said or record(), moments=times, context=given, clues=clues))


def pose(answer: PosesAnswer, index: int = 0) -> CameraPose:
    found = answer.poses[index]
    assert isinstance(found, CameraPose)
    return found


def horizon(t_s: float, pitch_deg: float, roll_deg: float = 0.0) -> HorizonView:
    return HorizonView(
        t_s=t_s, pitch_deg=Measured(value=pitch_deg, sigma=0.02), roll_deg=Measured(value=roll_deg, sigma=0.03),
        focal_px=FOCAL, height_m=RISE + 2, columns_share=1.0,
    )  # fmt: skip


def true_camera(height_m: float, yaw_deg: float = 20.0) -> CameraPose:
    exact = Measured(value=0.0, sigma=0.0)
    values = {"height_m": height_m, "pitch_deg": PITCH, "yaw_deg": yaw_deg, "focal_px": FOCAL}
    return CameraPose(
        **{name: Measured(value=value, sigma=0.0) for name, value in values.items()}, roll_deg=exact, east_m=exact,
        north_m=exact, width_px=WIDTH, height_px=HEIGHT,
    )  # fmt: skip


def seen_by(camera: CameraPose, *places: tuple[float, float]) -> np.ndarray:
    solid = np.array([(east, north, 0.0) for east, north in places])
    return image_from_sea(cameras_of(camera).nominal(), solid[None])[0, :, :2]


def boat(camera: CameraPose, t_s: float, ahead_m: float, length_m: float, said_m: float | None = None) -> KnownLength:
    """A boat across the view, its length as said or as it is."""
    yaw = np.radians(camera.yaw_deg.value)
    forward, right = np.array([np.sin(yaw), np.cos(yaw)]), np.array([np.cos(yaw), -np.sin(yaw)])
    ends = [tuple(ahead_m * forward + side * right * length_m / 2) for side in (1, -1)]
    bow, stern = seen_by(camera, *ends).tolist()
    told = said_m or length_m
    return KnownLength(
        t_s=t_s, bow_px=tuple(bow), stern_px=tuple(stern), source=f"boat {ahead_m:.0f}",
        length_m=Measured(value=told, sigma=0.02 * told), sigma_px=1.0,
    )  # fmt: skip


def use(answer: PosesAnswer, kind: ClueKind):
    assert answer.calibration is not None
    return next(each for each in answer.calibration.clues if each.kind is kind)


def test_no_clue_no_account() -> None:
    answer = ask(FlightClues())
    assert answer.calibration is None
    assert pose(answer).clues == (ClueKind.TELEMETRY,)


def test_horizons_tell_pitch_and_roll() -> None:
    clues = FlightClues(horizons=tuple(horizon(t, PITCH + 0.6, 0.2) for t in (0.0, 4.0, 8.0, 12.0)))
    answer = ask(clues, 4.0, context=MEASURED_LENS)
    found = pose(answer)
    assert found.pitch_deg.value == pytest.approx(PITCH + 0.6, abs=0.02)
    assert found.pitch_deg.sigma < 0.06
    assert found.roll_deg.value == pytest.approx(0.2, abs=0.03)
    assert found.clues == (ClueKind.TELEMETRY, ClueKind.HORIZON)
    assert answer.calibration is not None
    assert answer.calibration.pitch_offset_deg.value == pytest.approx(0.6, abs=0.03)
    used = use(answer, ClueKind.HORIZON)
    assert (used.used, used.refused) == (4, 0)
    assert used.sigma_without["pitch"] == pytest.approx(0.7, abs=0.01)


def test_a_lens_of_the_table_shares_the_horizon_with_the_pitch() -> None:
    """The line is 14 deg from the axis: 5 % of focal length are 0.7 deg, so neither is known and both together are."""
    found = pose(ask(FlightClues(horizons=(horizon(1.0, PITCH + 0.6),))))
    assert found.pitch_deg.sigma > 0.4
    together = {(each.a, each.b): each.value for each in found.correlations}
    assert abs(together["pitch", "focal_length"]) > 0.9


def test_the_offset_carries_and_its_error_grows_with_time() -> None:
    answer = ask(FlightClues(horizons=(horizon(0.0, PITCH - 0.5),)), 0.0, 10.0, 30.0, 90.0, context=MEASURED_LENS)
    sigmas = [pose(answer, k).pitch_deg.sigma for k in range(4)]
    assert sigmas == sorted(sigmas)
    assert sigmas[0] < 0.06
    assert 0.15 < sigmas[3] < 0.45
    # The constant part of the offset is most of it.
    assert -0.5 < pose(answer, 3).pitch_deg.value - PITCH < -0.3


@settings(max_examples=15, deadline=None)
@given(odd=st.integers(0, 5), by=st.floats(1.2, 3.0), sign=st.sampled_from([-1, 1]))
def test_a_horizon_that_disagrees_is_refused_whichever_it_is(odd: int, by: float, sign: int) -> None:
    views = [horizon(5.0 * k, PITCH + 0.3 + (sign * by if k == odd else 0.0)) for k in range(6)]
    answer = ask(FlightClues(horizons=tuple(views)), 60.0)
    used = use(answer, ClueKind.HORIZON)
    assert (used.used, used.refused) == (5, 1)
    assert f"the horizon at {5.0 * odd:.1f} s disagrees" in used.reasons[0]
    assert any("disagrees" in text for text in answer.warnings)


def test_a_known_length_mends_the_height() -> None:
    truth = true_camera(80.0)
    lengths = tuple(boat(truth, t, ahead, 20.0) for t, ahead in ((1.0, 200.0), (3.0, 240.0), (5.0, 300.0)))
    level = (horizon(1.0, PITCH), horizon(3.0, PITCH), horizon(5.0, PITCH))
    raw = pose(ask(FlightClues(horizons=level)))
    mended = pose(ask(FlightClues(horizons=level, lengths=lengths)))
    assert abs(mended.height_m.value - 80.0) < 0.4 * abs(raw.height_m.value - 80.0)
    assert mended.height_m.sigma < raw.height_m.sigma


def test_a_length_that_misses_the_others_is_refused_by_name() -> None:
    truth = true_camera(RISE + 2)
    lengths = [boat(truth, 1.0 + k, 180.0 + 20 * k, 15.0) for k in range(4)]
    wrong = boat(truth, 6.0, 190.0, 15.0, said_m=30.0)
    level = tuple(horizon(t, PITCH) for t in (1.0, 3.0, 6.0))
    answer = ask(FlightClues(horizons=level, lengths=(*lengths, wrong)), 1.0)
    used = use(answer, ClueKind.KNOWN_LENGTH)
    assert (used.used, used.refused) == (4, 1)
    assert used.reasons[0].startswith("boat 190 at 6.0 s misses the fit")
    assert pose(answer).height_m.value == pytest.approx(RISE + 2, abs=2.0)


def coast(camera: CameraPose, east_m: float, north_m: float, by_px: float = 0.0) -> CoastPoint:
    (x, y), *_ = seen_by(camera, (east_m, north_m)).tolist()
    latitude, longitude, _ = pymap3d.enu2geodetic(east_m, north_m, 0.0, LATITUDE, LONGITUDE, 0.0)
    return CoastPoint(
        t_s=1.0, x_px=x + by_px, y_px=y, latitude=float(latitude), longitude=float(longitude), source="chart",
        sigma_m=1.0,
    )  # fmt: skip


def test_coast_points_mend_the_heading() -> None:
    truth = true_camera(RISE + 2, yaw_deg=23.0)
    points = tuple(coast(truth, east, north) for east, north in ((60.0, 300.0), (180.0, 330.0), (200.0, 500.0)))
    answer = ask(FlightClues(coast=points))
    assert pose(answer).yaw_deg.value == pytest.approx(23.0, abs=0.5)
    assert pose(answer).yaw_deg.sigma < 1.0
    assert use(answer, ClueKind.COAST_POINT).used == 3


def test_a_coast_point_on_another_rock_is_refused() -> None:
    truth = true_camera(RISE + 2)
    right = tuple(coast(truth, e, n) for e, n in ((60.0, 300.0), (180.0, 330.0), (200.0, 500.0), (120.0, 420.0)))
    wrong = coast(truth, 150.0, 380.0, by_px=-700.0).model_copy(update={"source": "another rock"})
    answer = ask(FlightClues(coast=(*right, wrong)))
    used = use(answer, ClueKind.COAST_POINT)
    assert used.used == 4
    assert used.reasons[0].startswith("another rock")


def test_coast_points_without_gps_are_refused_not_ignored() -> None:
    clues = FlightClues(coast=(coast(true_camera(RISE + 2), 60.0, 300.0),), horizons=(horizon(1.0, PITCH),))
    answer = ask(clues, said=record(gps=False))
    used = use(answer, ClueKind.COAST_POINT)
    assert (used.used, used.refused) == (0, 1)
    assert "coast_point: coast points need the drone's GPS" in answer.warnings


def test_a_clue_without_telemetry_at_its_moment_is_counted() -> None:
    answer = ask(FlightClues(horizons=(horizon(1.0, PITCH), horizon(500.0, PITCH))), 1.0)
    assert "telemetry: 1 moments with a clue have no telemetry" in answer.warnings
    assert use(answer, ClueKind.HORIZON).used == 1


def test_a_reading_at_the_waterline_replaces_take_off_and_the_first_metre() -> None:
    read = FlightContext(waterline_reading_m=Measured(value=-3.0, sigma=0.2))
    answer = ask(FlightClues(), context=read)
    assert pose(answer).height_m.value == pytest.approx(RISE + 3)
    assert pose(answer).height_m.sigma == pytest.approx(np.sqrt(0.2**2 + 0.6**2 + (0.04 * RISE) ** 2), rel=1e-3)
    used = use(answer, ClueKind.WATERLINE_ZERO)
    assert used.sigma_without["height"] > pose(answer).height_m.sigma


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(0, 100), min_size=1, max_size=8, unique_by=lambda t: round(t, 1)), st.floats(-1, 1))
def test_a_clue_never_widens_the_error(times: list[float], offset: float) -> None:
    before = pose(ask(FlightClues(), 50.0))
    after = pose(ask(FlightClues(horizons=tuple(horizon(t, PITCH + offset) for t in times)), 50.0))
    for name in ("pitch_deg", "roll_deg", "height_m", "focal_px"):
        assert getattr(after, name).sigma <= getattr(before, name).sigma * (1 + 1e-6)
