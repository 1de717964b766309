"""One simulated flight of the bench `joining` with everybody's telemetry; apart, so that any process can load it."""

import asyncio
from dataclasses import dataclass

from bench.accuracy.joining_flights import Clip, draw_log, draw_scene, longer_srt_of, rendered, srt_of
from wideberth_contracts.joining import Join, JoinFinding, JoinMethod
from wideberth_simulator import Scene

OTHERS = 3
CUT_S = 7.4


@dataclass(frozen=True, slots=True)
class Joined:
    """One log: error and standard error of the offset before and after the picture was asked."""

    before_s: float | None
    after_s: float | None
    sigma_s: float
    method: JoinMethod
    refused: JoinFinding | None
    findings: tuple[JoinFinding, ...]


@dataclass(frozen=True, slots=True)
class Flown:
    """One flight: its own log, the same with two more recordings as long, its .SRT, a cut one, and others'."""

    turns: bool
    log: Joined
    among_three: Joined
    srt: Joined
    cut_srt: Joined
    other_logs: tuple[Joined, ...]
    other_srts: tuple[Joined, ...]


def fly(seed: int) -> Flown:
    """One flight with everybody's telemetry."""
    scene, turns = draw_scene(seed)
    clip, folder = rendered(scene)
    with folder:
        return asyncio.run(_fly(seed, scene, turns, clip))


async def _fly(seed: int, scene: Scene, turns: bool, clip: Clip) -> Flown:
    own, three = draw_log(scene, seed), draw_log(scene, seed + 1, alike=2)
    others = [draw_scene(seed + 50_000 + k)[0] for k in range(OTHERS)]
    return Flown(
        turns=turns,
        log=_told(await clip.joined(own.record), own.offset_s),
        among_three=_told(await clip.joined(three.record, created=False), three.offset_s),
        srt=_told(await clip.joined(srt_of(scene)), 0.0),
        cut_srt=_told(await clip.joined(longer_srt_of(scene, CUT_S), created=False), -CUT_S),
        other_logs=tuple([_told(await clip.joined(draw_log(each, seed).record), None) for each in others]),
        other_srts=tuple([_told(await clip.joined(srt_of(each)), None) for each in others]),
    )


def _told(joins: tuple[Join, Join], true_s: float | None) -> Joined:
    before, after = joins

    def error(join: Join) -> float | None:
        return None if true_s is None or join.refused else join.offset_s.value - true_s

    return Joined(
        error(before), error(after), after.offset_s.sigma, after.method, after.refused,
        tuple(note.finding for note in after.notes),
    )  # fmt: skip
