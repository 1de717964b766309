"""Calibration by rendered boards and by known lengths: the truth lies in the stated error; the rest is refused."""

import math
from pathlib import Path

import cv2
import numpy as np
import pytest

from wideberth_contracts.errors import BadInput
from wideberth_contracts.wire import Measured
from wideberth_distance.core.board_calibration import FLATNESS_SHARE, calibrate_board, choose
from wideberth_distance.core.board_views import View
from wideberth_distance.core.camera_file import camera_file_of, read_camera_file
from wideberth_distance.core.charuco import CharucoBoard
from wideberth_distance.core.length_calibration import LengthScene, focal_from_length, height_from_length
from wideberth_distance.trials.boards import (
    BOARD,
    Lens,
    exact_views,
    filmed,
    picture_of,
    poses_of_board,
    render,
    rotation,
)
from wideberth_media import VideoReader, VideoWriter

SIZE = (960, 540)


@pytest.mark.parametrize("seed", range(3))
def test_a_filmed_board_gives_the_focal_length_within_its_error(seed: int, tmp_path: Path) -> None:
    """Rendered through a lens with distortion, blurred, noisy, written and read as H.264."""
    generator = np.random.default_rng(seed)
    lens = Lens(
        *SIZE, focal=float(generator.uniform(640, 860)), k1=float(generator.uniform(-0.1, 0.05)), k2=0.01,
        centre=(4.0, -3.0),
    )  # fmt: skip
    with VideoWriter(tmp_path / "board.mp4", *SIZE, fps=5) as writer:
        for turned, moved in poses_of_board(18, generator, lens):
            grey = filmed(picture_of(lens, turned, moved), generator)
            writer.write(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR))
    views = []
    with VideoReader(tmp_path / "board.mp4", clip="x") as reader:
        for sampled in reader:
            grey = np.frombuffer(sampled.frame.pixels, np.uint8).reshape(SIZE[1], SIZE[0], 3)[..., 1]
            view = BOARD.find(f"{sampled.frame.meta.t_s:.1f} s", np.ascontiguousarray(grey))
            views += [view] if view else []
    assert len(views) >= 15
    found = calibrate_board(views, 18, SIZE, "board.mp4")
    assert abs(found.focal_px.value - lens.focal) < 2 * found.focal_px.sigma
    assert found.focal_px.sigma < 0.01 * lens.focal
    assert abs(found.k1.value - lens.k1) < 0.01
    assert found.centre_px == pytest.approx((SIZE[0] / 2 + 4, SIZE[1] / 2 - 3), abs=3)
    assert found.residual_px < 0.3


def test_the_error_of_the_fit_holds_over_many_sets() -> None:
    """Without the floor for bent boards: the spread of the results is what is stated."""
    misses = []
    for seed in range(24):
        generator = np.random.default_rng(seed)
        lens = Lens(focal=1000.0, k1=-0.03)
        views = exact_views(lens, poses_of_board(16, generator, lens), generator, noise_px=0.4)
        found = calibrate_board(views, 16, (1280, 720), "made")
        own = math.sqrt(found.focal_px.sigma**2 - (FLATNESS_SHARE * found.focal_px.value) ** 2)
        misses.append((found.focal_px.value - 1000.0) / own)
    assert 0.5 < np.sqrt(np.mean(np.square(misses))) < 1.2
    assert np.mean(np.abs(misses) < 1.96) >= 0.9


def test_a_bent_board_stays_within_the_error() -> None:
    """Bowed by 1 mm in a metre, which no residual shows."""
    inside = 0
    for seed in range(12):
        generator = np.random.default_rng(seed)
        lens = Lens(focal=1000.0)
        views = exact_views(lens, poses_of_board(20, generator, lens), generator, bow=generator.choice([-0.001, 0.001]))
        found = calibrate_board(views, 20, (1280, 720), "made")
        inside += abs(found.focal_px.value - 1000.0) < 1.96 * found.focal_px.sigma
    assert inside >= 11


