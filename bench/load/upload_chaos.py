"""Uploads under kills of client, server and proxy, and cuts of the line, at random bytes; and one left in peace.

The client is `wideberth upload`, the server `wideberth serve`, the proxy nginx where it is installed. All bytes towards
them go through a line that breaks after a random number of them, and sees where each request goes on.
"""

import hashlib
import os
import random
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from bench.load.cutting import CuttingLine
from bench.load.gateways import Gateway, Program, program
from bench.load.nginx import nginx
from wideberth.sending import Sender, StateFile
from wideberth_gateway.uploads.desk import SETTLE_BYTES

MIB = 1 << 20
SIZE_BYTES, QUICK_BYTES = 2048 * MIB, 96 * MIB
BREAKS, QUICK_BREAKS = 1000, 40
SEED = 11
RATE_AIM_MBPS = 200.0
SHARES = (("line", 55), ("client", 20), ("server", 15), ("proxy", 10))
Row = dict[str, Any]


def run(quick: bool) -> list[Row]:
    """All rows."""
    size_bytes, breaks = (QUICK_BYTES, QUICK_BREAKS) if quick else (SIZE_BYTES, BREAKS)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "DJI_0001.MP4"
        digest = _written(file, size_bytes)
        return [*_in_peace(folder, file, digest), *_in_chaos(folder, file, digest, breaks)]


def _written(file: Path, size_bytes: int) -> str:
    """A file of random bytes; its SHA-256."""
    draw, digest = random.Random(SEED), hashlib.sha256()
    with file.open("wb") as written:
        for _ in range(size_bytes // MIB):
            block = draw.randbytes(MIB)
            digest.update(block)
            written.write(block)
        os.fsync(written.fileno())
    return digest.hexdigest()


def _in_peace(folder: Path, file: Path, digest: str) -> list[Row]:
    """The rate of an upload, beside that of a plain copy with a hash to the same disk, one after the other."""
    size_mb = file.stat().st_size / 1e6
    copied_s = _copied(file, folder / "copy")
    with Gateway(folder / "peace") as gateway:
        client = httpx.Client(base_url=f"http://127.0.0.1:{gateway.port}", timeout=300, trust_env=False)
        moments: list[float] = []
        sent = Sender(client, StateFile(folder / "peace.json")).send(
            file, lambda *_: moments.append(time.perf_counter())
        )
        took_s = moments[-1] - moments[0]
    copied_again_s = _copied(file, folder / "copy")
    copy_mbps = 2 * size_mb / (copied_s + copied_again_s)
    rate = size_mb / took_s
    note = f"{size_mb:.0f} MB; copy with hash and fsync in the same run {copy_mbps:.0f} MB/s"
    shutil.rmtree(folder / "peace")
    return [
        _row("in peace, to a local disk", round(rate, 1), "MB/s", f">= {RATE_AIM_MBPS:g}", rate >= RATE_AIM_MBPS, note),
        _row(
            "in peace, of a plain copy's rate", round(rate / copy_mbps, 2), "", note="client and server on these cores"
        ),
        _row("in peace, corrupt", int(sent != digest), "", "0", sent == digest),
    ]


def _copied(file: Path, target: Path) -> float:
    """Seconds of a copy with a hash, durable at the end."""
    started, digest = time.perf_counter(), hashlib.sha256()
    with file.open("rb") as source, target.open("wb") as written:
        while block := source.read(MIB):
            digest.update(block)
            written.write(block)
        written.flush()
        os.fsync(written.fileno())
    took_s = time.perf_counter() - started
    target.unlink()
    return took_s


@dataclass(slots=True)
class _Parts:
    """What can be killed, and how often each was."""

    gateway: Gateway
    proxy: Program | None
    client: Program
    draw: random.Random
    killed: dict[str, int]

    def broken(self, number: int) -> bool:
        """One of them ends; whether the line is cut as well."""
        kinds, weights = zip(*SHARES, strict=True)
        kind = self.draw.choices(kinds, weights)[0]
        kind = "line" if kind == "proxy" and self.proxy is None else kind
        self.killed[kind] += 1
        if kind == "client":
            self.client.kill()
        elif kind == "server":
            self.gateway.kill()
            self.gateway.start(wait=False)
        elif kind == "proxy" and self.proxy is not None:
            self.proxy.kill()
            self.proxy.start(wait=False)
        return kind == "line"


def _in_chaos(folder: Path, file: Path, digest: str, breaks: int) -> list[Row]:
    # As many breaks as fit: each costs what was not on disk yet, so the mean must be less than a share.
    mean_bytes = max(64 * 1024, file.stat().st_size // breaks)
    started = time.perf_counter()
    with Gateway(folder / "chaos") as gateway:
        before = nginx(gateway.port, folder / "nginx")
        proxy, port = before or (None, gateway.port)
        if proxy is not None:
            proxy.start()
        killed = dict.fromkeys((kind for kind, _ in SHARES), 0)
        parts = _Parts(gateway, proxy, None, random.Random(SEED), killed)  # type: ignore[arg-type]
        with CuttingLine(port, 1, 2 * mean_bytes, breaks, SEED, parts.broken) as line:
            parts.client = _client(folder, file, line.port)
            parts.client.start()
            kept, clients = folder / "chaos" / "originals" / digest, 1
            while not (kept.exists() and not parts.client.runs):
                if not parts.client.runs:
                    parts.client.start()
                    clients += 1
                if time.perf_counter() - started > 3600:
                    break
                time.sleep(0.02)
        if proxy is not None:
            proxy.stop()
        whole = kept.exists() and _sha256(kept) == digest
        others = [path.name for path in (folder / "chaos" / "originals").iterdir() if path.name != digest]
    again = sorted(line.sent_again)
    most = again[-1] if again else 0
    told = ", ".join(f"{count} {kind}" for kind, count in killed.items())
    return [
        _row("breaks", line.cut, "", note=f"{told}; {clients} clients; {time.perf_counter() - started:.0f} s"),
        _row("in chaos, corrupt or missing", int(not whole) + len(others), "", "0", whole and not others, "by SHA-256"),
        _aim("most bytes sent twice after a break", most / MIB, "MiB", SETTLE_BYTES / MIB, "a chunk is 16 MiB"),
        _row("bytes sent twice, mean of a break", round(sum(again) / max(1, line.cut) / MIB, 3), "MiB"),
        _row("bytes carried, of the file's", round(line.carried_bytes / file.stat().st_size, 3), ""),
    ]


def _client(folder: Path, file: Path, port: int) -> Program:
    command = [program(), "upload", str(file), "--to", f"http://127.0.0.1:{port}", "--no-flights"]
    return Program([*command, "--state", str(folder / "state.json")], {}, folder / "client.log")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _aim(name: str, value: float, unit: str, most: float, note: str) -> Row:
    return _row(name, round(value, 3), unit, f"<= {most:g}", value <= most, note)


def _row(name: str, value: float, unit: str = "", aim: str = "", met: bool | None = None, note: str = "") -> Row:
    return {"name": name, "value": value, "unit": unit, "aim": aim, "met": met, "note": note}
