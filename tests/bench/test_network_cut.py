"""The embedded flow needs no network; and the check that it has none can fail."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bench.load.network_cut import inside, namespace, refuse_a_network  # noqa: E402


@pytest.fixture(scope="module")
def cut() -> list[str]:
    found = namespace()
    if found is None:
        pytest.skip("no network namespaces here (unshare, ip)")
    return found


def test_a_network_is_noticed() -> None:
    if [name for _, name in socket.if_nameindex()] == ["lo"]:
        pytest.skip("this machine has no network itself")
    with pytest.raises(RuntimeError, match="not cut"):
        refuse_a_network()


def test_without_one_the_check_passes(cut: list[str]) -> None:
    code = "from bench.load.network_cut import refuse_a_network; refuse_a_network()"
    assert subprocess.run([*cut, sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


@pytest.mark.slow
def test_the_whole_flow_without_a_network(cut: list[str], tmp_path: Path) -> None:
    assert len(inside(cut, tmp_path, quick=False)) == 3
