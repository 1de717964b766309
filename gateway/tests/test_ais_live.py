"""Sentences over real sockets of this machine, into a folder, and read back."""

import asyncio
import socket

import pytest
from ais_lines import EPOCH_S, class_b, tagged

from wideberth_contracts.errors import BadInput
from wideberth_gateway.identity.files import read_ais
from wideberth_gateway.identity.kept import Heard, SentenceStore
from wideberth_gateway.identity.live import Address, Listener, address_of


async def _until(holds, within_s: float = 10.0) -> None:
    async with asyncio.timeout(within_s):
        while not holds():
            await asyncio.sleep(0.02)


def _read_back(folder) -> list[int]:
    return [report.mmsi for file in sorted(folder.glob("*.nmea")) for report in read_ais(file).reports]


def test_a_broken_connection_is_made_again(tmp_path):
    async def scene() -> Listener:
        served = 0

        async def serve(_reader, writer) -> None:
            nonlocal served
            served += 1
            writer.write(class_b(440_000_400 + served, 33.2, 126.3).encode() + b"\r\n")
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        store = SentenceStore(tmp_path, "test")
        listener = Listener(Address("tcp", "127.0.0.1", port), store, pause_s=0.05, write_every_s=0.05)
        async with server:
            task = asyncio.create_task(listener.run())
            await _until(lambda: listener.counts.kept >= 3)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        return listener

    listener = asyncio.run(scene())
    assert listener.counts.connections >= 3
    assert listener.counts.kept == listener.counts.heard
    assert _read_back(tmp_path)[:3] == [440_000_401, 440_000_402, 440_000_403]


def test_datagrams_with_two_sentences(tmp_path):
    async def scene() -> None:
        listener = Listener(Address("udp", "127.0.0.1", 0), SentenceStore(tmp_path, "test"), write_every_s=0.05)
        task = asyncio.create_task(listener.run())
        await _until(lambda: listener.port is not None)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            text = class_b(1, 33.2, 126.3) + "\r\n" + class_b(2, 33.2, 126.3) + "\r\n"
            sender.sendto(text.encode(), ("127.0.0.1", listener.port))
        await _until(lambda: listener.counts.heard == 2)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert listener.counts.kept == 2, "what waits when it is stopped is kept"

    asyncio.run(scene())
    assert _read_back(tmp_path) == [1, 2]


def test_a_port_that_is_taken_is_an_error_of_its_own(tmp_path):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        address = Address("udp", "127.0.0.1", taken.getsockname()[1])
        with pytest.raises(OSError, match="in use"):
            asyncio.run(Listener(address, SentenceStore(tmp_path, "test")).run())


def test_a_full_queue_drops_the_oldest_and_counts(tmp_path):
    listener = Listener(Address("udp", "127.0.0.1", 0), SentenceStore(tmp_path, "test"), most_waiting=2)
    for mmsi in (1, 2, 3):
        listener.take(class_b(mmsi, 33.2, 126.3).encode())
    assert (listener.counts.heard, listener.counts.dropped) == (3, 1)


def test_a_receivers_own_time_is_kept(tmp_path):
    store = SentenceStore(tmp_path, "here")
    store.append([Heard(EPOCH_S + 9, tagged(class_b(1, 33.2, 126.3), EPOCH_S, "mast").encode()),
                  Heard(EPOCH_S + 9.5, b"\\s:mast*2A\\" + class_b(2, 33.2, 126.3).encode())])  # fmt: skip
    own, ours = read_ais(tmp_path / "ais-2026-06-14.nmea").reports
    assert (own.epoch_s, own.source) == (EPOCH_S, "mast")
    assert (ours.epoch_s, ours.source) == (EPOCH_S + 9.5, "here")


@pytest.mark.parametrize("text", ["", "http://a:1", "tcp://a", "tcp://a:99999", "udp://:x"])
def test_an_address_that_is_none_is_refused(text):
    with pytest.raises(BadInput, match="tcp://HOST:PORT"):
        address_of(text)


def test_an_address():
    assert address_of("udp://0.0.0.0:10110") == Address("udp", "0.0.0.0", 10110)
