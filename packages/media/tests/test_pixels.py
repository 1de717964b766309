"""Arrays without copies, crops, codecs, subtitles and headers."""

import hashlib
from datetime import UTC, datetime

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wideberth_contracts.detections import OrientedBox
from wideberth_contracts.errors import UnreadableImage
from wideberth_contracts.frames import Frame, FrameMeta, PixelEncoding, TimeBase
from wideberth_media import (
    CvPixelCodec,
    as_array,
    cut_crop,
    decode_crop,
    embedded_subtitles,
    encode_crop,
    frame_of,
    mask_array,
    probe,
    read_image,
)


def frame(width_px: int = 60, height_px: int = 40) -> Frame:
    rows, columns = np.mgrid[:height_px, :width_px]
    array = np.stack([columns, rows, columns + rows], axis=-1).astype(np.uint8)
    meta = FrameMeta(
        clip="c",
        pts=5,
        time_base=TimeBase(numerator=1, denominator=30),
        t_s=0.5,
        width_px=width_px,
        height_px=height_px,
    )
    return frame_of(array, meta)


def box(cx_px: float, cy_px: float, length_px: float = 6.0) -> OrientedBox:
    return OrientedBox(cx_px=cx_px, cy_px=cy_px, length_px=length_px, width_px=2, angle_deg=30)


def test_views_share_memory_and_cannot_be_written():
    one = frame()
    array = as_array(one)
    assert np.shares_memory(array, np.frombuffer(one.pixels, np.uint8))
    assert not array.flags.writeable
    with pytest.raises(ValueError, match="read-only"):
        array[0, 0] = 1
    assert mask_array(memoryview(bytes(6)), 2, 3).shape == (2, 3)


def test_frame_of_a_slice_is_copied_and_of_a_wrong_shape_refused():
    one = frame()
    half = as_array(one)[:, ::2]
    meta = one.meta.model_copy(update={"width_px": 30})
    assert np.array_equal(as_array(frame_of(half, meta)), half)
    with pytest.raises(ValueError, match="expected"):
        frame_of(half, one.meta)
    with pytest.raises(ValueError, match="8-bit"):
        frame_of(half.astype(np.float32), meta)


def test_crop_is_square_centred_and_carries_its_origin():
    crop = cut_crop(frame(), box(30.5, 20.5), factor=3, confidence=0.7, filled_fraction=0.2, ground_sample_m=0.05)
    assert (crop.meta.width_px, crop.meta.height_px) == (18, 18)
    assert np.array_equal(as_array(crop), as_array(frame())[12:30, 22:40])
    assert (crop.meta.pts, crop.meta.t_s, crop.meta.detection_px) == (5, 0.5, 6.0)
    assert (crop.meta.confidence, crop.meta.filled_fraction, crop.meta.ground_sample_m) == (0.7, 0.2, 0.05)


@settings(deadline=None, max_examples=60)
@given(cx_px=st.floats(-100, 200), cy_px=st.floats(-100, 200), length_px=st.floats(0.1, 300), factor=st.floats(0.5, 5))
def test_crop_anywhere_is_square_and_repeats_the_border(cx_px, cy_px, length_px, factor):
    crop = cut_crop(frame(), box(cx_px, cy_px, max(length_px, 2.0)), factor=factor)
    array = as_array(crop)
    assert array.shape[0] == array.shape[1] >= 8
    assert array[..., 0].max() <= 59
    assert array[..., 1].max() <= 39


def test_sharpness_falls_with_blur():
    rng = np.random.default_rng(0)
    array = rng.integers(0, 255, (40, 60, 3), dtype=np.uint8)
    sharp = cut_crop(frame_of(array, frame().meta), box(30, 20))
    soft = cut_crop(frame_of(cv2.GaussianBlur(array, (0, 0), 2.0), frame().meta), box(30, 20))
    assert sharp.meta.sharpness > 5 * soft.meta.sharpness > 0


def test_crop_survives_png_exactly_and_jpeg_nearly():
    crop = cut_crop(frame(), box(30, 20))
    assert decode_crop(encode_crop(crop, PixelEncoding.PNG), crop.meta).pixels == crop.pixels
    lossy = as_array(decode_crop(encode_crop(crop), crop.meta)).astype(int)
    assert np.abs(lossy - as_array(crop)).mean() < 4


def test_codec_keeps_masks_exact_and_refuses_another_size():
    codec = CvPixelCodec()
    mask = memoryview((np.random.default_rng(0).integers(0, 2, (7, 5), dtype=np.uint8) * 255).tobytes())
    data = codec.encode(mask, (7, 5, 1), PixelEncoding.PNG)
    assert codec.decode(memoryview(data), (7, 5, 1), PixelEncoding.PNG) == mask
    with pytest.raises(UnreadableImage, match="expected"):
        codec.decode(memoryview(data), (5, 7, 1), PixelEncoding.PNG)
    with pytest.raises(UnreadableImage):
        codec.decode(memoryview(b"nonsense"), (5, 7, 3), PixelEncoding.JPEG)


def test_image_is_read_as_bgr(tmp_path):
    array = np.zeros((4, 6, 3), np.uint8)
    array[..., 2] = 255
    path = tmp_path / "붉다.png"
    path.write_bytes(cv2.imencode(".png", array)[1].tobytes())
    assert np.array_equal(read_image(path), array)


@pytest.mark.parametrize("container", ["mp4", "matroska"])
def test_subtitles_inside_become_srt(container, clip):
    path = clip(container=container, subtitles=("FrameCnt: 1\n\n제주 [iso: 100]", "FrameCnt: 2"))
    assert probe(path).has_subtitles
    assert embedded_subtitles(path) == (
        "1\n00:00:00,000 --> 00:00:00,090\nFrameCnt: 1\n제주 [iso: 100]\n\n"
        "2\n00:00:00,100 --> 00:00:00,190\nFrameCnt: 2\n"
    )


def test_no_subtitles_is_none(clip):
    assert embedded_subtitles(clip()) is None


def test_header(clip):
    path = clip(audio=True, created="2024-08-01T03:04:05.000000Z")
    info = probe(path)
    assert info.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert info.creation_time == datetime(2024, 8, 1, 3, 4, 5, tzinfo=UTC)
    assert info.has_audio
    assert not info.has_subtitles
    assert info.average_fps == pytest.approx(30)
    assert info.duration_s == pytest.approx(3.0, abs=0.05)
    assert info.size_bytes == path.stat().st_size
    assert probe(clip()).creation_time is None
