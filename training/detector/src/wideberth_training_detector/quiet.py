"""Environment of the training libraries, set before any of them is imported.

Ultralytics looks for a network, a font and a settings folder at import; all three are settled here.
"""

import os
import shutil
from pathlib import Path

_FONTS = Path("/usr/share/fonts")


def keep_offline(work: Path) -> None:
    """Point Ultralytics at a writable folder with a font in it, and keep every library from calling home."""
    os.environ.update(
        YOLO_OFFLINE="1",
        YOLO_AUTOINSTALL="0",
        YOLO_CONFIG_DIR=str(work.resolve()),
        ORT_DISABLE_TELEMETRY="1",
        CI="true",  # openvino-telemetry reads it as an opt-out
    )
    os.environ.setdefault("OMP_NUM_THREADS", str(os.cpu_count() or 1))
    target = work / "Ultralytics" / "Arial.ttf"
    font = next(iter(sorted(_FONTS.rglob("*.ttf"))), None)
    if not target.exists() and font is not None:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(font, target)
