"""Training pictures made in batches: labels lie where the pixels are."""

import math
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from wideberth_training_detector.batches.draws import Draws  # noqa: E402
from wideberth_training_detector.batches.echo import echoed  # noqa: E402
from wideberth_training_detector.batches.lens import through_lens  # noqa: E402
from wideberth_training_detector.batches.maker import Batch, _four_in_one  # noqa: E402
from wideberth_training_detector.batches.paste import Labels, clip, paste  # noqa: E402
from wideberth_training_detector.batches.plan import SLOTS, Ground, Placements, plan  # noqa: E402
from wideberth_training_detector.batches.pool import PicturePool  # noqa: E402
from wideberth_training_detector.batches.sprites import SIDES_PX, SpriteBank  # noqa: E402
from wideberth_training_detector.batches.water import draw_views, draw_water  # noqa: E402
from wideberth_training_detector.learning import Averaged, Settings, network_from, rate_at  # noqa: E402
from wideberth_training_detector.start_weights import unfold  # noqa: E402

CPU = torch.device("cpu")


def _draws(seed: int) -> Draws:
    return Draws(torch.Generator().manual_seed(seed))


def _bar_bank() -> SpriteBank:
    """One sprite: a white bar 60 % long and 20 % wide on a clear canvas, a little right of the middle."""
    levels = []
    for side in SIDES_PX:
        level = np.zeros((1, 4, side, side), np.uint8)
        x0, x1, y0, y1 = (round(share * side) for share in (0.25, 0.85, 0.4, 0.6))
        level[0, :, y0:y1, x0:x1] = 255
        levels.append(torch.from_numpy(level))
    return SpriteBank(
        tuple(levels), np.array([1]), np.array([[0.05, 0, 0.6, 0.2, 0]], np.float32), np.array([0]),
        np.array([True]), np.array([6.0], np.float32), np.array(["painted"]),
    )  # fmt: skip


def _moments(mask: np.ndarray) -> tuple[float, float, float]:
    ys, xs = np.nonzero(mask)
    centred = np.stack([xs - xs.mean(), ys - ys.mean()])
    values, vectors = np.linalg.eigh(np.cov(centred))
    axis = vectors[:, np.argmax(values)]
    return xs.mean() + 0.5, ys.mean() + 0.5, math.atan2(axis[1], axis[0])


def _same_line(a: float, b: float) -> bool:
    return abs(math.sin(a - b)) < 0.05


@pytest.mark.parametrize("flip", [1.0, -1.0])
@pytest.mark.parametrize("turn", [0.0, 0.7, 2.5, 4.0])
@pytest.mark.parametrize("side_px", [40.0, 130.0, 300.0])
def test_a_pasted_sprite_lies_in_its_box(flip: float, turn: float, side_px: float) -> None:
    placed = Placements(
        np.array([0]), np.array([0]), np.array([1]), np.array([[310.0, 290.0]]), np.array([side_px]),
        np.array([turn]), np.array([flip]), np.array([0.0]), np.array([0]),
    )  # fmt: skip
    picture, labels = paste(_draws(1), torch.zeros(1, 3, 640, 640), torch.zeros(1, 3), _bar_bank(), placed)
    x, y, angle = _moments(picture[0, 0].numpy() > 0.3)
    box = labels.boxes[0]
    assert labels.kind.tolist() == [1]
    assert float(box[0]) == pytest.approx(x, abs=1.2)
    assert float(box[1]) == pytest.approx(y, abs=1.2)
    assert _same_line(float(box[4]), angle)
    assert float(box[2] * box[3]) == pytest.approx((picture[0, 0] > 0.3).sum().item(), rel=0.25)


@pytest.mark.parametrize("seed", range(6))
def test_pieces_of_the_pool_carry_their_boxes_along(seed: int) -> None:
    pool = PicturePool(2, 400, 4, CPU)
    picture = np.zeros((400, 400, 3), np.uint8)
    picture[180:200, 150:250] = 255
    pool.add(picture, np.array([[2, 200, 190, 100, 20, 0]], np.float32))
    rgb, labels = pool.pieces(_draws(seed), 8, 320, (0.85, 1.2), 25)
    for index, box in zip(labels.picture.tolist(), labels.boxes, strict=True):
        mask = rgb[index, 0].numpy() > 0.5
        x, y, angle = _moments(mask)
        if mask[0].any() or mask[-1].any() or mask[:, 0].any() or mask[:, -1].any():
            continue
        assert float(box[0]) == pytest.approx(x, abs=1.5)
        assert float(box[1]) == pytest.approx(y, abs=1.5)
        assert _same_line(float(box[4]), angle)


def test_a_full_pool_forgets_its_oldest() -> None:
    pool = PicturePool(2, 32, 1, CPU)
    for value in (10, 20, 30):
        pool.add(np.full((32, 32, 3), value, np.uint8), np.zeros((0, 6), np.float32))
    rgb, _ = pool.pieces(_draws(0), 16, 32, (1.0, 1.001), 0)
    assert {round(float(v) * 255) for v in rgb.mean((1, 2, 3))} == {20, 30}


def test_clipping_keeps_what_is_inside() -> None:
    boxes = torch.tensor([[100.0, 100, 60, 20, 0.3], [0.0, 100, 80, 20, 0.0], [-200.0, 0, 50, 10, 0.0]])
    cut, share = clip(boxes, 640)
    assert torch.allclose(cut[0], boxes[0])
    assert float(share[0]) == 1
    assert float(share[1]) == pytest.approx(0.5, abs=0.06)
    assert float(cut[1, 0]) == pytest.approx(20, abs=1)
    assert float(cut[1, 2]) == pytest.approx(40, abs=1)
    assert float(share[2]) == 0


