"""The gateway is killed at random bytes of an upload, and the file is the one that was sent."""

import hashlib
import random
import threading
import time

import httpx
from gateway_process import Process
from tus import PART, TUS, told

SIZE_BYTES = 40_000_000
PART_BYTES = 8_000_000
KILLS = 5


def test_killed_at_random_bytes_it_becomes_the_same_file(tmp_path) -> None:
    chance = random.Random(3)
    content = chance.randbytes(SIZE_BYTES)
    process = Process(tmp_path / "data", 0.0)
    process.start()
    try:
        headers = TUS | {"Upload-Length": str(SIZE_BYTES)} | told(filename="a.mp4")
        path = f"/v1/{process.client.post('/v1/uploads', headers=headers).headers['location']}"
        at, kills, sent_twice = 0, 0, 0
        while at < SIZE_BYTES:
            if kills < KILLS:
                threading.Timer(chance.uniform(0.0, 0.1), process.kill).start()
            part = content[at : at + PART_BYTES]
            try:
                answer = process.client.patch(path, content=part, headers=TUS | PART | {"Upload-Offset": str(at)})
                at = int(answer.headers["upload-offset"])
            except httpx.HTTPError:
                pass
            if kills < KILLS:
                kills += 1
                time.sleep(0.2)
                process.start()
                stands = int(process.client.head(path, headers=TUS).headers["upload-offset"])
                assert stands >= at, "what was acknowledged is there"
                sent_twice += max(0, at + len(part) - stands) if stands < at + len(part) else 0
                at = stands
        sha256 = hashlib.sha256(content).hexdigest()
        assert process.client.get(path).json()["sha256"] == sha256
        assert (tmp_path / "data" / "originals" / sha256).read_bytes() == content
        assert sent_twice <= KILLS * PART_BYTES
    finally:
        process.stop()
