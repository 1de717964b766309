"""A bag of a gateway gets its time stamp when the authority can be reached."""

import asyncio

from fetching_bags import alert_of, key_of, unpacked
from local_tsa import local_tsa

from wideberth_gateway.evidence.verify_bag import Check


def test_a_bag_is_stamped_when_the_authority_is_back(gateway, video, tmp_path):
    async def scene(tsa):
        given = {"tsa_url": tsa.url, "tsa_roots": tsa.root, "stamp_every_s": 1}
        async with gateway(**given) as client:
            key = key_of(tmp_path / "data", "Officer Han")
            alert = await alert_of(client, video)
            tsa.away = True
            made = (await client.post(f"/v1/alerts/{alert}/evidence", headers=key)).json()
            await asyncio.sleep(1.5)
            queued = (await client.get(f"/v1/evidence/{made['name']}")).json()
            tsa.away = False
            for _ in range(100):
                view = (await client.get(f"/v1/evidence/{made['name']}")).json()
                if view["stamp"]:
                    break
                await asyncio.sleep(0.1)
            stamp = (await client.get(view["stamp"])).content
            return queued, view, stamp, (await client.get(made["bag"], headers=key)).content

    with local_tsa(tmp_path / "tsa") as tsa:
        queued, view, stamp, content = asyncio.run(scene(tsa))
        assert tsa.asked >= 2
    assert queued["stamp"] is None
    assert view["stamped_at"].endswith("UTC")
    bag = unpacked(content, tmp_path / "out")
    bag.with_name(f"{bag.name}.tsr").write_bytes(stamp)
    check = Check(bag)
    assert check.run(), check.faults
    assert any("time stamp of this manifest" in note for note in check.notes)
