"""A season's footage on many workers, simulated: what is waited for, with times that were measured.

A discrete-event model. A flight is sensed segment by segment, each segment on whichever worker is free, its video read
from the store first; then it is followed on one worker. The database takes one write at a time. Flights wait in one
queue, in order of coming.
"""

import heapq
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured or is given.

    Attributes:
        sense_s: wall clock of a worker for a second of video.
        follow_s: the same, for following and drawing.
        database_s: of the database for a segment: begun, noted, ended.
        store_bytes_ps: of the object store to all workers together.
        video_bytes_ps: of the video, a second.
        database_at_once: transactions the database works on at the same time.
    """

    sense_s: float
    follow_s: float
    database_s: float
    store_bytes_ps: float
    video_bytes_ps: float
    database_at_once: int = 1


@dataclass(frozen=True, slots=True)
class Season:
    """What came of it.

    Attributes:
        days: from the first flight to the last result.
        busy: by part, the share of that time it worked, 0 to 1.
        bottleneck: the busiest part.
    """

    days: float
    busy: dict[str, float]
    bottleneck: str


def simulated(
    measured: Measured, hours: float, workers: int, flight_s: float = 1200.0, segment_s: float = 30.0
) -> Season:
    """The season: all flights there at once, as after a summer's field work."""
    flights, segments = round(hours * 3600 / flight_s), round(flight_s / segment_s)
    free = [0.0] * workers
    heapq.heapify(free)
    store_free_s = 0.0
    database_free = [0.0] * measured.database_at_once
    heapq.heapify(database_free)
    read_s = segment_s * measured.video_bytes_ps / measured.store_bytes_ps
    worked_s = stored_s = written_s = ended_s = 0.0
    for _ in range(flights):
        sensed_s = 0.0
        for _ in range(segments):
            begins_s = heapq.heappop(free)
            store_free_s = max(store_free_s, begins_s) + read_s
            stored_s += read_s
            sensed = max(store_free_s, begins_s) + segment_s * measured.sense_s
            written = max(heapq.heappop(database_free), sensed) + measured.database_s
            heapq.heappush(database_free, written)
            written_s += measured.database_s
            worked_s += written - begins_s
            heapq.heappush(free, written)
            sensed_s = max(sensed_s, written)
        begins_s = max(heapq.heappop(free), sensed_s)
        ends_s = begins_s + flight_s * measured.follow_s
        worked_s += flight_s * measured.follow_s
        heapq.heappush(free, ends_s)
        ended_s = max(ended_s, ends_s)
    busy = {
        "workers": worked_s / (workers * ended_s),
        "object store": stored_s / ended_s,
        "database": written_s / (measured.database_at_once * ended_s),
    }
    # A worker that waits for the store counts as at work: the store is the cause where it is hardly ever idle.
    causes = {**busy, "workers": busy["workers"] if busy["object store"] < 0.95 and busy["database"] < 0.95 else 0.0}
    return Season(ended_s / 86_400, busy, max(causes, key=lambda part: causes[part]))
