"""Who this process is to the job runner.

Two processes under one executor id would both take up the same job after a restart, so the id is held by a lock for as
long as the process lives. The lock goes with the process, however it ends.
"""

import fcntl
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from wideberth_contracts.errors import Conflict

ID_FILE = "executor-id"


@contextmanager
def executor(data_dir: Path, given: str | None) -> Iterator[str]:
    """The executor id of this instance, locked until the context ends.

    Raises:
        Conflict: another process holds it.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    executor_id = given or _kept(data_dir / ID_FILE)
    lock = data_dir / f"executor-{re.sub(r'[^A-Za-z0-9_.-]', '_', executor_id)}.lock"
    with lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            remedy = "stop the other one, or set WIDEBERTH_GATEWAY_EXECUTOR_ID and another port"
            raise Conflict("another gateway works in this folder", where=str(data_dir), remedy=remedy) from error
        yield executor_id


def _kept(path: Path) -> str:
    if not path.exists():
        path.write_text(uuid4().hex, encoding="ascii")
    return path.read_text(encoding="ascii").strip()
