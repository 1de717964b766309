"""DJI's `djmd` track of a video, printed by ExifTool: the one reader that knows the protocols of DJI's models."""

import re
import subprocess
from pathlib import Path

import av
from av.error import FFmpegError

from wideberth_contracts.errors import UnreadableTelemetry

OLDEST = (13, 39)
"""The first ExifTool that knows the Air 3S; older ones leave out models without a word, and 12 knows none at all."""
LONGEST_S = 900.0
"""A 4 GB recording takes about a minute."""
DJI_HANDLERS = frozenset({"DJI meta", "CAM meta", "DJI dbgi", "CAM dbgi"})
"""Names of the tracks of metadata and of debugging, as DJI's drones and its action cameras write them."""
_REMEDY = "install ExifTool 13.39 or newer (exiftool.org), or give the .SRT or the flight log"


def has_djmd(video: Path) -> bool:
    """Whether the video has a track of DJI's metadata, by the name of its handler."""
    try:
        with av.open(str(video), mode="r", metadata_errors="replace") as container:
            names = {track.metadata.get("handler_name", "") for track in container.streams.data}
            return any(name.endswith("meta") for name in names & DJI_HANDLERS)
    except (FFmpegError, ValueError, OSError):
        return False


def djmd_json(video: Path, program: str = "exiftool") -> bytes:
    """What ExifTool prints of the track, as JSON; one numbered document a sample, numbers as numbers.

    Runs a program and waits for it: call it in a thread.

    Raises:
        UnreadableTelemetry: ExifTool is not there, is too old or fails; says which.
    """
    said = _run(video, [program, "-ver"], 60.0).decode("ascii", errors="replace").strip()
    match = re.fullmatch(r"(\d+)\.(\d+).*", said)
    if match is None or (int(match.group(1)), int(match.group(2))) < OLDEST:
        raise UnreadableTelemetry(
            f"the djmd track needs ExifTool {OLDEST[0]}.{OLDEST[1]} or newer; the one here is {said[:20] or 'unknown'}",
            where=str(video),
            remedy=_REMEDY,
        )
    return _run(video, [program, "-ee", "-G3", "-j", "-n", str(video.resolve())], LONGEST_S)


def _run(video: Path, command: list[str], longest_s: float) -> bytes:
    try:
        done = subprocess.run(command, capture_output=True, timeout=longest_s, check=False, stdin=subprocess.DEVNULL)
    except FileNotFoundError as error:
        raise UnreadableTelemetry(
            "the djmd track needs ExifTool, which is not installed", where=str(video), remedy=_REMEDY
        ) from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UnreadableTelemetry(
            f"ExifTool could not read the djmd track ({error})", where=str(video), remedy=_REMEDY
        ) from error
    if done.returncode != 0 or not done.stdout:
        words = done.stderr.decode("utf-8", errors="replace").strip().splitlines()
        raise UnreadableTelemetry(
            f"ExifTool could not read the djmd track ({words[-1][:200] if words else 'no answer'})",
            where=str(video),
            remedy=_REMEDY,
        )
    return done.stdout
