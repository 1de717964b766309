"""Work in strips: a strip and what is made of it stay in the cache, and no large array is asked of the system twice."""

from collections.abc import Iterator

STRIP_ROWS = 128


def strips(height: int) -> Iterator[slice]:
    """Yield slices of rows that together are all rows; `STRIP_ROWS` is a multiple of every reduction."""
    for top in range(0, height, STRIP_ROWS):
        yield slice(top, min(height, top + STRIP_ROWS))
