"""An atlas of objects as a drone sees them, one file: rendered, painted and cut out of permitted pictures.

    python -m wideberth_training_detector.atlas --out DIR --seed N --data ../../../shared/data [--folds]

`atlas.npz` holds WebP pictures with coverage end to end in `data` (uint8) between `offsets` (n + 1), and one entry a
sprite of `kind`, `size` (height, width), `box` (cx, cy, length, width in px, angle in rad clockwise from +x),
`view_pitch_deg`, `can_rotate`, `real_length_m`, `source`, `licence`, `wet` and `fold`. Colours are not multiplied by
coverage; multiply before scaling. The same seed gives the same file.
"""

import argparse
import io
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from wideberth_training_detector.atlas_animals import dolphin, swimmer_sprite
from wideberth_training_detector.atlas_clutter import clutter
from wideberth_training_detector.atlas_cutouts import cutouts
from wideberth_training_detector.atlas_foam import Rng
from wideberth_training_detector.atlas_sprite import Sprite
from wideberth_training_detector.atlas_vessels import board_sprite, jet_ski_sprite, vessel

COUNTS = {"dolphin": 850, "vessel": 1200, "jet_ski": 400, "swimmer": 420, "clutter": 560}
"""How many sprites are drawn; cut-outs come on top."""
FOLDS = 5
_MAKERS = ("dolphin", "vessel", "jet_ski", "swimmer", "clutter")
_LIMIT_BYTES = 22_000_000
_QUALITY = 88

Entry = tuple[Sprite, bytes]


def lake_fold(source: str) -> int:
    """Cross-validation fold 0..4 of a lake picture by its number; -1 for everything else."""
    return int(source.removeprefix("lake:")) % FOLDS if source.startswith("lake:") else -1


def draw(task: tuple[int, str, int]) -> Entry:
    """Draw one sprite: (seed, group, number). Draws of which nothing can be seen are drawn again."""
    seed, group, number = task
    cv2.setNumThreads(1)
    for attempt in range(50):
        rng = np.random.default_rng([seed, _MAKERS.index(group), number, attempt])
        sprite = _make(group, rng)
        if sprite is not None and max(sprite.bgra.shape[:2]) >= 40:
            return sprite, encode(sprite.bgra, _QUALITY)
    raise RuntimeError(f"nothing to see in fifty draws of {group} {number}")


def _make(group: str, rng: Rng) -> Sprite | None:
    if group == "dolphin":
        return dolphin(rng)
    if group == "vessel":
        return vessel(rng)
    if group == "jet_ski":
        return jet_ski_sprite(rng)
    if group == "swimmer":
        return board_sprite(rng) if rng.random() < 0.25 else swimmer_sprite(rng)
    return clutter(rng)


def encode(bgra: NDArray[np.uint8], quality: int) -> bytes:
    """WebP bytes; coverage is kept exactly.

    Raises:
        ValueError: the picture cannot be encoded.
    """
    done, data = cv2.imencode(".webp", bgra, [cv2.IMWRITE_WEBP_QUALITY, quality])
    if not done:
        raise ValueError("a sprite cannot be written as WebP")
    return bytes(data)


def drawn(seed: int, counts: dict[str, int], processes: int) -> Iterator[Entry]:
    """All drawn sprites in a fixed order, whatever the number of processes."""
    tasks = [(seed, group, k) for group, count in counts.items() for k in range(count)]
    if processes <= 1:
        yield from map(draw, tasks)
        return
    with get_context("spawn").Pool(processes) as pool:
        yield from pool.imap(draw, tasks, chunksize=4)


def pack(entries: Iterable[Entry], path: Path) -> int:
    """Write the file and return its size in bytes.

    Raises:
        ValueError: it is larger than allowed.
    """
    listed = list(entries)
    sprites = [s for s, _ in listed]
    offsets = np.cumsum([0, *(len(b) for _, b in listed)]).astype(np.int64)
    memory = io.BytesIO()
    np.savez_compressed(
        memory,
        data=np.frombuffer(b"".join(b for _, b in listed), np.uint8),
        offsets=offsets,
        kind=np.array([s.kind for s in sprites]),
        size=np.array([s.bgra.shape[:2] for s in sprites], np.int16),
        box=np.array([s.box for s in sprites], np.float32),
        view_pitch_deg=np.array([s.view_pitch_deg for s in sprites], np.float32),
        can_rotate=np.array([s.can_rotate for s in sprites], np.bool_),
        real_length_m=np.array([s.real_length_m for s in sprites], np.float32),
        source=np.array([s.source for s in sprites]),
        licence=np.array([s.licence for s in sprites]),
        wet=np.array([s.wet for s in sprites], np.float32),
        fold=np.array([lake_fold(s.source) for s in sprites], np.int8),
    )
    if memory.tell() > _LIMIT_BYTES:
        raise ValueError(f"the atlas takes {memory.tell()} bytes, more than {_LIMIT_BYTES}")
    path.write_bytes(memory.getvalue())
    return memory.tell()


def read(path: Path) -> tuple[list[NDArray[np.uint8]], dict[str, NDArray[np.generic]]]:
    """The pictures (BGRA) of an atlas and its arrays of facts."""
    with np.load(path) as stored:
        facts = {name: stored[name] for name in stored.files}
    data, offsets = facts.pop("data"), facts.pop("offsets")
    pictures = [
        np.asarray(cv2.imdecode(data[a:b], cv2.IMREAD_UNCHANGED), np.uint8) for a, b in itertools.pairwise(offsets)
    ]
    return pictures, facts


def main() -> None:
    """Draw, collect and write the atlas."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="folder for atlas.npz")
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--data", type=Path, required=True, help="the shared data folder")
    parser.add_argument("--folds", action="store_true", help="lake pictures held for validation too: see `fold`")
    parser.add_argument("--share", type=float, default=1.0, help="share of the usual counts")
    parser.add_argument("--processes", type=int, default=2)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    counts = {group: max(1, round(n * args.share)) for group, n in COUNTS.items()}
    entries = [(s, encode(s.bgra, 92)) for s in cutouts(args.data, args.folds)]
    entries += drawn(args.seed, counts, args.processes)
    for quality in (_QUALITY, 80, 70, 60):
        if quality != _QUALITY:
            entries = [(s, encode(s.bgra, quality)) for s, _ in entries]
        if sum(len(b) for _, b in entries) < 0.99 * _LIMIT_BYTES:
            break
    size = pack(entries, args.out / "atlas.npz")
    tally = Counter(s.kind for s, _ in entries)
    print(f"{len(entries)} sprites, {size / 1e6:.1f} MB: {dict(tally)}")


if __name__ == "__main__":
    main()
