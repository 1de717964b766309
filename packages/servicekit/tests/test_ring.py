"""Shared memory: bounded, told when stale, and gone at the end."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from wideberth_contracts.errors import BadInput, Busy, Conflict, Unavailable
from wideberth_contracts.frames import SharedPixels
from wideberth_servicekit.ring import SharedRing, remove_left_behind
from wideberth_servicekit.ring_reader import RingReader


def pixels(value: int, size: int = 1000) -> memoryview:
    return memoryview(bytes([value]) * size)


def test_reader_sees_what_was_put_without_a_copy_and_cannot_write(tmp_path: Path) -> None:
    with SharedRing(tmp_path, slots=2, slot_bytes=1000) as ring:
        reader = RingReader(tmp_path)
        first, second = ring.put(pixels(1)), ring.put(pixels(2, 10))
        assert reader.view(first) == pixels(1)
        assert reader.view(second) == pixels(2, 10)
        assert reader.view(first).readonly
        reader.check(first)


def test_slots_are_bounded_and_come_back(tmp_path: Path) -> None:
    with SharedRing(tmp_path, slots=2, slot_bytes=1000) as ring:
        first = ring.put(pixels(1))
        ring.put(pixels(2))
        with pytest.raises(Busy):
            ring.put(pixels(3))
        ring.release(first)
        ring.release(first)
        ring.put(pixels(3))
        with pytest.raises(Busy):
            ring.put(pixels(4))
        assert ring._path.stat().st_size < 20_000


def test_memory_is_taken_as_slots_are_used(tmp_path: Path) -> None:
    with SharedRing(tmp_path, slots=8, slot_bytes=1 << 20, hold_s=0.0) as ring:
        for value in range(20):
            ring.put(pixels(value, 100_000))
        assert ring._path.stat().st_blocks * 512 < 200_000


def test_too_large_a_picture_is_busy_and_takes_no_slot(tmp_path: Path) -> None:
    with SharedRing(tmp_path, slots=1, slot_bytes=1000) as ring:
        with pytest.raises(Busy, match="fit"):
            ring.put(pixels(1, 1001))
        ring.put(pixels(1))


def test_old_reference_is_a_conflict_never_another_picture(tmp_path: Path) -> None:
    with SharedRing(tmp_path, slots=1, slot_bytes=1000) as ring:
        reader = RingReader(tmp_path)
        old = ring.put(pixels(1))
        view = reader.view(old)
        ring.release(old)
        new = ring.put(pixels(2))
        assert view == pixels(2)  # what `check` is for
        for look in (reader.view, reader.check, reader.copy):
            with pytest.raises(Conflict):
                look(old)
        assert reader.copy(new) == pixels(2)


def test_held_slots_are_free_again_after_their_time(tmp_path: Path) -> None:
    with SharedRing(tmp_path, slots=1, slot_bytes=10, hold_s=0.0) as ring:
        ring.put(pixels(1, 10))
        ring.put(pixels(2, 10))
    with SharedRing(tmp_path, slots=1, slot_bytes=10, hold_s=60.0) as ring:
        ring.put(pixels(1, 10))
        with pytest.raises(Busy):
            ring.put(pixels(2, 10))


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "", "0123456789abcdef.wideberth-ring", "x.wideberth-ring"]
)
def test_name_that_leads_nowhere_is_bad_input(name: str, tmp_path: Path) -> None:
    with SharedRing(tmp_path, slots=1, slot_bytes=10) as ring:
        reference = ring.put(pixels(1, 10)).model_copy(update={"name": name})
        with pytest.raises(BadInput):
            RingReader(tmp_path).view(reference)


@pytest.mark.parametrize("change", [{"offset": 0}, {"offset": 63}, {"offset": 1 << 40}, {"nbytes": 1 << 40}])
def test_reference_outside_the_ring_is_bad_input(change: dict[str, int], tmp_path: Path) -> None:
    with SharedRing(tmp_path, slots=1, slot_bytes=10) as ring:
        reference = ring.put(pixels(1, 10)).model_copy(update=change)
        with pytest.raises(BadInput):
            RingReader(tmp_path).view(reference)


def test_file_is_gone_after_close_and_views_stay_valid(tmp_path: Path) -> None:
    ring = SharedRing(tmp_path, slots=1, slot_bytes=10)
    reader = RingReader(tmp_path)
    view = reader.view(ring.put(pixels(7, 10)))
    ring.close()
    ring.close()
    reader.close()
    assert not list(tmp_path.iterdir())
    assert view == pixels(7, 10)
    with pytest.raises(Unavailable):
        ring.put(pixels(1, 10))


OTHER_PROCESS = """
import signal, sys
from pathlib import Path
from wideberth_servicekit.ring import SharedRing
ring = SharedRing(Path(sys.argv[1]), slots=1, slot_bytes=10)
print(ring.put(memoryview(bytes([9]) * 10)).model_dump_json(), flush=True)
signal.pause()
"""


def test_ring_of_another_process_is_read_and_swept_once_that_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", OTHER_PROCESS, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        reference = SharedPixels.model_validate_json(process.stdout.readline())
        assert RingReader(tmp_path).copy(reference) == pixels(9, 10)
        assert remove_left_behind(tmp_path) == 0
        process.kill()
    with SharedRing(tmp_path, slots=1, slot_bytes=10) as ring:
        assert [path.name for path in tmp_path.iterdir()] == [ring.name]


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="no memory volume on this machine")
def test_full_volume_is_unavailable_not_the_end_of_the_process() -> None:
    folder = Path("/dev/shm") / f"wideberth-test-{os.getpid()}"
    # More than the whole volume: refused before a single page is taken.
    volume_bytes = os.statvfs("/dev/shm").f_blocks * os.statvfs("/dev/shm").f_frsize
    try:
        with SharedRing(folder, slots=1, slot_bytes=volume_bytes * 2) as ring:
            for _ in range(2):
                with pytest.raises(Unavailable, match="no room"):
                    ring._back(0, volume_bytes * 2)
            ring.put(pixels(1))
    finally:
        folder.rmdir()