def test_the_pinhole_of_a_bent_lens_says_how_far_off_it_is() -> None:
    generator = np.random.default_rng(1)
    straight, bent = Lens(focal=1000.0), Lens(focal=1000.0, k1=-0.15)
    by_straight, by_bent = (
        calibrate_board(exact_views(lens, poses_of_board(20, generator, lens), generator), 20,
                        (1280, 720), "made")
        for lens in (straight, bent)
    )  # fmt: skip
    assert by_straight.pinhole_px.sigma == pytest.approx(by_straight.focal_px.sigma, rel=0.1)
    assert by_bent.pinhole_px.value < by_bent.focal_px.value
    assert by_bent.pinhole_px.sigma > 3 * by_bent.focal_px.sigma
    assert by_bent.corner_shift_px > 30


def parallel(lens: Lens, generator: np.random.Generator, count: int, tilt_deg: float = 4.0):
    return poses_of_board(count, generator, lens, tilt_deg=tilt_deg)


def test_views_that_are_all_parallel_are_refused() -> None:
    generator = np.random.default_rng(3)
    lens = Lens(focal=1000.0)
    with pytest.raises(BadInput, match="much the same in all 20 views: 0 are tilted") as raised:
        calibrate_board(exact_views(lens, parallel(lens, generator, 20), generator), 20, (1280, 720), "board.mp4")
    assert "tilt" in str(raised.value.remedy)


def test_views_all_tilted_alike_are_refused() -> None:
    generator = np.random.default_rng(3)
    lens = Lens(focal=1000.0)
    poses = [(rotation(30, 90, 0), np.array([-400.0 + 20 * i, -250.0, 1500.0 + 30 * i])) for i in range(14)]
    with pytest.raises(BadInput, match="much the same"):
        calibrate_board(exact_views(lens, poses, generator), 20, (1280, 720), "board.mp4")


def test_too_few_and_blurred_views_are_refused() -> None:
    generator = np.random.default_rng(3)
    lens = Lens(focal=1000.0)
    views = exact_views(lens, poses_of_board(20, generator, lens), generator)
    with pytest.raises(BadInput, match="9 of 30 pictures"):
        calibrate_board(views[:9], 30, (1280, 720), "board.mp4")
    blurred = [View(v.label, v.board_mm, v.corners_px, 11.0) for v in views]
    with pytest.raises(BadInput, match=r"blurred: edges are 11\.0 px"):
        calibrate_board(blurred, 20, (1280, 720), "board.mp4")


def test_rendered_blur_is_seen() -> None:
    generator = np.random.default_rng(5)
    lens = Lens(*SIZE, focal=700.0)
    turned, moved = rotation(20, 40, 5), np.array([-400.0, -250.0, 1000.0])
    sharp = BOARD.find("a", filmed(picture_of(lens, turned, moved), generator, blur_px=0.7))
    soft = BOARD.find("b", filmed(picture_of(lens, turned, moved), generator, blur_px=4.0))
    assert sharp is not None
    assert sharp.edge_px < 4
    assert soft is None or soft.edge_px > 8
    assert BOARD.find("c", np.full((540, 960), 128, np.uint8)) is None


def test_what_fits_badly_and_what_repeats_is_set_aside() -> None:
    generator = np.random.default_rng(7)
    lens = Lens(focal=1000.0)
    views = exact_views(lens, poses_of_board(60, generator, lens), generator)
    odd = View("odd", views[0].board_mm, views[0].corners_px + generator.normal(0, 6, (54, 2)), 1.0)
    found = calibrate_board([odd, *views], 61, (1280, 720), "made")
    assert dict(found.set_aside) == {"like another view": 21, "fits badly": 1}
    assert "odd" not in found.views
    assert len(found.views) == 39
    assert abs(found.focal_px.value - 1000) < 2 * found.focal_px.sigma


def test_chosen_views_spread() -> None:
    generator = np.random.default_rng(8)
    lens = Lens(focal=1000.0)
    still = exact_views(lens, parallel(lens, generator, 1) * 50, generator)
    varied = exact_views(lens, poses_of_board(10, generator, lens), generator)
    chosen = choose([*still, *varied], (1280, 720), 12)
    assert sum(any(view is other for other in varied) for view in chosen) == 10


