"""Which recording of a flight log a video is: by its length, the clock, and the order in which rows were written.

A log flags the rows during which the camera recorded; each edge is known to about a second.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from wideberth_contracts.poses import TelemetryPoint

EDGE_SIGMA_S = 0.6
"""The flag follows the camera by up to a second either way: uniform over +-1 s."""
LENGTH_TOLERANCE_S = 2.0
"""One second for each edge."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A run of rows flagged as recording, [start_s, stop_s] in the rows' own time.

    Attributes:
        number: in the log, from 1.
        opens, closes: whether the log shows the flag go up and down; else it begins or ends while recording.
    """

    number: int
    start_s: float
    stop_s: float
    opens: bool
    closes: bool

    @property
    def length_s(self) -> float:
        """Of the run."""
        return self.stop_s - self.start_s


def recordings(points: Sequence[TelemetryPoint]) -> tuple[Recording, ...] | None:
    """All runs of the log in order; None where it says nothing of recording.

    A single row without the flag amid rows with it is no stop: DJI closes one file of 4 GB and opens the next at once.
    """
    flags = [(point.t_s, point.recording) for point in points if point.recording is not None]
    if not flags:
        return None
    runs: list[tuple[int, int]] = []
    for index, (_, on) in enumerate(flags):
        if on and runs and index - runs[-1][1] <= 2:
            runs[-1] = (runs[-1][0], index)
        elif on:
            runs.append((index, index))
    last = len(flags) - 1
    return tuple(
        Recording(
            number, flags[a][0], flags[min(b + 1, last)][0] if b < last else flags[b][0], opens=a > 0, closes=b < last
        )
        for number, (a, b) in enumerate(runs, start=1)
    )


def offset_of(recording: Recording, duration_s: float) -> float | None:
    """What to add to rows' times to get the video's, by the edge the log shows; None where it shows neither."""
    if recording.opens:
        return -recording.start_s
    return duration_s - recording.stop_s if recording.closes else None


def fitting(found: Sequence[Recording], duration_s: float) -> tuple[Recording, ...]:
    """Those as long as the video, and those cut off by an end of the log that may have been."""
    return tuple(
        each
        for each in found
        if abs(each.length_s - duration_s) <= LENGTH_TOLERANCE_S
        or (each.opens != each.closes and each.length_s < duration_s)
    )


def longer(found: Sequence[Recording], duration_s: float) -> tuple[Recording, ...]:
    """Those the video may be a part of: cameras split a recording at 4 GB, people cut."""
    return tuple(each for each in found if each.length_s > duration_s + LENGTH_TOLERANCE_S)
