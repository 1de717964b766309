"""Verdicts of one analysis beside one another: `encounters.json`, and `encounters.<pack>-<version>.json` for others.

A verdict is never overwritten: one that says something else than the file of its name gets the next free number.
"""

import itertools
from pathlib import Path

from wideberth_contracts.judgement import JudgeAnswer
from wideberth_pipeline.durable import write_text_whole

FIRST_FILE = "encounters.json"


def keep_beside(folder: Path, answer: JudgeAnswer, text: str) -> Path:
    """Keep a verdict; the file it is in. The same verdict again is the same file.

    Args:
        text: of `encounters_json`.
    """
    stem = f"encounters.{answer.pack_id}-{answer.pack_version}"
    for number in itertools.count(1):
        file = folder / (f"{stem}.json" if number == 1 else f"{stem}.{number}.json")
        if not file.exists():
            write_text_whole(file, text)
            return file
        if file.read_text(encoding="utf-8") == text:
            return file
    raise AssertionError("counting has no end")


def verdict_files(folder: Path) -> tuple[Path, ...]:
    """All verdicts of an analysis, the first one first, then by name."""
    first = folder / FIRST_FILE
    others = sorted(file for file in folder.glob("encounters.*.json") if file.is_file())
    return (*((first,) if first.is_file() else ()), *others)


def name_of(file: Path) -> str:
    """Of a verdict's file: `first`, or pack and version, with a number from the second one that says something else."""
    return "first" if file.name == FIRST_FILE else file.name.removeprefix("encounters.").removesuffix(".json")
