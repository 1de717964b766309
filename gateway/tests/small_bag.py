"""A small bag with everything in it that the verifier looks at."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from wideberth_gateway.evidence.chain import Link, next_link
from wideberth_gateway.evidence.merkle import merkle_path, merkle_root
from wideberth_gateway.evidence.sealing import Sealed, Stamp, seal_bag
from wideberth_gateway.evidence.trail_file import line_of

CLIP = bytes(range(256))


def links(count: int) -> list[Link]:
    made: list[Link] = []
    for number in range(count):
        moment = datetime(2026, 5, 14, 1, number, tzinfo=UTC)
        told = {"number": number, "name": "돌고래"}
        last = made[-1] if made else None
        made.append(next_link(last, at=moment, actor="test", action="thing.done", subject="s", details=told))
    return made


def trail_lines() -> list[str]:
    """Four entries; the third is about another case."""
    made = links(4)
    contents = [bytes.fromhex(link.hash) for link in made]
    root = merkle_root(contents).hex()
    return [
        line_of(
            link,
            withheld=at == 2,
            days=[] if at == 2 else [{"date": "2026-05-14", "root": root, "path": merkle_path(contents, at)}],
        )
        for at, link in enumerate(made)
    ]


def staged(folder: Path) -> Path:
    """The folder before it is sealed."""
    data = folder / "data"
    (data / "original").mkdir(parents=True)
    (data / "audit").mkdir()
    (data / "original" / "clip 1.mp4").write_bytes(CLIP)
    (data / "audit" / "trail.jsonl").write_text("".join(f"{line}\n" for line in trail_lines()), encoding="utf-8")
    named = {"original/clip 1.mp4": sha256(CLIP).hexdigest()}
    (data / "evidence.json").write_text(json.dumps({"named_by_sha256": named}), encoding="utf-8")
    return folder


def small_bag(folder: Path, stamp: Stamp = lambda _: None) -> Sealed:
    """The sealed bag `folder`/bag."""
    folder.mkdir(parents=True, exist_ok=True)
    info = {"External-Identifier": "abc", "Bagging-Date": "2026-05-14"}
    return seal_bag(staged(folder / "staged"), folder / "bag", info, stamp)
