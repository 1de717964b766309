"""The verdict on a track, by a network whose answer is known: red is animal, dark is clutter."""

import asyncio
import hashlib

import numpy as np
import pytest

from wideberth_anomaly.core.network import RuntimeKind
from wideberth_anomaly.local import LocalAnomaly
from wideberth_contracts.errors import ModelUnavailable
from wideberth_contracts.screening import ScreenSettings, ScreenVerdict, SeaMemory

THRESHOLD, SURE_ABOVE = 0.4, 0.7


@pytest.fixture(scope="session", params=list(RuntimeKind))
def anomaly(networks, request) -> LocalAnomaly:
    return LocalAnomaly.from_file(networks["redness"], THRESHOLD, request.param, sure_above=SURE_ABOVE)


def screened(anomaly, *crops, **settings):
    return asyncio.run(anomaly.screen("t1", crops, ScreenSettings(**settings)))


@pytest.mark.parametrize(
    ("reds", "verdict"),
    [
        pytest.param([0, 20, 40], ScreenVerdict.CLUTTER, id="every crop looks like clutter"),
        pytest.param([0, 20, 255], ScreenVerdict.ANIMAL, id="one look at an animal is enough"),
        pytest.param([0, 20, 140], ScreenVerdict.UNKNOWN, id="neither clutter nor an animal beyond doubt"),
        pytest.param([], ScreenVerdict.UNKNOWN, id="no crop at all"),
    ],
)
def test_the_verdict(anomaly, crop_of, reds, verdict):
    answer = screened(anomaly, *[crop_of(red, pts=index) for index, red in enumerate(reds)])
    assert answer.verdict is verdict
    assert answer.track_id == "t1"
    assert (answer.threshold, answer.sure_above) == (THRESHOLD, SURE_ABOVE)
    assert answer.model_id == "redness.onnx"
    assert [crop.pts for crop in answer.crops] == list(range(len(reds)))
    if reds:
        assert answer.score == pytest.approx(max(reds) / 255, abs=0.02)
        assert [crop.score for crop in answer.crops] == pytest.approx([red / 255 for red in reds], abs=0.02)
    else:
        assert answer.score is None


def test_crops_that_prove_nothing_leave_the_track_unknown(anomaly, crop_of):
    answer = screened(anomaly, crop_of(255, filled_fraction=0.9), crop_of(0, pts=1, detection_px=3.0))
    assert answer.verdict is ScreenVerdict.UNKNOWN
    assert answer.score is None
    assert [(crop.used, crop.score) for crop in answer.crops] == [(False, None)] * 2
    assert all(crop.reason for crop in answer.crops)


def test_red_beside_the_detection_is_not_the_detection(anomaly, crop_of):
    pixels = np.zeros((90, 90, 3), np.uint8)
    pixels[:, :20, 2] = 255
    assert screened(anomaly, crop_of(pixels=pixels)).verdict is ScreenVerdict.CLUTTER


def test_a_crop_scores_the_same_alone_and_among_others(anomaly, crop_of):
    rng = np.random.default_rng(4)
    crops = [crop_of(pixels=rng.integers(0, 256, (70, 70, 3), dtype=np.uint8), pts=index) for index in range(5)]
    together = screened(anomaly, *crops, max_crops=5)
    alone = [screened(anomaly, crop).score for crop in crops]
    assert [crop.score for crop in together.crops] == alone


def test_many_tracks_at_once_are_as_one_after_another(anomaly, crop_of):
    crops = [crop_of(red) for red in (0, 90, 180, 255)]

    async def together():
        return await asyncio.gather(*(anomaly.screen("t1", (crop,), ScreenSettings()) for crop in crops))

    assert asyncio.run(together()) == [screened(anomaly, crop) for crop in crops]


def ship(folder, networks, card: str):
    folder.mkdir(parents=True)
    (folder / "model.onnx").write_bytes(networks["redness"].read_bytes())
    (folder / "card.yaml").write_text(card)
    names = ("model.onnx", "card.yaml")
    sums = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (folder / "SHA256SUMS").write_text("".join(sums))


def test_shipped_weights_bring_their_threshold(tmp_path, networks, crop_of):
    ship(tmp_path / "anomaly" / "0.1.0", networks, "threshold: 0.25\nsure_above: 0.5\n")
    answer = screened(LocalAnomaly.open(tmp_path), crop_of(100))
    assert (answer.threshold, answer.sure_above, answer.model_id) == (0.25, 0.5, "anomaly/0.1.0")
    assert answer.verdict is ScreenVerdict.UNKNOWN


@pytest.mark.parametrize("card", ["threshold: low\n", "threshold: 0.5\nsure_above: 0.2\n"])
def test_a_card_without_thresholds_is_refused(tmp_path, networks, card):
    ship(tmp_path / "anomaly" / "0.1.0", networks, card)
    with pytest.raises(ModelUnavailable, match="no number"):
        LocalAnomaly.open(tmp_path)


def test_it_says_what_it_is(anomaly):
    info = asyncio.run(anomaly.info())
    assert info.service == "anomaly"
    assert info.models[0].runtime == info.device


def test_what_looks_like_the_flights_own_sea_is_less_of_an_animal(networks, crop_of):
    anomaly = LocalAnomaly.from_file(networks["places"], THRESHOLD)
    rng = np.random.default_rng(6)
    own = [np.full((64, 64, 3), 120, np.uint8) + rng.integers(0, 9, 3, dtype=np.uint8) for _ in range(20)]
    sea = asyncio.run(anomaly.remember(tuple(crop_of(pixels=pixels) for pixels in own)))
    assert len(sea.places) == 20

    def score(red: int, memory: SeaMemory | None) -> float:
        pixels = np.full((64, 64, 3), (124, 124, red), np.uint8)
        answer = asyncio.run(anomaly.screen("t", (crop_of(pixels=pixels),), ScreenSettings(), memory))
        assert answer.score is not None
        return answer.score

    assert score(124, sea) < score(124, None) - 1
    assert score(250, sea) == score(250, None)
    assert score(124, sea.model_copy(update={"model_id": "another"})) == score(124, None)


def test_a_model_without_places_remembers_nothing(anomaly, crop_of):
    assert asyncio.run(anomaly.remember((crop_of(9),))).places == ()
