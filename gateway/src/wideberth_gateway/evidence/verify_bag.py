#!/usr/bin/env python3
"""Check an evidence bag of Wideberth: python3 -I -S verify.py [BAG] [--seal HEX]

Needs Python 3.9 or newer and nothing else. Every file is read once. The bag is sound when: each file has the SHA-256
and SHA-512 that the manifests state, no file is missing and none is there that they do not name; the manifests are,
byte for byte, what they would be if they were written now; files inside that name one another by hash agree; the audit
trail is an unbroken chain; time stamps are of this bag.

Exit status: 0 sound, 1 not sound (each fault is printed with its file), 2 no bag.

This file lies in every bag. Whoever could change the bag could have changed it too: in a dispute take it from the
source of Wideberth, or check by hand (data/HOW-TO-CHECK.md). The seal, told when the bag was made, is the SHA-256 of
tagmanifest-sha256.txt, and with it of everything in the bag.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

Hashes = dict[str, tuple[str, ...]]
"""By name of a file, its hash by each of `ALGORITHMS`."""

BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
ALGORITHMS = ("sha256", "sha512")
BLOCK_BYTES = 1 << 20
NOTHING = "0" * 64
"""What the first entry of a chain follows."""

STAMP = "stamps/manifest-sha256.tsr"
SHA256_IMPRINT = bytes.fromhex("3031300d060960864801650304020105000420")
"""DER of a messageImprint before its hash: SEQUENCE { SEQUENCE { OID sha256, NULL }, OCTET STRING (32) }."""

SHA256_IMPRINT_BARE = bytes.fromhex("302f300b0609608648016503040201" + "0420")
"""The same without the NULL, which some authorities leave out."""


def canonical(value: Any) -> bytes:
    """Bytes of a JSON value in the form that is hashed: RFC 8785, for text, whole numbers, booleans, null and nests.

    Raises TypeError for a fraction (two programs may write it differently) and for a key that is not ASCII.
    """
    _refuse_fractions(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode("utf-8")


def _refuse_fractions(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("fractions have no canonical form here; write them as text")
    if isinstance(value, dict):
        for key, one in value.items():
            if not (isinstance(key, str) and key.isascii()):
                raise TypeError("keys are ASCII text")
            _refuse_fractions(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            _refuse_fractions(one)


def chained(previous_hex: str, entry: Any) -> str:
    """Hash of an entry of the audit trail: SHA-256 of the hash before it and the entry in canonical form."""
    return hashlib.sha256(bytes.fromhex(previous_hex) + canonical(entry)).hexdigest()


def merkle_leaf(content: bytes) -> bytes:
    """Hash of a leaf, as RFC 6962 has it."""
    return hashlib.sha256(b"\x00" + content).digest()


def merkle_node(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node, as RFC 6962 has it."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def merkle_root_from(content: bytes, path: Sequence[Sequence[str]]) -> str:
    """Root, from a leaf's content and its path: [[side, hash], ...] from the leaf up; side is left or right."""
    found = merkle_leaf(content)
    for side, sibling in path:
        other = bytes.fromhex(sibling)
        found = merkle_node(other, found) if side == "left" else merkle_node(found, other)
    return found.hex()


def hashes_of(path: Path) -> tuple[tuple[str, ...], int]:
    """SHA-256, SHA-512 (hexadecimal) and size of a file, read once."""
    digests, size = [hashlib.new(name) for name in ALGORITHMS], 0
    with path.open("rb") as file:
        while True:
            block = file.read(BLOCK_BYTES)
            if not block:
                return tuple(digest.hexdigest() for digest in digests), size
            size += len(block)
            for digest in digests:
                digest.update(block)


def manifest_text(hashes: Hashes, position: int) -> bytes:
    """A manifest as it must read: one line a file, sorted by path, `hash`, two spaces, `path`."""
    return "".join(f"{hashes[name][position]}  {name}\n" for name in sorted(hashes)).encode("utf-8")


def is_payload(name: str) -> bool:
    """True for what lies under data/."""
    return name.startswith("data/")


def is_tag_manifest(name: str) -> bool:
    """True for the manifests that no other manifest names."""
    return name in ("tagmanifest-sha256.txt", "tagmanifest-sha512.txt")


def files_of(bag: Path) -> tuple[list[str], list[str]]:
    """Names of all files, with slashes, sorted; and what is neither file nor folder."""
    entries = [(path.relative_to(bag).as_posix(), path) for path in _walk(bag)]
    plain = [name for name, path in entries if path.is_file() and not path.is_symlink()]
    strange = [name for name, path in entries if path.is_symlink() or not (path.is_file() or path.is_dir())]
    return sorted(plain), sorted(strange)


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        yield path
        if path.is_dir() and not path.is_symlink():
            yield from _walk(path)


