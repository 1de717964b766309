"""A media file looked at by a process that may be lost: it has so much memory and time, and writes nothing.

`python -m wideberth_media.checking PATH LIMITS` is that process; `check` starts it. What passes can be opened with the
same calls anywhere: they are those the check has made.
"""

import resource
import signal
import subprocess
import sys
from pathlib import Path

from wideberth_contracts.errors import Problem, TooLarge, UnreadableVideo, WideberthError, error_from_problem
from wideberth_contracts.wire import NonNegative, UtcDatetime, Wire
from wideberth_media.limits import MediaLimits

STATUS = 400
CLOCK_FACTOR = 3.0
"""The check may wait for the disk so much longer than it reckons."""

TAKEN = 3
"""Exit code of a check that found something, told on stdout."""


class MediaFacts(Wire):
    """What a video file is, as far as it matters before an analysis."""

    width_px: int
    height_px: int
    codec: str
    duration_s: NonNegative
    average_fps: NonNegative
    streams: int
    boxes: int
    created_at: UtcDatetime | None


def check(path: Path, limits: MediaLimits) -> MediaFacts:
    """What the file is. Blocks.

    Raises:
        UnreadableVideo: it is no video that can be read, or reading it takes more memory or time than there is.
        TooLarge: it is above a limit; which, and what to do.
    """
    command = [sys.executable, "-I", "-m", "wideberth_media.checking", str(path.absolute()), limits.model_dump_json()]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=CLOCK_FACTOR * limits.check_s, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise _lost(path, f"it was not looked through in {CLOCK_FACTOR * limits.check_s:g} s") from error
    if done.returncode == 0:
        return MediaFacts.model_validate_json(done.stdout)
    if done.returncode == TAKEN:
        raise error_from_problem(Problem.model_validate_json(done.stdout))
    raise _lost(path, _ended(done.returncode, limits))


def _ended(code: int, limits: MediaLimits) -> str:
    if code == -signal.SIGXCPU:
        return f"it was not looked through in {limits.check_s:g} s of processor time"
    if code < 0:
        name = signal.Signals(-code).name if -code in signal.valid_signals() else f"signal {-code}"
        return f"looking at it ended the process that did ({name})"
    return f"looking at it ended the process that did (code {code})"


def _lost(path: Path, detail: str) -> UnreadableVideo:
    remedy = "copy the file from the card again; a file that was converted may do"
    return UnreadableVideo(detail, where=str(path), remedy=remedy)


def confine(limits: MediaLimits) -> None:
    """This process can have so much and no more, and can write to no file."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.check_bytes, limits.check_bytes))
    seconds = max(1, round(limits.check_s))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(path: str, told: str) -> int:
    """Look at the file; facts or a problem on stdout."""
    limits = MediaLimits.model_validate_json(told)
    confine(limits)
    try:
        # Only behind the limits: what reads the file is loaded there too.
        from wideberth_media.looking import look_through

        facts = look_through(Path(path), limits)
    except MemoryError:
        error: WideberthError = TooLarge(
            f"it takes more than {limits.check_bytes >> 20} MiB of memory to look at", where=path, remedy="convert it"
        )
    except WideberthError as refused:
        error = refused
    else:
        sys.stdout.write(facts.model_dump_json())
        return 0
    sys.stdout.write(error.problem(STATUS).model_dump_json())
    return TAKEN


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
