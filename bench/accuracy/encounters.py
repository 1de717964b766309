"""Simulated encounters: violations found against the truth, alerts without one, under all packs.

60 encounters in numbers (`encounter_plans`): exact motion and camera, detections and telemetry with measured errors,
then the real pose fit, locate, track, separate, judge and the gateway's alerts, segment by segment. Truth is worked out
from the motion and the packs' numbers alone (`encounter_reference`). A violation must be found where the truth is past
the threshold by more than the stated 95 % interval for the rule's duration. Two encounters of many minutes stand beside
them. Without `quick`, ten rendered scenes go through the whole chain, detector and all, under the Korean rule of 50 m.
"""

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from bench.accuracy.encounter_trials import Trial, trial
from bench.accuracy.encounter_weighing import Act, Told
from bench.accuracy.encounters_rendered import rendered_rows
from wideberth_contracts.known import DRONE

Row = dict[str, Any]
ENCOUNTERS, QUICK_ENCOUNTERS, LONG = 60, 8, 2
FIRST_SEED = 7_000
"""Above those looked at while the bench was made and the judge corrected."""
PROCESSES = 2
LATE_SEGMENTS = 1


async def run(quick: bool) -> list[Row]:
    """All rows: `name, value, unit, aim, met, note`."""
    numbers = [*range(-LONG, 0), *range(ENCOUNTERS)] if not quick else list(range(QUICK_ENCOUNTERS))
    rows = rows_of(trials(numbers, FIRST_SEED))
    return rows if quick else rows + await rendered_rows()


def trials(numbers: Sequence[int], first_seed: int) -> list[Trial]:
    """Encounters over two processes, the long ones first; one thread a process."""
    os.environ.update({"NUMBA_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"})
    with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as pool:
        return list(pool.map(trial, numbers, [first_seed + number for number in numbers]))


def rows_of(flown: Sequence[Trial]) -> list[Row]:
    """What came of them: totals, then packs, then kinds of rules."""
    acts = [act for one in flown for act in one.acts if act.craft != DRONE]
    own = [act for one in flown for act in one.acts if act.craft == DRONE]
    alerts = [alert for one in flown for alert in one.alerts]
    told = f"{len(flown)} encounters, {len(alerts)} alerts, {sum(one.broken for one in flown)} rules broken by a craft"
    doubled = sum(len(one.alerts) - len({(a.pack, a.rule, a.craft) for a in one.alerts}) for one in flown)
    sure, late = _sure(acts), [act for act in _sure(acts) if _late(act)]
    false = [alert for alert in alerts if not alert.is_true]
    rows = [
        _share("sure violations found", _found(sure), len(sure), ">= 0.95", told),
        _share("past by half the interval: found", _found(_half(acts)), len(_half(acts)), None, "half of all "
               "measurements at that edge do not show it"),
        _share("alerts without a true violation", len(false), len(alerts), "<= 0.01", _those(false)),
        _count("alerts beyond one for an encounter and rule", doubled, ""),
        _count("alerts later than one segment after the act", len(late), _delays(sure)),
        _row("alerts withdrawn on the way", sum(one.withdrawn for one in flown), "", None, None, ""),
        _share("drone's own conduct: sure violations found", _found(_sure(own)), len(_sure(own)), ">= 0.95", ""),
        _count("drone's own conduct: violations without one", sum(act.slack == 0.0 for act in own), ""),
    ]  # fmt: skip
    rows += [_part(f"pack {name}", [a for a in acts + own if a.pack == name], [a for a in alerts if a.pack == name])
             for name in sorted({act.pack for act in acts + own})]  # fmt: skip
    for kind in sorted({act.type for act in acts + own} | {alert.type for alert in alerts}):
        rows.append(_part(kind, [a for a in acts + own if a.type == kind], [a for a in alerts if a.type == kind], True))
    return rows


def _sure(acts: Iterable[Act]) -> list[Act]:
    return [act for act in acts if act.slack == 1.0]


def _half(acts: Iterable[Act]) -> list[Act]:
    return [act for act in acts if act.slack == 0.5]


def _found(acts: Iterable[Act]) -> int:
    return sum(act.found_in is not None for act in acts)


def _late(act: Act) -> bool:
    return act.found_in is not None and act.found_in - act.segment > LATE_SEGMENTS


def _delays(acts: Iterable[Act]) -> str:
    delays = sorted(max(0, act.found_in - act.segment) for act in acts if act.found_in is not None)
    if not delays:
        return "none found"
    return ", ".join(f"{delays.count(n)} after {n}" for n in sorted(set(delays))) + " segments"


def _part(name: str, acts: list[Act], alerts: list[Told], with_misses: bool = False) -> Row:
    sure = _sure(acts)
    missed = [act for act in sure if act.found_in is None]
    false = sum(not alert.is_true for alert in alerts)
    note = f"{len(alerts)} alerts, {false} without a true violation"
    if with_misses and missed:
        note += "; missed: " + "; ".join(sorted({f"{a.pack} {a.rule} {a.verdict}: {a.reason[:160]}" for a in missed}))
    return _row(f"{name}: sure violations found", _found(sure), f"of {len(sure)}", None, None, note)


def _those(alerts: Iterable[Told]) -> str:
    return "; ".join(
        f"{a.pack} {a.rule} {a.encounter} {a.span_s[0]:.0f} to {a.span_s[1]:.0f} s: {a.reason}" for a in alerts
    )


def _share(name: str, part: int, whole: int, aim: str | None, note: str) -> Row:
    if not whole:
        return _row(name, None, "share", aim, None, "none")
    met = None
    if aim is not None:
        limit = float(aim[3:])
        met = part / whole >= limit if aim.startswith(">=") else part / whole <= limit
    return _row(name, round(part / whole, 4), "share", aim, met, f"{part} of {whole}; {note}".rstrip("; "))


def _count(name: str, value: int, note: str) -> Row:
    return _row(name, value, "", 0, value == 0, note)


def _row(name: str, value: Any, unit: str, aim: Any, met: bool | None, note: str) -> Row:
    return {"name": name, "value": value, "unit": unit, "aim": aim, "met": met, "note": note}
