"""Batches made by processes of their own and handed over through shared memory: see `Makers`.

One process that both makes pictures and learns from them is held up by its own interpreter: thousands of small
operations a batch wait for one another. Here makers fill a pool on the training device, and the network learns from
random pictures of the pool, each about `echo` times; see `echo.py` for why that teaches nearly as much.
"""

import contextlib
import multiprocessing
import queue
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import torch
from torch import Tensor

from wideberth_training_detector.batches.draws import Draws
from wideberth_training_detector.batches.maker import Batch, Materials, Shares, make
from wideberth_training_detector.batches.paste import Labels
from wideberth_training_detector.batches.pool import NO_BOX, PicturePool, load_grounds
from wideberth_training_detector.batches.sprites import load_bank
from wideberth_training_detector.batches.stills_stream import StillsStream

MOST_BOXES = 40
_SLOTS_A_MAKER = 3
_FIRST_PICTURES = 1500
# A piece of a kept picture: enlarged a little and mirrored, never turned, so that a horizon stays one.
_ZOOM = (1.0, 1.2)


@dataclass(frozen=True)
class Recipe:
    """What one maker needs to know; goes to it by pickling.

    Attributes:
        atlas: sprites.
        grounds: real pieces.
        batch: pictures it makes at once.
        side_px: of a picture.
        shares: of grounds.
        stills: simulated ones it keeps at most.
        renderers: its processes that render stills.
        first_seed: of its stills; makers and their renderers share the seeds from there among themselves.
        seed: of everything else.
        device: where it works.
        opened: says which materials of the real pictures are open.
    """

    atlas: Path
    grounds: Path
    batch: int
    side_px: int
    shares: Shares
    stills: int
    renderers: int
    first_seed: int
    seed: int
    device: str
    opened: Callable[[Materials, Any], Materials]


class Makers:
    """Processes that make batches; `pour` moves what they made into a pool.

    Attributes:
        made: pictures poured so far.
        stills: simulated stills the makers have taken in so far.
    """

    def __init__(self, recipe: Recipe, count: int) -> None:
        self.made, self.stills = 0, 0
        self._device = torch.device(recipe.device)
        slots = count * _SLOTS_A_MAKER
        room = Path("/dev/shm") if Path("/dev/shm").is_dir() else Path(tempfile.gettempdir())
        self._folder = tempfile.TemporaryDirectory(prefix="batches-", dir=room)
        shape = (slots, recipe.batch, recipe.side_px)
        self._shelf = _Shelf(Path(self._folder.name), *shape)
        context = multiprocessing.get_context("spawn")
        self._free: Any = context.Queue()
        self._ready: Any = context.Queue()
        for slot in range(slots):
            self._free.put(slot)
        self._lent: list[tuple[int, torch.cuda.Event | None]] = []
        self._counts = [0] * count
        recipes = [replace(recipe, seed=recipe.seed + 7919 * k) for k in range(count)]
        self._processes: list[BaseProcess] = [
            context.Process(target=_work, args=(one, k, count, self._shelf, self._free, self._ready))
            for k, one in enumerate(recipes)
        ]

    def __enter__(self) -> "Makers":
        for process in self._processes:
            process.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for _ in self._processes:
            self._free.put(None)
        for process in self._processes:
            process.join(20)
            if process.is_alive():
                process.terminate()
        self._folder.cleanup()

    def pour(self, pool: PicturePool, wait_s: float = 0.0) -> bool:
        """Move one batch into the pool, if one is there within `wait_s`; whether one was.

        Raises:
            RuntimeError: a maker has died.
        """
        while self._lent and _is_over(self._lent[0][1]):
            self._free.put(self._lent.pop(0)[0])
        try:
            slot, maker, count, stills = self._ready.get(timeout=wait_s) if wait_s else self._ready.get_nowait()
        except queue.Empty:
            if not all(process.is_alive() for process in self._processes):
                raise RuntimeError("a process that makes pictures has died; its words are above") from None
            return False
        rgb, rows = self._shelf.of(slot)
        pool.extend(rgb[:count], rows[:count])
        event = torch.cuda.current_stream(self._device).record_event() if self._device.type == "cuda" else None
        self._lent.append((slot, event))
        self.made += count
        self._counts[maker] = stills
        self.stills = sum(self._counts)
        return True


