"""Files of a card find each other; what only looks alike does not."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from wideberth_gateway.flights.grouping import SPLIT_BYTES, CardFile, goes_on, group

BEGAN = datetime(2026, 8, 1, 3, 0, tzinfo=UTC)


def video(name: str, *, size: int = SPLIT_BYTES, began_s: float | None = None, lasts_s: float = 330.0) -> CardFile:
    created = None if began_s is None else BEGAN + timedelta(seconds=began_s)
    return CardFile(f"hash of {name}", name, size, True, created, lasts_s)


def log(name: str) -> CardFile:
    return CardFile(f"hash of {name}", name, 1000, False)


def names(files: list[CardFile]) -> list[list[str]]:
    return [[part.video.name for part in parts] for parts in group(files).recordings]


def test_parts_of_one_recording_are_one_flight_whatever_the_order() -> None:
    files = [video("DJI_0119.MP4", began_s=0), video("DJI_0120.MP4", began_s=330), log("DJI_0119.SRT")]
    files += [video("DJI_0121.MP4", began_s=660, size=9), video("DJI_0122.MP4", began_s=669)]
    for seed in range(10):
        Random(seed).shuffle(files)
        assert names(files) == [["DJI_0119.MP4", "DJI_0120.MP4", "DJI_0121.MP4"], ["DJI_0122.MP4"]]


def test_the_newer_names_tell_their_own_time() -> None:
    first = video("DJI_20260801030000_0001_D.MP4")
    assert goes_on(first, video("DJI_20260801030530_0002_D.MP4"))
    assert not goes_on(first, video("DJI_20260801031530_0002_D.MP4"))  # ten minutes later
    assert not goes_on(first, video("DJI_20260801030530_0002_T.MP4"))  # the other camera
    assert not goes_on(first, video("DJI_20260801030530_0003_D.MP4"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (video("DJI_0119.MP4", size=SPLIT_BYTES - 1), video("DJI_0120.MP4")),  # ended by itself
        (video("DJI_0119.MP4", began_s=0), video("DJI_0120.MP4", began_s=400)),  # a pause
        (video("DJI_0119.MP4", began_s=0), video("DJI_0120.MP4", began_s=0)),
        (video("DJI_0119.MP4"), video("DJI_0121.MP4")),
        (video("GOPR0119.MP4"), video("GOPR0120.MP4")),
    ],
)
def test_what_does_not_continue(before: CardFile, after: CardFile) -> None:
    assert not goes_on(before, after)


def test_the_count_starts_again_after_9999() -> None:
    assert goes_on(video("DJI_9999.MP4"), video("DJI_0001.MP4"))


def test_telemetry_is_found_by_name_and_the_rest_is_told() -> None:
    files = [video("DJI_0001.MP4"), log("dji_0001.srt"), log("DJI_0001.csv"), log("other.csv")]
    found = group(files)
    assert found.recordings[0][0].telemetry == files[1]
    assert [file.name for file in found.alone] == ["DJI_0001.csv", "other.csv"]


def test_no_file_is_lost_or_used_twice() -> None:
    chance = Random(3)
    for _ in range(200):
        stems = [f"DJI_{chance.randint(1, 12):04d}" for _ in range(8)]
        files = list({f.name: f for s in stems for f in (video(f"{s}.MP4"), log(f"{s}.SRT"))}.values())
        kept = chance.sample(files, k=chance.randint(1, len(files)))
        found = group(kept)
        seen = [part.video.sha256 for parts in found.recordings for part in parts]
        seen += [part.telemetry.sha256 for parts in found.recordings for part in parts if part.telemetry]
        seen += [file.sha256 for file in found.alone]
        assert sorted(seen) == sorted(file.sha256 for file in kept)
