"""What of a card belongs together, before a byte of it is sent: by the rules that group what was sent."""

import re

from wideberth_gateway.flights.grouping import CardFile, group
from wideberth_gateway.flights.messages import CardPart, CardRequest, CardView

VIDEO = re.compile(r"\.(mp4|mov|m4v|mts|m2ts|ts|mkv|avi)$", re.IGNORECASE)
"""Endings of videos. What was sent is told by its content instead."""

WORTHLESS = re.compile(r"\.(lrf|thm)$|^\.", re.IGNORECASE)
"""Previews and thumbnails of the drone, and files a computer hides on a card."""


def sorted_card(asked: CardRequest) -> CardView:
    """Recordings, files without a video of their name, and what is not worth sending; each by its place."""
    kept, left_out = [], []
    for place, file in enumerate(asked.files):
        if not file.size_bytes or WORTHLESS.search(file.name):
            left_out.append(place)
        else:
            kept.append(CardFile(str(place), file.name, file.size_bytes, bool(VIDEO.search(file.name))))
    grouped = group(kept)
    return CardView(
        recordings=tuple(
            tuple(
                CardPart(video=int(part.video.sha256), telemetry=int(part.telemetry.sha256) if part.telemetry else None)
                for part in parts
            )
            for parts in grouped.recordings
        ),
        alone=tuple(int(file.sha256) for file in grouped.alone),
        left_out=tuple(left_out),
    )
