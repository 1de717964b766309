import cv2
import numpy as np
import pytest
from judging import found, judged

from bench.accuracy import sim_stills
from bench.accuracy.judged import Picture, joined
from bench.accuracy.real_sets import DATA
from wideberth_contracts.detections import ObjectKind
from wideberth_training_detector.failures import invented, may_be_shown, missed, sheets

SURE = dict.fromkeys(ObjectKind, 0.3)
DOLPHIN = ObjectKind.DOLPHIN


def test_what_is_missed_and_what_is_invented() -> None:
    table = judged(found(DOLPHIN, (10, 0.9), (110, 0.2), (300, 0.8), (400, 0.1)), {DOLPHIN: (10.0, 110.0)})
    assert [failure.box[0] for failure in missed(table, SURE)] == [110]
    assert [failure.box[0] for failure in invented(table, SURE)] == [300]


@pytest.mark.skipif(not DATA.is_dir(), reason="needs ../shared/data")
@pytest.mark.parametrize(
    ("part", "name", "shown"),
    [
        ("simulated stills", "5000000", True),
        ("humpback_frames", "hump_05", True),
        ("surf_frames", "m06_gimbal0_1750", True),
        ("coast_frames", "38c14f_cropped2_25", True),
        ("lake_vessel_frames", "train_DJI_0258", True),
        ("sea_negatives", "sharkeye_DJI_0658_glint_shark", True),
        ("sea_negatives", "otter_080921_1102_OCLF_LP_0833", False),
        ("porpoise_frames", "porpoise_0027", False),
        ("vessel_frames", "460", False),
    ],
)
def test_only_pictures_with_a_permissive_licence_are_shown(part, name, shown) -> None:
    assert may_be_shown(Picture(part, name)) is shown


def test_sheets_hold_a_cell_a_failure(tmp_path) -> None:
    stills = sim_stills.Stills(tmp_path, range(7, 8))
    cv2.imwrite(str(tmp_path / "7.png"), np.full((100, 500, 3), 90, np.uint8))
    cv2.imwrite(str(tmp_path / "7_glint.png"), np.zeros((100, 500), np.uint8))
    (tmp_path / "7.json").write_text('{"about": {}, "boxes": [], "ignored": []}')
    table = joined([judged(found(DOLPHIN, (300, 0.8)), {DOLPHIN: (10.0,)})])
    made = sheets(table, SURE, stills, tmp_path)
    assert set(made) == {"missed", "invented"}
    assert cv2.imread(str(made["missed"])).shape == (176, 6 * 176, 3)
    assert sheets(judged((), {}), SURE, stills, tmp_path) == {}