class Check:
    """One check of one bag. `faults` are what is wrong, `notes` what is worth knowing."""

    def __init__(self, bag: Path) -> None:
        self.bag = bag
        self.faults: list[str] = []
        self.notes: list[str] = []
        self.hashes: Hashes = {}
        self.sizes: dict[str, int] = {}

    def run(self, seal: str | None = None) -> bool:
        """Do it; True when the bag is sound."""
        names, strange = files_of(self.bag)
        for name in strange:
            self.faults.append(f"{name}: is neither a file nor a folder")
        for name in names:
            try:
                self.hashes[name], self.sizes[name] = hashes_of(self.bag / name)
            except OSError as error:
                self.faults.append(f"{name}: cannot be read: {error.strerror}")
        if self._bytes("bagit.txt") != BAGIT:
            self.faults.append("bagit.txt: missing or altered")
        payload = {name: found for name, found in self.hashes.items() if is_payload(name)}
        tags = {
            name: found for name, found in self.hashes.items() if not is_payload(name) and not is_tag_manifest(name)
        }
        if not payload:
            self.faults.append("data/: there is nothing in it")
        for position, algorithm in enumerate(ALGORITHMS):
            self._manifest(f"manifest-{algorithm}.txt", payload, position)
            self._manifest(f"tagmanifest-{algorithm}.txt", tags, position)
        self._oxum()
        self._inner(self._named_by_hash)
        self._inner(self._audit)
        self._inner(self._stamps)
        found = self.seal()
        if seal is not None and found != seal:
            self.faults.append(
                f"tagmanifest-sha256.txt: the seal is {found}, not {seal}: this is not the bag that was sealed"
            )
        return not self.faults

    def seal(self) -> str | None:
        """SHA-256 of the tag manifest, or None."""
        known = self.hashes.get("tagmanifest-sha256.txt")
        return known[0] if known else None

    def _bytes(self, name: str) -> bytes | None:
        try:
            return (self.bag / name).read_bytes()
        except OSError:
            return None

    def _manifest(self, manifest: str, hashes: Hashes, position: int) -> None:
        """A manifest against what it should read, and file by file for a useful message."""
        content = self._bytes(manifest)
        if content is None:
            self.faults.append(f"{manifest}: missing")
            return
        if content == manifest_text(hashes, position):
            return
        stated, told = self._stated(content), len(self.faults)
        for name in sorted(set(stated) | set(hashes)):
            if name not in hashes:
                self.faults.append(f"{name}: missing, {manifest} names it")
            elif name not in stated:
                self.faults.append(f"{name}: {manifest} does not name it")
            elif stated[name] != hashes[name][position]:
                found = hashes[name][position]
                self.faults.append(
                    f"{name}: altered: its hash is {found[:16]}..., {manifest} says {stated[name][:16]}..."
                )
        if len(self.faults) == told:
            self.faults.append(f"{manifest}: altered: the hashes fit, the text is not as it is written")

    @staticmethod
    def _stated(content: bytes) -> dict[str, str]:
        stated: dict[str, str] = {}
        for line in content.decode("utf-8", "replace").split("\n"):
            digest, _, name = line.partition("  ")
            if name:
                stated[name] = digest
        return stated

    def _oxum(self) -> None:
        payload = [size for name, size in self.sizes.items() if is_payload(name)]
        expected = f"Payload-Oxum: {sum(payload)}.{len(payload)}"
        info = (self._bytes("bag-info.txt") or b"").decode("utf-8", "replace").split("\n")
        if expected not in info:
            self.faults.append(f"bag-info.txt: missing, or it does not say {expected}")

    def _inner(self, check: Callable[[], None]) -> None:
        """A check of what is inside; content that cannot be understood is a fault and not the end of the check."""
        try:
            check()
        except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
            self.faults.append(f"data/: what is inside cannot be understood: {type(error).__name__}: {error}")

    def _named_by_hash(self) -> None:
        """What evidence.json names by hash (originals, rule pack, model files) must be what is here."""
        content = self._bytes("data/evidence.json")
        if content is None:
            return
        for name, digest in json.loads(content.decode("utf-8"))["named_by_sha256"].items():
            known = self.hashes.get("data/" + name)
            if known is None:
                self.faults.append(f"data/{name}: missing, data/evidence.json names it")
            elif known[0] != digest:
                self.faults.append(f"data/{name}: data/evidence.json says its SHA-256 is {digest[:16]}...")

    def _audit(self) -> None:
        content = self._bytes("data/audit/trail.jsonl")
        if content is None:
            self.notes.append("no audit trail in this bag")
            return
        shown, withheld = 0, 0
        previous: str | None = None
        for number, line in enumerate(content.decode("utf-8").splitlines(), start=1):
            row = json.loads(line)
            if previous is not None and row["previous"] != previous:
                self.faults.append(f"data/audit/trail.jsonl, line {number}: does not follow from the line before")
            if row["entry"] is None:
                withheld += 1
            elif chained(row["previous"], row["entry"]) != row["hash"]:
                self.faults.append(f"data/audit/trail.jsonl, line {number}: its hash does not fit what it says")
            else:
                shown += 1
                for day in row.get("days", []):
                    self._day(number, row["hash"], day)
            previous = row["hash"]
        self.notes.append(
            f"audit trail: an unbroken chain of {shown} entries about this case, {withheld} of others withheld"
        )

    def _day(self, number: int, entry_hash: str, day: dict[str, Any]) -> None:
        if merkle_root_from(bytes.fromhex(entry_hash), day["path"]) != day["root"]:
            self.faults.append(f"data/audit/trail.jsonl, line {number}: is not under the root of {day['date']}")
        stamp = day.get("stamp")
        if stamp and not of_hash(
            self._bytes("data/audit/" + stamp), hashlib.sha256(bytes.fromhex(day["root"])).digest()
        ):
            self.faults.append(f"data/audit/{stamp}: is no time stamp of the root of {day['date']}")

    def _stamps(self) -> None:
        beside = self.bag.with_name(self.bag.name + ".tsr")
        inside = self._bytes(STAMP)
        stamp = inside if inside is not None else (beside.read_bytes() if beside.is_file() else None)
        if stamp is None:
            self.notes.append("no time stamp: when the bag was made rests on its audit trail alone")
            return
        manifest = hashlib.sha256(self._bytes("manifest-sha256.txt") or b"").digest()
        where = STAMP if inside is not None else beside.name
        if not of_hash(stamp, manifest):
            self.faults.append(f"{where}: is no time stamp of this bag's manifest-sha256.txt")
            return
        self.notes.append(
            f"time stamp of this manifest, says {stamped_at(stamp) or 'no readable time'}; whether it is signed, say: "
            f"openssl ts -verify -in {where} -data manifest-sha256.txt -CAfile AUTHORITY.pem"
        )


