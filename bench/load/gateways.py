"""Programs of Wideberth in processes of their own, on loopback: started, watched, killed, started again."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

STARTS_WITHIN_S = 180.0


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Program:
    """A command; `stop` at the end of a `with` block.

    Args:
        command: of the program, without the interpreter's name.
        given: environment besides that of this process.
        log: where stdout and stderr go.
        port: it is started once this answers; None: at once.
    """

    def __init__(self, command: list[str], given: dict[str, str], log: Path, port: int | None = None) -> None:
        self._command, self._environment, self._log, self._port = command, os.environ | given, log, port
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """Of the running process."""
        assert self._process is not None
        return self._process.pid

    @property
    def runs(self) -> bool:
        """Whether it has not ended."""
        return self._process is not None and self._process.poll() is None

    def start(self, wait: bool = True) -> None:
        """Again, with the same command. Raises `RuntimeError` where it does not come up."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, env=self._environment, stdout=log, stderr=log)
        if wait and self._port is not None:
            self.wait()

    def wait(self) -> None:
        """Until it listens."""
        until = time.monotonic() + STARTS_WITHIN_S
        while time.monotonic() < until and self.runs:
            with socket.socket() as probe:
                if self._port is None or probe.connect_ex(("127.0.0.1", self._port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError(f"{self._command[1:4]} does not come up: {self._log.read_text()[-2000:]}")

    def kill(self) -> None:
        """As a power cut would."""
        if self.runs and self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def stop(self) -> None:
        """As a person would."""
        if self.runs and self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                self.kill()

    def peak_bytes(self) -> int:
        """Most memory it has had so far, resident."""
        return peak_bytes(self.pid)


def peak_bytes(pid: int) -> int:
    """Most memory a process has had so far, resident; 0 where it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM")), 0)


class Gateway(Program):
    """`wideberth serve`, with a client."""

    def __init__(self, data: Path, port: int | None = None, **settings: object) -> None:
        self.port = port or free_port()
        data.mkdir(parents=True, exist_ok=True)
        given = {f"WIDEBERTH_GATEWAY_{name.upper()}": str(value) for name, value in settings.items()}
        command = [program(), "serve", "--access", "open", "--port", str(self.port), "--data", str(data)]
        super().__init__(command, given, data / "gateway.log", self.port)
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", trust_env=False, timeout=300)

    def until_ended(self, analysis_id: str, limit_s: float) -> dict[str, object]:
        """An analysis once it is done, failed or cancelled."""
        until = time.monotonic() + limit_s
        while True:
            try:
                view: dict[str, object] = self.client.get(f"/v1/analyses/{analysis_id}").json()
                if view.get("state") in ("done", "failed", "cancelled"):
                    return view
            except httpx.HTTPError:
                view = {}
            if time.monotonic() > until:
                raise TimeoutError(f"still {view}")
            time.sleep(0.2)


def program() -> str:
    """`wideberth` of this environment."""
    return str(Path(sys.executable).with_name("wideberth"))
