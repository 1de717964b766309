"""Sentences that a gateway hears live: kept, found again, and held against an analysis when it is done."""

import asyncio
import socket

from ais_lines import class_b
from asking_analyses import ask
from gateway_process import free_port
from passing_ship import AT, passing
from waiting import until_ended

from wideberth_gateway.identity.heard import heard_between, heard_in
from wideberth_gateway.identity.kept import Heard, SentenceStore


def test_lines_of_a_time_are_found_across_midnight(tmp_path):
    midnight = 1_785_542_400.0
    store = SentenceStore(tmp_path / "tcp-x-1", "x")
    store.append([Heard(midnight + t, class_b(440_000_400 + i, 33.2, 126.2).encode())
                  for i, t in enumerate((-50, -5, 5, 50))])  # fmt: skip
    ((name, lines),) = heard_between(tmp_path, midnight - 10, midnight + 10)
    assert name == "tcp-x-1"
    assert len(lines.splitlines()) == 2
    assert list(heard_between(tmp_path, midnight + 60, midnight + 90)) == []
    assert list(heard_between(tmp_path / "nowhere", midnight, midnight)) == []


def test_live_sentences_are_kept_and_an_analysis_is_held_against_them(gateway, video, tmp_path):
    data, port = tmp_path / "data", free_port()

    async def scene() -> None:
        async with gateway(ais_sources=(f"udp://127.0.0.1:{port}",)) as client:
            folder = heard_in(data) / f"udp-127.0.0.1-{port}"
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
                async with asyncio.timeout(20):
                    while not list(folder.glob("*.nmea")):
                        sender.sendto(class_b(440_000_777, 33.2, 126.2).encode(), ("127.0.0.1", port))
                        await asyncio.sleep(0.1)
            heard = [Heard(AT + t, line) for t in (0.0,) for line in passing(33.2, 126.2, AT).splitlines()]
            SentenceStore(folder, "test").append(heard)
            view = await until_ended(client, (await ask(client, video)).json()["id"])
            assert view["state"] == "done", view
            kept = await client.get(f"/v1/analyses/{view['id']}/identity")
            assert kept.status_code == 200, kept.text
            assert kept.json()["files"][0]["file"] == folder.name
            assert kept.json()["files"][0]["reports"] == 12
            again = await client.post(f"/v1/analyses/{view['id']}/identity")
            assert again.json()["alerts_changed"] == 0

    asyncio.run(scene())
