"""The parts of training that a wrong number could hide in."""

import numpy as np
import pytest
import torch

from bench.accuracy.sightings import Body, body_at
from wideberth_anomaly.core.network import OnnxNetwork
from wideberth_contracts.detections import OrientedBox
from wideberth_contracts.frames import FrameMeta, TimeBase
from wideberth_media import as_array, cut_crop, frame_of
from wideberth_training_anomaly.evidence import TwoSidedMap, features_of, fit, pooled
from wideberth_training_anomaly.evidence import embedding as embedding_of
from wideberth_training_anomaly.export import write_graph
from wideberth_training_anomaly.judge import auroc, least_share, threshold, tracks_of
from wideberth_training_anomaly.looks import Looks
from wideberth_training_anomaly.network import ClutterModel, RawMap
from wideberth_training_anomaly.pieces import SIDE_PX, cut
from wideberth_training_anomaly.sources import CLUTTER_PLACES
from wideberth_training_anomaly.teacher import as_tensor


@pytest.mark.parametrize(("x", "y"), [(60.0, 50.0), (5.0, 95.0)], ids=["inside", "at the border"])
def test_crops_are_cut_as_the_pipeline_cuts_them(x, y):
    picture = np.random.default_rng(1).integers(0, 256, (100, 120, 3), dtype=np.uint8)
    time_base = TimeBase(numerator=1, denominator=1)
    meta = FrameMeta(clip="t", pts=0, time_base=time_base, t_s=0, width_px=120, height_px=100)
    # A side of the network's size, so that nothing is resized.
    length = SIDE_PX / 3
    box = OrientedBox(cx_px=x, cy_px=y, length_px=length, width_px=length, angle_deg=0)
    np.testing.assert_array_equal(cut(picture, x, y, length), as_array(cut_crop(frame_of(picture, meta), box)))


def test_auroc_counts_pairs():
    assert auroc(np.array([1.0, 2.0, 3.0]), np.array([0.0, 2.0])) == pytest.approx((0.5 * 1 + 0.75 * 1 + 1.0) / 3)


def test_the_threshold_keeps_what_it_claims():
    few, many = np.arange(100.0), np.arange(1000.0)
    assert threshold(few)[0] < 0
    limit, bound = threshold(many)
    assert (many < limit).sum() == 4
    assert bound >= 0.99
    assert least_share(299, 299) == pytest.approx(0.99, abs=1e-4)


def test_a_track_has_the_score_of_its_best_crop():
    looks = Looks(
        images=np.zeros((4, 1, 1, 3), np.uint8),
        kinds=np.array(["dolphin", "dolphin", "rock", "rock"]),
        tracks=np.array(["a", "a", "b", "b"]),
        groups=np.array(["f"] * 4),
        confidences=np.full(4, 0.5),
        times_s=np.array([0.0, 1.0, 0.0, 1.0]),
    )
    found = tracks_of(looks, np.array([1.0, 3.0, -2.0, -1.0]))
    assert (found.animals.tolist(), found.clutter.tolist()) == ([3.0], [-1.0])


def set_up_model() -> ClutterModel:
    torch.manual_seed(3)
    model = ClutterModel().eval()
    model.mean_std["mean"].data.fill_(0.1)
    model.mean_std["std"].data.fill_(0.7)
    for name, value in (("qa_st", 0.2), ("qb_st", 0.9), ("qa_ae", 0.1), ("qb_ae", 0.6)):
        model.quantiles[name].data.fill_(value)
    return model


def test_the_exported_map_is_anomalibs_own(tmp_path):
    model = set_up_model()
    image = torch.rand(1, 3, SIDE_PX, SIDE_PX)
    with torch.inference_mode():
        ours, theirs = RawMap(model)(image), model(image).anomaly_map
    # Theirs is blown up to the crop's size after the same padding with zeros, and scaled after that: compare inside.
    coarse = torch.nn.functional.interpolate(ours, size=(SIDE_PX, SIDE_PX), mode="bilinear")
    torch.testing.assert_close(coarse[..., 24:-24, 24:-24], theirs[..., 24:-24, 24:-24], atol=1e-5, rtol=1e-4)
    write_graph(RawMap(model), tmp_path / "model.onnx")
    network = OnnxNetwork(tmp_path / "model.onnx")
    np.testing.assert_allclose(network.look(image.numpy()).anomaly_map, ours[0, 0].numpy(), atol=1e-4)


def test_a_model_without_quantiles_is_not_exported(tmp_path):
    with pytest.raises(ValueError, match="quantiles"):
        write_graph(RawMap(ClutterModel().eval()), tmp_path / "model.onnx")


def test_only_permissive_pictures_are_learnt_from():
    assert {place.licence for place in CLUTTER_PLACES} <= {"MIT", "Apache-2.0", "CC0"}


def test_the_teacher_cannot_learn():
    model = ClutterModel().train()
    picture = torch.rand(3, SIDE_PX, SIDE_PX)
    before = {name: value.clone() for name, value in model.teacher.state_dict().items()}
    # Anomalib asks with one picture without its batch dimension when it scales the maps.
    first, second = model.teacher(picture), model.teacher(picture)
    assert first.shape == (1, 64, 24, 24)
    assert torch.equal(first, second)
    assert all(torch.equal(before[name], value) for name, value in model.teacher.state_dict().items())
    assert not any("running_mean" in name for name in before)


def test_both_sides_add_up(tmp_path):
    model = set_up_model()
    rng = np.random.default_rng(2)
    dark, bright = (rng.integers(low, low + 60, (12, SIDE_PX, SIDE_PX, 3), dtype=np.uint8) for low in (0, 190))
    features = features_of(model.teacher, np.concatenate([bright, dark]))
    log_odds, place = fit(features, np.arange(24) < 12), embedding_of(features)
    images = as_tensor([bright[0], dark[0]])
    with torch.inference_mode():
        evidence = log_odds(pooled(model.teacher, images)).flatten()
        (both, where), alone = TwoSidedMap(model, log_odds, place, 3.0)(images), RawMap(model)(images)
    assert evidence[0] > 0 > evidence[1]
    assert where.shape[0] == 2
    torch.testing.assert_close(both, 3.0 * alone + evidence[:, None, None, None])


@pytest.mark.parametrize(
    ("x", "kind"),
    [
        pytest.param(100, "dolphin", id="on a dolphin"),
        pytest.param(300, "vessel", id="on a boat"),
        pytest.param(500, None, id="on nothing"),
    ],
)
def test_a_detection_is_of_what_lies_there(x, kind):
    bodies = [Body("dolphin", 100, 50, 40, "d"), Body("vessel", 310, 50, 90, "v")]
    found = body_at(bodies, OrientedBox(cx_px=x, cy_px=52, length_px=30, width_px=10, angle_deg=0))
    assert (found.kind if found else None) == kind
