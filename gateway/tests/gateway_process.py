"""A gateway in a process of its own, on loopback, with synthetic ports: to be killed, and for real streams.

`python gateway_process.py DATA_DIR PORT FRAME_S LOG [DATABASE_URL]`; other settings through the environment.
Port 0: a worker.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Process:
    """A running gateway. `kill` ends it as a power cut would; `start` brings it back in the same folder."""

    def __init__(
        self,
        data_dir: Path,
        frame_s: float,
        database_url: str | None = None,
        worker: bool = False,
        poison: str | None = None,
        **given: object,
    ) -> None:
        self._environment = {f"WIDEBERTH_GATEWAY_{name.upper()}": str(value) for name, value in given.items()}
        self._environment |= {"SYNTHETIC_POISON": poison} if poison else {}
        self.log = data_dir / "frames.log"
        self.port = 0 if worker else free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.client = httpx.Client(base_url=self.url, timeout=120)
        self._command = [sys.executable, __file__, str(data_dir), str(self.port), str(frame_s), str(self.log)]
        self._command += [database_url] if database_url else []
        self._output = data_dir / "output.log"
        data_dir.mkdir(parents=True, exist_ok=True)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, wait: bool = True) -> None:
        with self._output.open("ab") as output:
            self._process = subprocess.Popen(
                self._command, stdout=output, stderr=output, env=os.environ | self._environment
            )
        if wait:
            try:
                self._wait()
            except AssertionError:
                self.kill()
                raise

    def _wait(self, limit_s: float = 300.0) -> None:
        """Until the port is open: it opens once the application has started."""
        until = time.monotonic() + limit_s
        while time.monotonic() < until and self._process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        raise AssertionError(self._output.read_text())

    @property
    def pid(self) -> int:
        return self._process.pid

    def kill_if_running(self) -> None:
        self.client.close()
        if self._process is not None and self._process.poll() is None:
            self.kill()

    def until_dead(self, limit_s: float = 60.0) -> int:
        """How it ended by itself."""
        return self._process.wait(timeout=limit_s)

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self) -> int:
        self.client.close()
        if self._process.poll() is None:
            self._process.terminate()
        return self._process.wait(timeout=120)

    def ask(self, video: Path, **settings: object) -> dict:
        params = {"name": video.name, "settings": json.dumps(settings)}
        answer = self.client.post("/v1/analyses", params=params, content=video.read_bytes())
        answer.raise_for_status()
        return answer.json()

    def view(self, analysis_id: str) -> dict:
        return self.client.get(f"/v1/analyses/{analysis_id}").json()

    def until_ended(self, analysis_id: str, limit_s: float = 400.0) -> dict:
        until = time.monotonic() + limit_s
        while time.monotonic() < until:
            view = self.view(analysis_id)
            if view["state"] in ("done", "failed", "cancelled"):
                return view
            time.sleep(0.2)
        raise AssertionError(f"still {view}; {self._output.read_text()[-3000:]}")

    def result(self, analysis_id: str, name: str) -> bytes:
        return self.client.get(f"/v1/analyses/{analysis_id}/results/{name}").content


@contextmanager
def running(data_dir: Path, frame_s: float, database_url: str | None = None) -> Iterator[Process]:
    process = Process(data_dir, frame_s, database_url)
    process.start()
    try:
        yield process
    finally:
        process.stop()


def main(data_dir: str, port: str, frame_s: str, log: str, database_url: str | None = None) -> None:
    from synthetic import Detector, opened

    from wideberth_gateway.app import create_gateway
    from wideberth_gateway.serving import serve
    from wideberth_gateway.settings import GatewaySettings
    from wideberth_gateway.working import run_worker

    settings = GatewaySettings(
        data_dir=Path(data_dir), port=int(port), database_url=database_url, job_poll_s=0.1, log_level="warning"
    )
    detector = Detector(frame_s=float(frame_s), log=Path(log), poison=os.environ.get("SYNTHETIC_POISON"))
    if settings.port == 0:
        run_worker(partial(opened, detector), settings)
    else:
        serve(create_gateway(partial(opened, detector), settings), settings)


if __name__ == "__main__":
    sys.path.insert(0, os.path.dirname(__file__))  # noqa: PTH120
    main(*sys.argv[1:])
