"""Files given for one another, by their first bytes."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wideberth_contracts.errors import BadInput, UnreadableTelemetry, UnreadableVideo
from wideberth_media import VideoWriter
from wideberth_pipeline.inputs import is_text, is_video, refuse_mixed_up

CUE = "1\n00:00:00,000 --> 00:00:00,033\n[rel_alt: 60.000]\n"


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clip") / "DJI_0001.MP4"
    with VideoWriter(path, 64, 48, 5) as video:
        for _ in range(5):
            video.write(np.zeros((48, 64, 3), np.uint8))
    return path


@pytest.fixture(params=["utf-8", "utf-8-sig", "utf-16"])
def srt(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "DJI_0001.SRT"
    path.write_text(CUE * 200, encoding=request.param)
    return path


def test_files_that_are_what_they_are_given_as_pass(clip: Path, srt: Path) -> None:
    refuse_mixed_up(clip, srt)
    refuse_mixed_up(clip, None)
    refuse_mixed_up(clip, clip.with_name("not there"))


def test_swapped_files_are_named_both(clip: Path, srt: Path) -> None:
    with pytest.raises(BadInput, match="swapped") as caught:
        refuse_mixed_up(srt, clip)
    assert str(srt) in (caught.value.where or "")
    assert str(clip) in (caught.value.where or "")
    assert caught.value.remedy is not None


def test_one_that_is_not_what_it_is_given_as_is_named(clip: Path, srt: Path) -> None:
    with pytest.raises(UnreadableTelemetry, match=r"this is a video, given as the telemetry of DJI_0001\.MP4"):
        refuse_mixed_up(clip, clip)
    with pytest.raises(UnreadableVideo, match=r"with DJI_0001\.SRT as its telemetry"):
        refuse_mixed_up(srt, srt)


def test_an_empty_file_is_left_to_who_reads_it(tmp_path: Path, srt: Path) -> None:
    (tmp_path / "empty.mp4").touch()
    refuse_mixed_up(tmp_path / "empty.mp4", srt)


@given(st.binary(max_size=600))
def test_no_bytes_are_both(head: bytes) -> None:
    assert not (is_video(head) and is_text(head))


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=3000))
def test_text_is_text_wherever_it_is_cut(text: str) -> None:
    whole = text.encode() * (1 + 4096 // max(1, len(text.encode())))
    assert is_text(whole[:4096])
