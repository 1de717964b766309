import numpy as np
import pytest

from bench.accuracy import real_sets
from bench.accuracy.real_sets import LAKE, LAKE_TILES
from wideberth_training_detector import folds
from wideberth_training_detector.sources import LAKE_FOLDS, LAKE_PICTURES, Source, lake_fold

needs_data = pytest.mark.skipif(not real_sets.DATA.is_dir(), reason="needs ../shared/data")


class _Nothing:
    """A detector that finds nothing and remembers how often it looked."""

    looks = 0

    async def detect(self, frame, settings, *_):
        from wideberth_contracts.detections import FrameDetections

        self.looks += 1
        return FrameDetections(frame=frame.meta, detections=())


def test_folds_are_of_equal_size_and_whole() -> None:
    sizes = np.bincount([lake_fold(picture) for picture in LAKE_PICTURES])
    assert sizes.tolist() == [11, 11, 11]
    with pytest.raises(ValueError):
        lake_fold("9999")


@needs_data
def test_tiles_of_one_photograph_are_in_its_fold() -> None:
    whole = {Source.picture_id(path): lake_fold(Source.picture_id(path)) for path in LAKE.pictures()}
    assert sorted(whole) == list(LAKE_PICTURES)
    assert {Source.picture_id(path) for path in LAKE_TILES.pictures()} <= set(whole)


@needs_data
def test_each_picture_is_looked_at_once_by_the_network_that_never_saw_it() -> None:
    detectors = [_Nothing() for _ in range(LAKE_FOLDS)]
    table = folds.pool(detectors, LAKE)
    assert [one.looks for one in detectors] == [11, 11, 11]
    assert sorted(picture.name for picture in table.pictures) == sorted(path.stem for path in LAKE.pictures())
    assert folds.scores(table)["vessel"]["ap50"] == 0.0
    assert folds.scores(table)["vessel"]["truths"] == 20


def test_as_many_networks_as_folds() -> None:
    with pytest.raises(ValueError):
        folds.pool([_Nothing()], LAKE)
