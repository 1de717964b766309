"""Wideberth's video: frames by their time, clips, crops."""

from wideberth_media.info import VideoInfo, probe, sha256_of
from wideberth_media.pixels import as_array, buffer_of, frame_of, mask_array, read_image
from wideberth_media.reader import ReadEnd, VideoReader, read_frames
from wideberth_media.sampling import Sampled
from wideberth_media.times import FrameStamp, frame_times

__all__ = [
    "FrameStamp",
    "ReadEnd",
    "Sampled",
    "VideoInfo",
    "VideoReader",
    "as_array",
    "buffer_of",
    "frame_of",
    "frame_times",
    "mask_array",
    "probe",
    "read_frames",
    "read_image",
    "sha256_of",
]
