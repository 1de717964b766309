"""The benches: modules under `bench/` of the source tree, each with `run(quick) -> rows`.

They need the source tree (and some the real data beside it), so they are no part of the installed package.
"""

import asyncio
import importlib.util
import platform
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from inspect import isawaitable, signature
from os import cpu_count
from pathlib import Path
from typing import Any

from wideberth_contracts.errors import BadInput, NotFound

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Bench:
    """A bench: its module below `bench/`, about how long it runs (quick / whole) and what it measures."""

    name: str
    module: str
    takes: str
    about: str


@dataclass(frozen=True, slots=True)
class Row:
    """One number. `met` is None where there is no aim."""

    name: str
    value: float | int | str | None
    unit: str
    aim: str | float | None
    met: bool | None
    note: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a bench found, on which machine and when."""

    bench: str
    date: str
    machine: str
    quick: bool
    rows: tuple[Row, ...]

    def as_json(self) -> dict[str, Any]:
        """The documented form."""
        return asdict(self)


BENCHES = (
    Bench("encounters", "accuracy/encounters.py", "5 / 60 min", "simulated encounters, every pack: violations found"),
    Bench("coverage", "accuracy/coverage.py", "2 / 12 min", "intervals against made truth, in every stratum"),
    Bench("separation", "accuracy/separation.py", "1 / 12 min", "errors of separations by what is known of a flight"),
    Bench("projector", "accuracy/projector.py", "1 / 1 min", "closed forms, a second derivation, cameratransform"),
    Bench(
        "boards",
        "accuracy/boards.py",
        "1 / 1 min",
        "real boards of flights left out, beside the published model",
    ),
    Bench("oblique", "accuracy/oblique.py", "1 / 1 min", "surveyed distances in real oblique pictures"),
    Bench("calibration", "accuracy/calibration.py", "1 / 6 min", "focal lengths by boards and known lengths, refusals"),
    Bench("telemetry", "accuracy/telemetry.py", "1 / 3 min", "real telemetry read right, and damaged on purpose"),
    Bench("horizon", "accuracy/horizon.py", "2 / 12 min", "the horizon found in simulated frames, and what is refused"),
    Bench("joining", "accuracy/joining.py", "3 / 15 min", "telemetry put to video: offsets, and others' telemetry"),
    Bench("glare", "accuracy/glare.py", "1 / 5 min", "glint removed, vessels and animals kept, against baselines"),
    Bench("glare_detection", "accuracy/glare_detection.py", "2 / 6 min", "dolphins found in glint, raw and cleared"),
    Bench("detector_sim", "accuracy/detector_sim.py", "1 / 4 min", "detector on unseen simulated stills, by stratum"),
    Bench("detector_real", "accuracy/detector_real.py", "1 / 9 min", "detector on real pictures, and on empty ones"),
    Bench("nearness", "accuracy/nearness.py", "2 / 14 min", "at which size animals are found, and the limit by length"),
    Bench("tiling", "accuracy/tiling.py", "2 / 12 min", "guided tiling against slicing everything, 4K and 1080p"),
    Bench("tracking", "accuracy/tracking.py", "1 / 5 min", "HOTA, IDF1, switches against other trackers"),
    Bench("speed_error", "accuracy/speed_error.py", "1 / 14 min", "speeds over ground against truth, 0 to 25 kn"),
    Bench("screening", "accuracy/screening.py", "1 / 4 min", "animals kept, clutter rejected, by type"),
    Bench("identity", "accuracy/identity.py", "1 / 25 min", "vessels named by simulated AIS, and named wrongly"),
    Bench("feed", "load/feed.py", "1 / 5 min", "alerts to open streams and webhooks: lost, twice, late"),
    Bench(
        "page", "load/page.py", "1 / 3 min", "the page before 10,000 alerts with the network cut: frames, rows, size"
    ),
    Bench("api", "load/api.py", "1 / 6 min", "pages of the API with 10,000 analyses and 100,000 alerts behind them"),
    Bench("access", "load/access.py", "3 / 12 min", "every route, role and owner; requests made from each OpenAPI"),
    Bench("limits", "load/limits.py", "1 / 1 min", "what limits of rate cost a request, shared by processes"),
    Bench("network_cut", "load/network_cut.py", "2 / 5 min", "the whole embedded flow with loopback alone"),
    Bench("hostile", "load/hostile.py", "3 / 8 min", "files that mean harm: each refused or bounded"),
    Bench(
        "upload_chaos", "load/upload_chaos.py", "4 / 60 min", "uploads under kills at random bytes: corrupt, sent twice"
    ),
    Bench(
        "job_chaos",
        "load/job_chaos.py",
        "5 / 90 min",
        "an analysis under kills of every part: what differs, what repeats",
    ),
    Bench("memory", "load/memory.py", "6 / 300 min", "peak memory of worker and gateway over the length of a video"),
    Bench("scale", "load/scale.py", "6 / 40 min", "1, 2, 4 workers; a season on 200; the database at that size"),
    Bench("cost", "speed/cost.py", "1 / 2 min", "locate, track and poses on one core, with 20 objects"),
    Bench("rules", "accuracy/rules.py", "2 / 8 min", "every rule primitive inside, outside, at the edge; every pack"),
    Bench("simulator", "speed/simulator.py", "1 / 2 min", "frames a second at 1080p"),
    Bench("transport", "speed/transport.py", "1 / 2 min", "one hop of a frame: local, shared memory, raw, JPEG"),
    Bench(
        "evidence", "speed/evidence.py", "4 / 10 min", "a bag of evidence: time to make it, every flipped byte found"
    ),
    Bench("speed", "speed/whole.py", "4 / 15 min", "frames a second of every stage and of the whole, 1080p and 4K"),
)


def bench_names() -> tuple[Bench, ...]:
    """All benches."""
    return BENCHES


async def run_bench(name: str, *, quick: bool, model: Path | None = None) -> Report:
    """Run one bench.

    Args:
        model: the folder of the weights to measure, for benches that take one; None for the shipped ones.

    Raises:
        NotFound: the source tree is not here.
        BadInput: the bench takes no model.
    """
    bench = next(bench for bench in BENCHES if bench.name == name)
    measure = _load(bench)
    given: dict[str, Any] = {}
    if model is not None:
        if "model" not in signature(measure).parameters:
            raise BadInput(f"the bench {name} takes no model", remedy="leave --model out")
        given["model"] = model
    answer = await asyncio.to_thread(measure, quick, **given)
    rows = await answer if isawaitable(answer) else answer
    return Report(name, datetime.now(UTC).date().isoformat(), machine(), quick, tuple(_row(row) for row in rows))


def _load(bench: Bench) -> Callable[..., Sequence[Mapping[str, Any]] | Awaitable[Sequence[Mapping[str, Any]]]]:
    file = ROOT / "bench" / bench.module
    if not file.is_file():
        raise NotFound(
            "the bench is not here", where=str(file), remedy="run it from the source tree: ./run wideberth bench …"
        )
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    spec = importlib.util.spec_from_file_location(f"wideberth_bench_{bench.name}", file)
    if spec is None or spec.loader is None:
        raise NotFound("the bench cannot be loaded", where=str(file))
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    found: Callable[..., Sequence[Mapping[str, Any]]] = module.run
    return found


def _row(row: Mapping[str, Any]) -> Row:
    return Row(
        name=row["name"],
        value=row.get("value"),
        unit=row.get("unit", ""),
        aim=row.get("aim"),
        met=row.get("met"),
        note=row.get("note", ""),
    )


def machine() -> str:
    """Cores, architecture, processor: what a number depends on."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        lines = cpuinfo.read_text().splitlines()
        model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), model)
    return f"{cpu_count()} cores, {platform.machine()}, {model}, Python {platform.python_version()}"
