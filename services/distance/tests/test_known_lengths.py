"""Models of altimeters on made pictures whose truth is known, and the table of real ones as it is read."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from wideberth_contracts.errors import BadInput
from wideberth_distance.core.projection import Array
from wideberth_distance.trials.joint_lengths import Known, densest, fitted, length_interval
from wideberth_distance.trials.known_lengths import BAROMETER, LASER, WITHDRAWN, Photo, photos
from wideberth_distance.trials.learnt_heights import Believed, learnt
from wideberth_distance.trials.left_out import by_others, by_prior

FOCAL_PX = 2560.0
HEAD = "CO.ID,Lpix,CO.L,image,Baro_Alt,Laser_Alt,Focal_Length,Iw,Sw,uas\n"
LATER = "uas,image,Focal_Length,Focal_Length_adj,Laser_Alt\n"


def _made(count: int, rng: np.random.Generator) -> tuple[Known, Array]:
    """Readings 2 m + 1.05 x height with 0.8 m, pixels with 1.5 px; and true heights."""
    height = rng.uniform(15, 60, count)
    px = FOCAL_PX / height + 1.5 * rng.standard_normal(count)
    reading = 2.0 + 1.05 * height + 0.8 * rng.standard_normal(count)
    return Known(np.full(count, FOCAL_PX), np.ones(count), px, reading[None, :]), height


def test_published_model_finds_what_made_the_pictures() -> None:
    known, _ = _made(250, np.random.default_rng(1))
    found = fitted(known, np.ones((1, 250), dtype=bool))
    for draws, truth in (
        (found.bias_m[:, 0, 0], 2.0),
        (found.scaling[:, 0, 0], 1.05),
        (np.sqrt(found.variance_m2[:, 0, 0]), 0.8),
        (np.sqrt(found.pixel_variance[:, 0]), 1.5),
    ):
        assert abs(draws.mean() - truth) < 3.5 * draws.std()
        assert draws.std() < 0.5 * truth


def test_published_interval_holds_unknown_boards_as_often_as_it_says() -> None:
    rng = np.random.default_rng(2)
    known, _ = _made(100, rng)
    posterior = fitted(known, np.ones((1, 100), dtype=bool), seed=3)
    new, _ = _made(400, rng)
    held = 0
    for i in range(400):
        low, high = length_interval(posterior, 0, new.readings_m[:, i], float(new.length_px[i]), FOCAL_PX, seed=i)
        held += low <= 1.0 <= high
    assert 0.91 <= held / 400 <= 0.985


def test_without_scaling_it_stays_one() -> None:
    known, _ = _made(60, np.random.default_rng(4))
    found = fitted(known, np.ones((1, 60), dtype=bool), scaled=False)
    assert np.abs(found.scaling - 1).max() < 1e-4
    # The scaling that it may not use goes into the bias: 5 % of about 37 m.
    assert 3.0 < found.bias_m.mean() < 5.0


def _flights(rng: np.random.Generator, flights: int, each: int) -> tuple[Array, Array, Array]:
    """Log ratios of 3 % bias, 4 % a flight, 2 % a picture; readings; flights."""
    flight = np.repeat(np.arange(flights), each)
    r = 0.03 + 0.04 * rng.standard_normal(flights)[flight] + 0.02 * rng.standard_normal(flight.size)
    return r, rng.uniform(20, 60, flight.size), flight


def test_learnt_prediction_holds_new_flights_as_often_as_it_says() -> None:
    believed = Believed.of(0.05, 35.0, 100.0)
    rng = np.random.default_rng(5)
    held, widths = [], []
    for seed in range(20):
        r, reading, flight = _flights(rng, 16, 5)
        used = np.ones((1, r.size), dtype=bool)
        new, new_reading, _ = _flights(rng, 10, 1)
        found = learnt(r, reading, flight, used, believed, seed)
        low, high = np.quantile(found.log_ratio(0, float(new_reading[0]), seed), [0.025, 0.975])
        held += [low <= each <= high for each in new]
        widths.append(high - low)
    assert 0.92 <= np.mean(held) <= 0.995
    # Known exactly it would be 3.92 x 4.5 % = 0.175.
    assert 0.17 < np.mean(widths) < 0.26


def test_left_out_flights_teach_nothing() -> None:
    believed = Believed.of(0.05, 35.0, 100.0)
    r, reading, flight = _flights(np.random.default_rng(6), 12, 4)
    used = (flight != 0)[None, :]
    wild = np.where(flight == 0, 5.0, r)
    first, second = (learnt(each, reading, flight, used, believed).bias.mean(axis=0) for each in (r, wild))
    assert np.allclose(first, second)


def test_few_flights_leave_the_prior() -> None:
    believed = Believed.of(0.05, 35.0, 100.0)
    r, reading, flight = _flights(np.random.default_rng(7), 2, 2)
    found = learnt(r, reading, flight, np.zeros((1, r.size), dtype=bool), believed)
    assert found.bias[:, 0, 0].std() == pytest.approx(believed.share, rel=0.1)
    assert abs(found.bias[:, 0, 0].mean()) < 0.01


def test_densest_is_the_shortest() -> None:
    assert densest(np.array([0.0, 1.0, 1.1, 1.2, 9.0]), 0.6) == (1.0, 1.2)


def test_pictures_are_read_once_and_withdrawn_readings_kept_apart(tmp_path: Path) -> None:
    first = "a,100,1,190701_P4P_U2.png,27.0,32.0,8.8,3840,13.2,P4P\n"
    again = first.replace("a,", "b,", 1)
    other = "c,150,1,210526_I2F_U1.png,25.0,24.0,25.0,3840,17.3,I2F\n"
    (tmp_path / "calibration.csv").write_text(HEAD + first + again + other)
    (tmp_path / "co_data.csv").write_text(LATER + "P4P,190701_P4P_U2.png,8.8,9.2,\n")
    (p4p, i2f), twice = photos(tmp_path)
    assert twice == 1
    assert p4p.readings_m == {BAROMETER: 27.0, WITHDRAWN: 32.0}
    assert p4p.focal_px == pytest.approx(9.2 * 3840 / 13.2)
    assert p4p.focal_share == 0.01
    assert i2f.readings_m == {BAROMETER: 25.0, LASER: 24.0}
    assert i2f.focal_share == 0.05
    assert i2f.implied_m == pytest.approx(25.0 * 3840 / 17.3 / 150)


def test_a_row_without_a_number_is_named(tmp_path: Path) -> None:
    (tmp_path / "calibration.csv").write_text(HEAD + "a,,1,190701_P4P_U2.png,27.0,,8.8,3840,13.2,P4P\n")
    (tmp_path / "co_data.csv").write_text(LATER)
    with pytest.raises(BadInput) as raised:
        photos(tmp_path)
    assert raised.value.where == "calibration.csv, line 2"


def _photo(day: int, reading_m: float, height_m: float) -> Photo:
    when = datetime(2022, 6, 1, tzinfo=UTC) + timedelta(days=day)
    px = 2700.0 / height_m
    return Photo("made", "I2F", when, 1.0, px, 3840, 2700.0, 0.05, {BAROMETER: reading_m})


def test_the_prior_goes_through_the_product() -> None:
    said = by_prior(_photo(0, 30.0, 30.0), BAROMETER)
    # 30 m: sqrt(1 + 0.36 + 1.44) m by Student's t, 5 % of focal length, 2 px at either end of 90.
    heavy, normal = 2.776 * 2.8**0.5 / 30, 1.96 * float(np.hypot(0.05, 2**0.5 * 2 / 90))
    assert said.held
    assert said.width / 2 == pytest.approx(float(np.hypot(heavy, normal)), rel=0.1)


def test_a_bias_that_all_flights_share_is_learnt() -> None:
    rng = np.random.default_rng(8)
    heights = rng.uniform(25, 50, 30)
    noise = 0.01 * rng.standard_normal(30)
    those = [_photo(i // 3, 1.2 * h * float(np.exp(e)), h) for i, (h, e) in enumerate(zip(heights, noise, strict=True))]
    learnt_here = by_others(those, (BAROMETER,))
    assert all(each.held for each in learnt_here)
    assert np.mean([each.width for each in learnt_here]) < 0.5 * np.mean([by_prior(p, BAROMETER).width for p in those])
    # The last day reads right where all others read 20 % too high: what it teaches itself it may not use.
    apart = [*those[:27], *(_photo(9, h, h) for h in heights[27:])]
    assert not any(each.held for each in by_others(apart, (BAROMETER,))[27:])
