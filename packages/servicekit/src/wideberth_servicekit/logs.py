"""Logs of a program: lines for a person, or one JSON object a line for a collector, saying what they are about.

What a line is about (flight, job, segment …) is set once around the work and follows it into tasks and threads.
"""

import json
import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Literal

LogFormat = Literal["text", "json"]
TEXT = "%(asctime)s %(levelname)s %(name)s %(message)s%(about)s"
OWN = ("at", "level", "logger", "message", "error")
"""Members of a JSON line that nothing it is about may take the place of."""

_about: ContextVar[Mapping[str, str]] = ContextVar("wideberth_about")


@contextmanager
def about(**what: str | int) -> Iterator[None]:
    """Lines logged within the block say this too, such as `job="…", segment=3`."""
    before = _about.get({})
    token = _about.set({**before, **{name: str(value) for name, value in what.items()}})
    try:
        yield
    finally:
        _about.reset(token)


def set_up_logs(level: str, form: LogFormat) -> None:
    """Logs of this process go to stderr from now on, uvicorn's too."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    logging.basicConfig(level=level.upper(), handlers=[handler])
    # Every glyph that goes into a report would be told.
    logging.getLogger("fontTools").setLevel(logging.WARNING)


class JsonLines(logging.Formatter):
    """One object a line: `at` (ISO 8601, UTC), `level`, `logger`, `message`, `error`, and what it is about."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever is in the message."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        told = {name: value for name, value in _about.get({}).items() if name not in OWN}
        return json.dumps(line | told, ensure_ascii=False)


class TextLines(logging.Formatter):
    """For a person: what a line is about stands in brackets behind it."""

    def __init__(self) -> None:
        super().__init__(TEXT)

    def format(self, record: logging.LogRecord) -> str:
        """A line, and below it the trace of an error."""
        told = " ".join(f"{name}={value[:12]}" for name, value in _about.get({}).items())
        record.about = f" [{told}]" if told else ""
        return super().format(record)