class _Shelf:
    """Slots of shared memory, each for one batch."""

    def __init__(self, folder: Path, slots: int, batch: int, side: int) -> None:
        self._folder, self._shape = folder, (slots, batch, side)
        self._opened: tuple[Tensor, Tensor] | None = None

    def of(self, slot: int) -> tuple[Tensor, Tensor]:
        """Pixels (batch, 3, side, side) uint8 and box rows (batch, MOST_BOXES, 6) of a slot."""
        if self._opened is None:
            slots, batch, side = self._shape
            pixels = _mapped(self._folder / "pixels", (slots, batch, 3, side, side), torch.uint8)
            self._opened = pixels, _mapped(self._folder / "rows", (slots, batch, MOST_BOXES, 6), torch.float32)
        return self._opened[0][slot], self._opened[1][slot]

    def __getstate__(self) -> dict[str, Any]:
        return {"_folder": self._folder, "_shape": self._shape, "_opened": None}


def _mapped(path: Path, shape: tuple[int, ...], kind: torch.dtype) -> Tensor:
    flat = torch.from_file(str(path), shared=True, size=int(np.prod(shape)), dtype=kind)
    if torch.cuda.is_available():
        # Locked pages let the device read while the processor goes on; without, all is the same but slower.
        with contextlib.suppress(Exception):
            torch.cuda.cudart().cudaHostRegister(flat.data_ptr(), flat.numel() * flat.element_size(), 0)  # type: ignore[no-untyped-call]
    return flat.reshape(shape)


def _is_over(event: torch.cuda.Event | None) -> bool:
    return event is None or bool(event.query())  # type: ignore[no-untyped-call]


def rows_of(labels: Labels, count: int) -> Tensor:
    """Labels as the box rows of a `PicturePool`, (count, MOST_BOXES, 6); of fuller pictures the largest boxes."""
    device = labels.boxes.device
    order = torch.argsort(labels.boxes[:, 2], descending=True)
    order = order[torch.argsort(labels.picture[order], stable=True)]
    picture = labels.picture[order]
    starts = torch.searchsorted(picture, torch.arange(count, device=device))
    slot = torch.arange(len(picture), device=device) - starts[picture]
    kept = slot < MOST_BOXES
    rows = torch.full((count, MOST_BOXES, 6), float(NO_BOX), device=device)
    mine = torch.cat([labels.kind[order].float()[:, None], labels.boxes[order].float()], 1)
    rows[picture[kept], slot[kept]] = mine[kept]
    return rows


def _work(recipe: Recipe, which: int, count: int, shelf: _Shelf, free: Any, ready: Any) -> None:
    """One maker: until it finds `None` among the free slots."""
    device = torch.device(recipe.device)
    if device.type == "cuda":
        torch.set_num_threads(1)
    bank, (real, origin) = load_bank(recipe.atlas, device), load_grounds(recipe.grounds, device)
    stills = PicturePool(recipe.stills, recipe.side_px, MOST_BOXES, device)
    nothing = torch.zeros(0, dtype=torch.long, device=device)
    whole = Materials(bank, np.zeros(len(bank.kind), bool), stills, real, nothing, nothing, np.zeros(len(real), bool))
    stuff = recipe.opened(whole, origin)
    draws = Draws(torch.Generator(device=device).manual_seed(recipe.seed))
    rng = np.random.default_rng(recipe.seed)
    seeds = (recipe.first_seed + which * recipe.renderers, count * recipe.renderers)
    with StillsStream(recipe.renderers, seeds[0], stills.side, seeds[1]) as stream, torch.no_grad():
        while (slot := _next(free)) is not None:
            stream.drain(stills)
            batch = make(draws, rng, stuff, recipe.batch, recipe.side_px, recipe.shares)
            rgb, rows = shelf.of(slot)
            size = len(batch.rgb)
            rgb[:size].copy_((batch.rgb.clamp(0, 1) * 255).round().to(torch.uint8))
            rows[:size].copy_(rows_of(batch.labels, size))
            ready.put((slot, which, size, stream.made))


def _next(free: Any) -> int | None:
    """A free slot, or `None` when it is time to stop: told so, or the process that asked is gone."""
    parent = multiprocessing.parent_process()
    while parent is None or parent.is_alive():
        with contextlib.suppress(queue.Empty):
            slot: int | None = free.get(timeout=5)
            return slot
    return None


def learnt_from(
    makers: Makers, pool: PicturePool, draws: Draws, batch: int, side_px: int, echo: float
) -> Iterator[Batch]:
    """Endless batches of random pictures of the pool, which is filled up so that each is used about `echo` times.

    Where the makers are slower than that, pictures are used more often: the network never waits.
    """
    used = 0
    while True:
        # At first there must be something to mix.
        while len(pool) < min(_FIRST_PICTURES, 8 * batch):
            makers.pour(pool, 1.0)
        if used >= (makers.made - len(pool)) * echo:
            makers.pour(pool)
        yield Batch(*pool.pieces(draws, batch, side_px, _ZOOM, 0.0, quarters=False))
        used += batch
