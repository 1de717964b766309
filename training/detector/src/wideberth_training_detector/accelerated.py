"""Train on an accelerator by the clock: `python -m wideberth_training_detector.accelerated --atlas A --grounds G …`.

Pictures are made on the device as they are needed (see `batches/`): no disk is read. The loop is in `learning.py`.
The same command runs on a CPU, only slower.

First the network learns from everything but the lake pictures. From there a fold at a time goes on with two thirds of
the lake's photographs, to be judged on the rest, and the released network with all of them. With `--makers` processes
of their own make the pictures, and there is one stretch only, with the folds of `--lake-folds` open. The closed ones
judge it only where what it started from had not seen them either.
"""

import argparse
import contextlib
import json
import queue
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from wideberth_training_detector.batches.draws import Draws
from wideberth_training_detector.batches.echo import echoed
from wideberth_training_detector.batches.maker import Batch, Materials, Shares, make
from wideberth_training_detector.batches.makers import MOST_BOXES, Makers, Recipe, learnt_from
from wideberth_training_detector.batches.opening import opened
from wideberth_training_detector.batches.pool import PicturePool, load_grounds
from wideberth_training_detector.batches.sprites import load_bank
from wideberth_training_detector.batches.stills_stream import StillsStream
from wideberth_training_detector.learning import Averaged, Settings, network_from, save, train
from wideberth_training_detector.manifest import manifest
from wideberth_training_detector.quiet import keep_offline
from wideberth_training_detector.sources import LAKE_FOLDS
from wideberth_training_detector.start_weights import unfold

# Pictures to choose from where each is learnt from several times.
_KEPT_PICTURES = 2000
# Batches that tell what the normalisations of a released network see.
_UNFOLD_BATCHES = 8


def _no_pieces(device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
    empty = torch.zeros(0, dtype=torch.long, device=device)
    return empty, empty


def _endless(
    stuff: Materials, stream: StillsStream, settings: Settings, shares: Shares, device: torch.device
) -> Iterator[Batch]:
    rng = np.random.default_rng(settings.seed)
    fresh = _fresh(stuff, stream, settings, shares, device)
    yield from echoed(fresh, settings.echo, _KEPT_PICTURES, rng)


def _fresh(
    stuff: Materials, stream: StillsStream, settings: Settings, shares: Shares, device: torch.device
) -> Iterator[Batch]:
    draws = Draws(torch.Generator(device=device).manual_seed(settings.seed))
    rng = np.random.default_rng(settings.seed)
    while True:
        stream.drain(stuff.stills)
        with torch.no_grad():
            batch = make(draws, rng, stuff, settings.batch, settings.side_px, shares)
        yield batch


class Ahead:
    """Batches made by a thread on a stream of the device's own, two ahead of where they are wanted."""

    def __init__(self, batches: Iterator[Batch], device: torch.device) -> None:
        self._batches, self._device = batches, device
        self._ready: queue.Queue[tuple[Batch, torch.cuda.Event | None] | BaseException] = queue.Queue(2)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._make, daemon=True)
        self._thread.start()

    def __iter__(self) -> Iterator[Batch]:
        while True:
            got = self._ready.get()
            if isinstance(got, BaseException):
                raise got
            batch, made = got
            if made is not None:
                now = torch.cuda.current_stream(self._device)
                now.wait_event(made)
                labels = batch.labels
                for tensor in (batch.rgb, labels.picture, labels.kind, labels.boxes):
                    tensor.record_stream(now)
            yield batch

    def close(self) -> None:
        """Stop making batches and wait for the thread."""
        self._stop.set()
        while self._thread.is_alive():
            with contextlib.suppress(queue.Empty):
                self._ready.get_nowait()
            self._thread.join(0.05)

    def _make(self) -> None:
        try:
            own = torch.cuda.Stream(self._device) if self._device.type == "cuda" else None  # type: ignore[no-untyped-call]
            while not self._stop.is_set():
                with torch.cuda.stream(own) if own else contextlib.nullcontext():
                    batch = next(self._batches)
                self._ready.put((batch, own.record_event() if own else None))
        except BaseException as error:
            self._ready.put(error)