def test_a_charuco_board_partly_out_of_the_picture() -> None:
    board = CharucoBoard(8, 6, BOARD.square_mm, 75.0)
    texture = board.made().generateImage((8 * 60, 6 * 60))
    generator = np.random.default_rng(9)
    lens = Lens(1280, 720, focal=1000.0, k1=-0.05)
    views = []
    for _ in range(24):
        turned = rotation(generator.uniform(0, 40), generator.uniform(0, 360), generator.uniform(-20, 20))
        middle = turned @ np.array([400, 300, 0])
        far = generator.uniform(850, 1200)
        moved = np.array([generator.uniform(-0.2, 0.2) * far, generator.uniform(-0.1, 0.1) * far, far]) - middle
        view = board.find("x", filmed(render(lens, texture, 60 / BOARD.square_mm, 0.0, turned, moved), generator))
        views += [view] if view else []
    assert len(views) >= 18
    assert min(len(view.corners_px) for view in views) < 35  # of 35: some are out of the picture
    found = calibrate_board(views, 24, (1280, 720), "made")
    assert abs(found.focal_px.value - 1000) < 2 * found.focal_px.sigma
    assert found.k1.value == pytest.approx(-0.05, abs=0.01)


def test_a_camera_file_goes_there_and_back() -> None:
    generator = np.random.default_rng(1)
    lens = Lens(focal=1000.0)
    views = exact_views(lens, poses_of_board(20, generator, lens), generator)
    made = camera_file_of(calibrate_board(views, 20, (1280, 720), "made"), "Mini 2", "4K", "checkerboard")
    read = read_camera_file("c.json", made.model_dump_json().encode())
    assert read == made
    assert read.intrinsics().focal_px == made.focal_px
    with pytest.raises(BadInput, match=r"c\.json: width_px") as raised:
        read_camera_file("c.json", made.model_copy(update={"width_px": 0}).model_dump_json().encode())
    assert raised.value.remedy


EXACT = Measured(value=0.0, sigma=0.0)


def scene(**change) -> LengthScene:
    """12 m straight down from 60 m: 3000 · 12 / 60 = 600 px."""
    whole = {
        "width_px": 3840, "height_px": 2160, "a_px": (1620.0, 1080.0), "b_px": (2220.0, 1080.0),
        "length_m": Measured(value=12.0, sigma=0.12), "height_m": Measured(value=60.0, sigma=0.6),
        "focal_px": Measured(value=3000.0, sigma=30.0), "pitch_deg": Measured(value=-90.0, sigma=0.0),
        "roll_deg": EXACT,
    }  # fmt: skip
    return LengthScene(**(whole | change))


def test_focal_length_and_height_straight_down() -> None:
    focal = focal_from_length(scene())
    assert focal.value == pytest.approx(3000, rel=1e-4)
    assert focal.sigma / focal.value == pytest.approx(math.sqrt(0.01**2 + 0.01**2 + 2 * (2 / 600) ** 2), rel=0.02)
    height = height_from_length(scene())
    assert height.value == pytest.approx(60, rel=1e-4)
    assert height.sigma / height.value == pytest.approx(math.sqrt(0.01**2 + 0.01**2 + 2 * (2 / 600) ** 2), rel=0.02)


def test_a_tilt_adds_to_the_error_and_oblique_pictures_work() -> None:
    off_centre = scene(a_px=(2620.0, 1480.0), b_px=(3220.0, 1480.0))
    tilted = scene(a_px=(2620.0, 1480.0), b_px=(3220.0, 1480.0), pitch_deg=Measured(value=-90.0, sigma=2.0))
    assert focal_from_length(tilted).sigma > focal_from_length(off_centre).sigma
    oblique = scene(pitch_deg=Measured(value=-45.0, sigma=0.5), height_m=Measured(value=60 / math.sqrt(2), sigma=0.4))
    assert focal_from_length(oblique).value == pytest.approx(3000, rel=1e-3)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"b_px": (1630.0, 1080.0)}, "10 px apart"),
        ({"length_m": Measured(value=4000.0, sigma=1.0)}, "nothing between"),
        ({"pitch_deg": Measured(value=0.0, sigma=0.5)}, "nothing between"),
    ],
)
def test_lengths_that_tell_nothing_are_refused(change, reason) -> None:
    with pytest.raises(BadInput, match=reason) as raised:
        focal_from_length(scene(**change))
    assert raised.value.remedy