def of_hash(stamp: bytes | None, digest: bytes) -> bool:
    """True where an RFC 3161 answer is about that SHA-256. The signature is not looked at."""
    return stamp is not None and any(lead + digest in stamp for lead in (SHA256_IMPRINT, SHA256_IMPRINT_BARE))


def stamped_at(stamp: bytes) -> str | None:
    """The time in an RFC 3161 answer as text: the first GeneralizedTime (DER tag 0x18) in it that reads as one."""
    for at in range(len(stamp) - 2):
        if stamp[at] == 0x18 and 13 <= stamp[at + 1] <= 24:
            text = stamp[at + 2 : at + 2 + stamp[at + 1]].decode("latin-1")
            if len(text) >= 15 and text[:14].isdigit() and text.endswith("Z"):
                return f"{text[:4]}-{text[4:6]}-{text[6:8]} {text[8:10]}:{text[10:12]}:{text[12:14]} UTC"
    return None


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the bag named on the command line, or the one this file lies in."""
    parser = argparse.ArgumentParser(description="Check an evidence bag of Wideberth.")
    parser.add_argument("bag", nargs="?", default=str(Path(__file__).resolve().parent), help="folder of the bag")
    parser.add_argument("--seal", help="the seal that was told when the bag was made")
    asked = parser.parse_args(arguments)
    bag = Path(asked.bag)
    if not (bag / "bagit.txt").is_file() or not (bag / "data").is_dir():
        sys.stderr.write(f"{bag}: no evidence bag (give the folder that holds bagit.txt; unpack a .zip first)\n")
        return 2
    check = Check(bag)
    sound = check.run(asked.seal.strip().lower() if asked.seal else None)
    for fault in check.faults:
        sys.stdout.write(f"FAULT  {fault}\n")
    for note in check.notes:
        sys.stdout.write(f"note   {note}\n")
    sys.stdout.write(f"seal   {check.seal()}\n")
    if sound:
        sys.stdout.write(f"SOUND  {len(check.hashes)} files, {sum(check.sizes.values())} bytes: nothing was altered\n")
    else:
        sys.stdout.write(f"NOT SOUND: {len(check.faults)} fault(s)\n")
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