def run_beside_makers(given: argparse.Namespace, device: torch.device) -> None:
    """One stretch until `--until` or for `--seconds`, with pictures made by other processes."""
    folds = tuple(int(fold) for fold in given.lake_folds.split(",") if fold)
    shares = Shares(stills=given.stills_share, open_real=given.open_share, labelled_real=given.labelled_share)
    recipe = Recipe(
        given.atlas, given.grounds, given.maker_batch, given.side, shares, given.stills, given.workers,
        given.first_seed, given.seed, str(device), partial(opened, folds=folds),
    )  # fmt: skip
    pool = PicturePool(given.pool, given.side, MOST_BOXES, device)
    draws = Draws(torch.Generator(device=device).manual_seed(given.seed))
    log: list[dict[str, float]] = []
    with Makers(recipe, given.makers) as makers:
        network = network_from(given.start, device)
        batches = learnt_from(makers, pool, draws, given.batch, given.side, given.echo)
        if given.start.suffix == ".onnx":
            unfold(network, (next(batches).rgb for _ in range(_UNFOLD_BATCHES)))
        seconds = given.until - time.time() if given.until else given.seconds
        settings = Settings(
            seconds, given.batch, given.side, given.rate, 0.04, given.decay, given.seed, given.frozen,
            given.out / "main.pt", 1, given.fixed_norms,
        )  # fmt: skip
        average = train(network, batches, settings, log)
        save(average, given.out / "main.pt")
        told = {"pictures made": makers.made, "steps": log[-1]["step"], "pictures a step": given.batch}
        drawn = f"{makers.stills}, seeds from {given.first_seed}"
    (given.out / "log.json").write_text(json.dumps({**told, "log": {"main": log}}))
    made_of = manifest(given.atlas, given.grounds, drawn, shares, folds)
    (given.out / "manifest.json").write_text(json.dumps(made_of | told, indent=1) + "\n")
    print(json.dumps(told), flush=True)


def run(given: argparse.Namespace) -> None:
    """The whole plan: without the lake, then the folds, then everything."""
    torch.backends.cuda.matmul.allow_tf32 = True
    torch.backends.cudnn.allow_tf32 = True
    torch.backends.cudnn.benchmark = True
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if given.makers:
        run_beside_makers(given, device)
        return
    log: dict[str, list[dict[str, float]]] = {}
    kept, names = load_grounds(given.kept_stills, device) if given.kept_stills else (None, np.array([], np.str_))
    stills = kept or PicturePool(given.stills, given.side, MOST_BOXES, device)
    with StillsStream(given.workers, given.first_seed, stills.side) as stream:
        bank, (real, origin) = load_bank(given.atlas, device), load_grounds(given.grounds, device)
        whole = Materials(
            bank, np.zeros(len(bank.kind), bool), stills, real, *_no_pieces(device), np.zeros(len(real), bool)
        )
        settings = Settings(
            given.seconds,
            given.batch,
            given.side,
            given.rate,
            0.04,
            given.decay,
            given.seed,
            given.frozen,
            None,
            int(given.echo),
            given.fixed_norms,
        )
        network = network_from(given.start, device)
        shares = Shares(stills=given.stills_share, open_real=given.open_share)
        if given.start.suffix == ".onnx":
            some = _endless(opened(whole, origin, ()), stream, settings, shares, device)
            unfold(network, (next(some).rgb for _ in range(_UNFOLD_BATCHES)))
        average = Averaged(network, settings.decay)
        if given.seconds > 0:
            main = replace(settings, keep_at=given.out / "main.pt")
            batches = Ahead(_endless(opened(whole, origin, ()), stream, settings, shares, device), device)
            average = train(network, iter(batches), main, log.setdefault("main", []))
            batches.close()
            save(average, given.out / "main.pt")
        after = replace(settings, rate=given.rate / 5, warm_up=0.1, decay=0.998)
        for name, folds, seconds in _stretches(given):
            network.load_state_dict(average.state)
            part = replace(after, seconds=seconds, keep_at=given.out / f"{name}.pt")
            batches = Ahead(
                _endless(
                    opened(whole, origin, folds), stream, part, replace(shares, labelled_real=given.lake_share), device
                ),
                device,
            )
            save(train(network, iter(batches), part, log.setdefault(name, [])), given.out / f"{name}.pt")
            batches.close()
            (given.out / "log.json").write_text(json.dumps({"stills": stream.made, "log": log}))
        drawn = f"{stream.made}, seeds from {given.first_seed}" + (f"; {len(kept)}, {_span(names)}" if kept else "")
        made_of = manifest(given.atlas, given.grounds, drawn, shares, tuple(range(LAKE_FOLDS)))
        (given.out / "manifest.json").write_text(json.dumps(made_of, indent=1) + "\n")


