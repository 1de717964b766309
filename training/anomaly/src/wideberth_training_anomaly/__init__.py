"""Trains the clutter model of the anomaly service: pieces, teacher, EfficientAD, threshold, export."""

import os

# Nothing may be fetched, and nobody told; the libraries read these when they are imported.
for _switch, _value in (
    ("YOLO_OFFLINE", "1"),
    ("YOLO_AUTOINSTALL", "0"),
    ("YOLO_VERBOSE", "0"),
    ("HF_HUB_OFFLINE", "1"),
):
    os.environ.setdefault(_switch, _value)
