"""Where files lie.

```
originals/<sha256>            as it came, read-only
analyses/<id>/                plan.json, poses.json, segments/, and the results
evidence/<bag>/               sealed bags, read-only
staging/<random>/             an analysis being planned, before its id is known
```
"""

import contextlib
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from wideberth_gateway.files import sync_folder

STALE_S = 24 * 3600.0
"""Left-overs of a broken upload are cleared after a day: by then nobody is writing to them."""

RESULT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
INTERNAL = frozenset({"plan.json", "poses.json", "judgement.json", "frames.bin"})


@dataclass(frozen=True, slots=True)
class Folders:
    """The data folder of a gateway."""

    root: Path

    @property
    def originals(self) -> Path:
        """Files as they came."""
        return self.root / "originals"

    @property
    def staging(self) -> Path:
        """Analyses being planned."""
        return self.root / "staging"

    @property
    def evidence(self) -> Path:
        """Sealed bags."""
        return self.root / "evidence"

    def original(self, sha256: str) -> Path:
        """Where that original lies."""
        return self.originals / sha256

    def analysis(self, analysis_id: str) -> Path:
        """Folder of an analysis."""
        return self.root / "analyses" / analysis_id

    def named(self, sha256: str, name: str, folder: Path) -> Path:
        """The original under the name it came by: messages speak of that, and some dialects are known by it."""
        folder.mkdir(parents=True)
        link = folder / name
        link.symlink_to(self.original(sha256).absolute())
        return link

    def prepare(self) -> None:
        """All folders are there, and nothing stale is left in them."""
        for folder in (self.originals, self.staging, self.evidence, self.root / "analyses"):
            folder.mkdir(parents=True, exist_ok=True)
        old = time.time() - STALE_S
        for left in (*self.originals.glob(".partial-*"), *self.staging.iterdir()):
            if left.lstat().st_mtime < old:
                _remove(left)

    @contextmanager
    def stage(self) -> Iterator[Path]:
        """A folder for one planning; gone at the end unless it was moved."""
        folder = self.staging / uuid4().hex
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def settle(self, staged: Path, analysis_id: str) -> Path:
        """The staged folder becomes that of the analysis, unless that is there already; durable."""
        target = self.analysis(analysis_id)
        if not (target / "plan.json").exists():
            with contextlib.suppress(OSError):  # another request was faster: the same question has the same plan
                staged.rename(target)
            sync_folder(target.parent)
        return target

    def results(self, analysis_id: str) -> tuple[str, ...]:
        """Names of the files an analysis hands out, sorted."""
        folder = self.analysis(analysis_id)
        if not folder.is_dir():
            return ()
        names = (path.name for path in folder.iterdir() if path.is_file() and not path.is_symlink())
        return tuple(sorted(name for name in names if is_result(name)))


def is_result(name: str) -> bool:
    """Whether a file of that name is handed out."""
    return RESULT_NAME.fullmatch(name) is not None and name not in INTERNAL


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