def _span(names: NDArray[np.str_]) -> str:
    seeds = [int(str(name).partition(":")[2]) for name in names]
    return f"seeds between {min(seeds)} and {max(seeds)}"


def _stretches(given: argparse.Namespace) -> list[tuple[str, tuple[int, ...], float]]:
    folds = [(f"fold_{k}", tuple(f for f in range(3) if f != k), given.fold_seconds) for k in range(3)]
    last = [("all", (0, 1, 2), given.last_seconds)]
    return last + (folds if given.fold_seconds > 0 else [])


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--atlas", type=Path, required=True)
    parser.add_argument("--grounds", type=Path, required=True)
    parser.add_argument(
        "--start", type=Path, default=Path("../../../shared/data/weights/yolo11n_coco_dequantised.safetensors")
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path("work"))
    parser.add_argument("--seconds", type=float, default=420)
    parser.add_argument("--last-seconds", type=float, default=40)
    parser.add_argument("--fold-seconds", type=float, default=25)
    parser.add_argument("--stills-share", type=float, default=0.38, help="of a batch, simulated stills")
    parser.add_argument("--open-share", type=float, default=0.14, help="of a batch, real pictures without objects")
    parser.add_argument("--lake-share", type=float, default=0.2, help="of a batch, labelled real ones in the last part")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--side", type=int, default=640)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--decay", type=float, default=0.9995, help="of the average that is kept")
    parser.add_argument("--frozen", type=int, default=0, help="first layers that stay as they are")
    parser.add_argument("--echo", type=float, default=1, help="how often each picture is learnt from; 4 suits a CPU")
    parser.add_argument("--fixed-norms", action="store_true", help="normalise as the start does; for small batches")
    parser.add_argument("--stills", type=int, default=16000, help="simulated stills kept at most")
    parser.add_argument("--workers", type=int, default=14, help="processes that render stills; with --makers, of each")
    parser.add_argument("--makers", type=int, default=0, help="processes that make pictures; 0: this one does")
    parser.add_argument("--maker-batch", type=int, default=64, help="pictures a maker makes at once")
    parser.add_argument("--pool", type=int, default=12000, help="pictures of makers kept on the device")
    parser.add_argument("--lake-folds", default="0,1", help="with --makers, folds of the lake that are learnt from")
    parser.add_argument(
        "--labelled-share", type=float, default=0.08, help="with --makers, of a batch, labelled real ones"
    )
    parser.add_argument("--until", type=float, help="with --makers, end at this time (seconds since 1970)")
    parser.add_argument("--kept-stills", type=Path, help="a file of `batches/stills_set.py` to begin with")
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    keep_offline(given.work)
    run(given)


if __name__ == "__main__":
    main()
