"""Pictures made by other processes reach the pool whole, with their boxes, and are used as often as asked."""

from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

torch = pytest.importorskip("torch")

from wideberth_training_detector.batches.draws import Draws  # noqa: E402
from wideberth_training_detector.batches.maker import Shares  # noqa: E402
from wideberth_training_detector.batches.makers import MOST_BOXES, Makers, Recipe, learnt_from, rows_of  # noqa: E402
from wideberth_training_detector.batches.opening import opened  # noqa: E402
from wideberth_training_detector.batches.paste import Labels  # noqa: E402
from wideberth_training_detector.batches.pool import PicturePool  # noqa: E402

CPU = torch.device("cpu")
SIDE_PX = 160


def _labels(rows: list[tuple[int, int, float, float, float, float, float]]) -> Labels:
    table = torch.tensor(rows)
    return Labels(table[:, 0].long(), table[:, 1].long(), table[:, 2:])


def test_rows_keep_every_box_with_its_picture() -> None:
    rows = rows_of(_labels([(2, 1, 5, 6, 7, 3, 0.1), (0, 0, 1, 2, 30, 4, 0.2), (0, 3, 9, 9, 40, 5, 0.3)]), 3)
    assert rows.shape == (3, MOST_BOXES, 6)
    assert rows[0, 0].tolist() == pytest.approx([3, 9, 9, 40, 5, 0.3])
    assert rows[0, 1].tolist() == pytest.approx([0, 1, 2, 30, 4, 0.2])
    assert (rows[1] == -1).all()
    assert rows[2, 0].tolist() == pytest.approx([1, 5, 6, 7, 3, 0.1])


def test_of_too_full_a_picture_the_largest_boxes_stay() -> None:
    rows = rows_of(_labels([(0, 0, 1, 1, float(size), 1, 0) for size in range(1, MOST_BOXES + 11)]), 1)
    assert rows[0, :, 3].min() == 11


def test_no_boxes_make_empty_rows() -> None:
    empty = torch.zeros(0, dtype=torch.long)
    assert (rows_of(Labels(empty, empty, torch.zeros(0, 5)), 2) == -1).all()


def _png(pixels: np.ndarray) -> np.ndarray:
    done, data = cv2.imencode(".png", pixels)
    assert done
    return data


def _materials(folder: Path) -> tuple[Path, Path]:
    """An atlas of one white bar, and one grey ground."""
    bar = np.zeros((30, 90, 4), np.uint8)
    bar[:] = 255
    sprite, ground = _png(bar), _png(np.full((200, 200, 3), 90, np.uint8))
    atlas, grounds = folder / "atlas.npz", folder / "grounds.npz"
    np.savez(
        atlas, data=sprite, offsets=np.array([0, len(sprite)]), kind=np.array(["vessel"]), size=np.array([[90, 30]]),
        box=np.array([[45, 15, 90, 30, 0]], np.float32), view_pitch_deg=np.array([-90], np.float32),
        can_rotate=np.array([True]), real_length_m=np.array([8], np.float32), source=np.array(["painted"]),
    )  # fmt: skip
    np.savez(
        grounds, bytes=ground, offsets=np.array([0, len(ground)]), boxes=np.full((1, 4, 6), np.nan, np.float32),
        origin=np.array(["surf_frames:1"]),
    )  # fmt: skip
    return atlas, grounds


def test_a_process_makes_pictures_that_carry_their_boxes(tmp_path: Path) -> None:
    atlas, grounds = _materials(tmp_path)
    shares = Shares(stills=0, labelled_real=0, four_in_one=0)
    recipe = Recipe(atlas, grounds, 6, SIDE_PX, shares, 4, 0, 0, 5, "cpu", partial(opened, folds=()))
    pool = PicturePool(64, SIDE_PX, MOST_BOXES, CPU)
    with Makers(recipe, 1) as made:
        while made.made < 18:
            made.pour(pool, 1.0)
    assert len(pool) == made.made == 18
    rgb, labels = pool.pieces(Draws(torch.Generator().manual_seed(1)), 18, SIDE_PX, (1, 1), 0, torch.arange(18), False)
    assert rgb.std() > 0.02
    assert len(labels.boxes) > 10
    assert _brighter_in_the_middle(rgb, labels) > 0.7
    assert not any(process.is_alive() for process in made._processes)


def test_a_dead_maker_is_told(tmp_path: Path) -> None:
    missing = tmp_path / "atlas.npz"
    recipe = Recipe(missing, missing, 6, SIDE_PX, Shares(), 4, 0, 0, 5, "cpu", partial(opened, folds=()))
    pool = PicturePool(8, SIDE_PX, MOST_BOXES, CPU)
    with Makers(recipe, 1) as made, pytest.raises(RuntimeError, match="has died"):
        _pour_until_told(made, pool)


def _pour_until_told(made: Makers, pool: PicturePool) -> None:
    for _ in range(300):
        made.pour(pool, 1.0)


class _Endless:
    """Stands for makers that are never waited for."""

    made = 0

    def pour(self, pool: PicturePool, wait_s: float = 0.0) -> bool:
        pool.extend(torch.zeros(10, 3, 32, 32, dtype=torch.uint8), torch.full((10, MOST_BOXES, 6), -1.0))
        self.made += 10
        return True


def _brighter_in_the_middle(rgb: torch.Tensor, labels: Labels) -> float:
    """Share of the boxes whose middle is brighter than most of its picture, as a white bar is."""
    spots = labels.boxes[:, :2].long().clamp(0, SIDE_PX - 1)
    grey = rgb.mean(1)
    middle = grey[labels.picture, spots[:, 1], spots[:, 0]]
    return float((middle > grey.flatten(1).median(1).values[labels.picture] + 0.05).float().mean())


@pytest.mark.parametrize("echo", [2.0, 4.0])
def test_a_picture_is_used_about_as_often_as_asked(echo: float) -> None:
    source: Any = _Endless()
    pool = PicturePool(100, 32, MOST_BOXES, CPU)
    batches = learnt_from(source, pool, Draws(torch.Generator().manual_seed(1)), 10, 32, echo)
    used = sum(len(next(batches).rgb) for _ in range(400))
    assert used / source.made == pytest.approx(echo, rel=0.15)
