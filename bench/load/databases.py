"""A PostgreSQL of our own for benches, as the tests of the gateway make one."""

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TESTS = Path(__file__).parents[2] / "gateway" / "tests" / "databases.py"


@contextmanager
def postgres() -> Iterator[str | None]:
    """URL of an empty cluster; None where PostgreSQL is not installed."""
    spec = importlib.util.spec_from_file_location("wideberth_test_databases", TESTS)
    if spec is None or spec.loader is None:
        raise ImportError(str(TESTS))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    programs = module.postgres_programs()
    if programs is None:
        yield None
        return
    with module.postgres(programs) as url:
        yield url
