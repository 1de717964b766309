"""Wideberth's video: frames by their time, clips, crops."""

from wideberth_media.codec import CvPixelCodec
from wideberth_media.crops import cut_crop, decode_crop, encode_crop
from wideberth_media.cutting import Cut, cut_clip
from wideberth_media.djmd_track import djmd_json, has_djmd
from wideberth_media.info import VideoInfo, probe, sha256_of
from wideberth_media.keyframes import key_frames
from wideberth_media.klv_track import embedded_klv
from wideberth_media.mosaic import mosaic, whole_mosaic
from wideberth_media.pixels import as_array, buffer_of, frame_of, mask_array, read_image
from wideberth_media.proxy import Stopped, make_proxy, surely_plays
from wideberth_media.reader import ReadEnd, VideoReader, read_frames
from wideberth_media.sampling import Sampled
from wideberth_media.subtitles import embedded_subtitles
from wideberth_media.times import FrameStamp, frame_times
from wideberth_media.writer import VideoWriter

__all__ = [
    "Cut",
    "CvPixelCodec",
    "FrameStamp",
    "ReadEnd",
    "Sampled",
    "Stopped",
    "VideoInfo",
    "VideoReader",
    "VideoWriter",
    "as_array",
    "buffer_of",
    "cut_clip",
    "cut_crop",
    "decode_crop",
    "djmd_json",
    "embedded_klv",
    "embedded_subtitles",
    "encode_crop",
    "frame_of",
    "frame_times",
    "has_djmd",
    "key_frames",
    "make_proxy",
    "mask_array",
    "mosaic",
    "probe",
    "read_frames",
    "read_image",
    "sha256_of",
    "surely_plays",
    "whole_mosaic",
]