def test_four_in_one_halves_pictures_and_boxes() -> None:
    rgb = torch.zeros(8, 3, 64, 64)
    boxes = torch.zeros(8, 5)
    for index in range(8):
        rgb[index, :, 20:40, 10:50] = 1
        boxes[index] = torch.tensor([30.0, 30, 40, 20, 0])
    out, labels = _four_in_one(_draws(3), rgb, Labels(torch.arange(8), torch.ones(8).long(), boxes), 4)
    assert len(out) == 5
    for index, box in zip(labels.picture.tolist(), labels.boxes, strict=True):
        x, y = int(box[0]), int(box[1])
        assert float(out[index, 0, y, x]) == 1
    assert sorted(labels.boxes[:, 2].tolist()) == [20.0] * 4 + [40.0] * 4


def test_plans_keep_objects_apart_and_within_bounds() -> None:
    n = 40
    ground = Ground(np.full(n, 0.05), np.full(n, 90.0), np.ones(n), np.full((n, 0, 3), np.nan))
    placed = plan(np.random.default_rng(0), _bar_bank(), ground, 640, np.zeros(1, bool))
    assert len(placed.picture) > n / 2
    assert placed.rank.max() < SLOTS
    assert (placed.side_px > 8).all()
    for picture in range(n):
        mine = (placed.picture == picture) & (placed.kind == 1)
        centre, length = placed.centre_px[mine], placed.side_px[mine] * 0.6
        gap = np.linalg.norm(centre[:, None] - centre[None], axis=-1)
        apart = gap >= (length[:, None] + length[None]) * 0.5 - 1e-6
        assert apart[~np.eye(len(centre), dtype=bool)].all()


def test_water_and_lens_stay_pictures() -> None:
    draws = _draws(5)
    water = draw_water(draws, draw_views(draws, 6), 128)
    out = through_lens(draws, water.rgb)
    assert out.shape == (6, 3, 128, 128)
    assert torch.isfinite(out).all()
    assert 0 <= float(out.min()) <= float(out.max()) <= 1
    assert float(out.std((1, 2, 3)).min()) > 0.001


def test_the_rate_rises_and_falls() -> None:
    settings = Settings(100, 8, 64, 1e-3, 0.1, 0.99, 0)
    rates = [rate_at(x, settings) for x in np.linspace(0, 1, 50)]
    assert max(rates) == pytest.approx(1e-3, rel=0.02)
    assert rates[0] < 1e-4
    assert rates[-1] == pytest.approx(1e-5, rel=0.01)


def test_the_average_follows_the_network() -> None:
    layer = torch.nn.Linear(2, 2)
    average = Averaged(layer, 0.9)
    with torch.no_grad():
        layer.weight.fill_(3.0)
    for _ in range(400):
        average.update(layer)
    assert torch.allclose(average.state["weight"], torch.full((2, 2), 3.0), atol=1e-3)


def test_an_echoed_picture_keeps_its_boxes_on_its_objects() -> None:
    def fresh():  # type: ignore[no-untyped-def]
        rgb = torch.zeros(2, 3, 96, 96)
        rgb[0, :, 20:26, 10:50] = 1
        rgb[1, :, 60:64, 40:80] = 1
        labels = Labels(
            torch.tensor([1, 0]), torch.tensor([3, 1]), torch.tensor([[60.0, 62, 40, 4, 0], [30.0, 23, 40, 6, 0]])
        )
        while True:
            yield Batch(rgb, labels)

    seen = set()
    for _, batch in zip(range(40), echoed(fresh(), 3, 10, np.random.default_rng(4)), strict=False):
        for picture, kind, box in zip(batch.labels.picture, batch.labels.kind, batch.labels.boxes, strict=True):
            x, y, angle = _moments(batch.rgb[picture].mean(0).numpy() > 0.5)
            assert (x, y) == pytest.approx(tuple(box[:2].tolist()), abs=0.01)
            assert _same_line(angle, float(box[4]))
            assert float(box[3]) == (4 if kind == 3 else 6)
            seen.add((int(kind), round(x), round(y)))
    assert len(seen) > 8, "pictures are turned and mirrored"


def test_a_released_network_is_readied_for_training_without_a_change() -> None:
    (released, *_) = sorted((Path(__file__).parents[3] / "models" / "detector").glob("*/model.onnx"))
    network = network_from(released, CPU)
    pictures = torch.rand(2, 3, 96, 96).contiguous(memory_format=torch.channels_last)
    with torch.no_grad():
        before = network.eval()(pictures)[0]
        unfold(network, [pictures])
        after = network.eval()(pictures)[0]
    assert torch.allclose(before, after, atol=2e-3)
    norms = [m for m in network.modules() if isinstance(m, torch.nn.BatchNorm2d)]
    assert all(float(norm.running_var.mean()) != pytest.approx(0.999) for norm in norms)


def test_a_released_network_of_another_kind_is_refused(tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx")
    graph = onnx.helper.make_graph([], "g", [], [])
    onnx.save(onnx.helper.make_model(graph), tmp_path / "other.onnx")
    with pytest.raises(ValueError, match="another network"):
        network_from(tmp_path / "other.onnx", CPU)
