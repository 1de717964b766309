"""What the administrator's room asks: models with cards, how things stand, the trail and its chain."""

import json

import sqlalchemy as sa
from waiting import in_a_loop

from wideberth_contracts.settings import ModelRef, ServiceInfo
from wideberth_gateway.observing.cards import NoCard, models_of
from wideberth_gateway.store import audit
from wideberth_gateway.store.engine import open_engine
from wideberth_servicekit.model_store import models_root, open_model


def test_a_card_is_shown_for_the_weights_it_was_written_for() -> None:
    stored = open_model(models_root("detector"), "detector")
    weights = stored.sums["model.onnx"]
    refs = (
        ModelRef(id=stored.id, sha256=weights, runtime="x"),
        ModelRef(id=stored.id, sha256="0" * 64, runtime="x"),
        ModelRef(id="detector/9.9.9", sha256=weights, runtime="x"),
        ModelRef(id="nothing.onnx", sha256=weights, runtime="x"),
    )
    found = models_of([ServiceInfo(service="detector", version="1", device="cpu", models=refs)])
    assert [one.no_card for one in found] == [None, NoCard.OTHER_WEIGHTS, NoCard.NOT_HERE, NoCard.NOT_HERE]
    assert found[0].card is not None
    assert "oriented boxes" in found[0].card.lower()


@in_a_loop
async def test_how_things_stand(gateway, video) -> None:
    async with gateway() as client:
        await client.post("/v1/originals", params={"name": "a.mp4"}, content=video.read_bytes())
        told = (await client.get("/v1/standing")).json()
        assert told["analyses"] == {}
        assert told["audit_entries"] == 1
        assert told["storage"]["free_bytes"] > 0
        (model,) = [one for one in (await client.get("/v1/models")).json() if one["service"] == "detector"]
        assert (model["id"], model["no_card"]) == ("synthetic-detector", "not_here")


@in_a_loop
async def test_the_chain_is_checked_and_the_break_is_named(gateway, tmp_path) -> None:
    async with gateway() as client:
        assert (await client.get("/v1/audit/check")).json() == {
            "entries": 0, "whole": True, "broken_at": None, "head": None,
        }  # fmt: skip
        for number in range(5):
            await client.post("/v1/originals", params={"name": f"{number}.csv"}, content=str(number).encode())
        told = (await client.get("/v1/audit/check")).json()
        assert (told["entries"], told["whole"], told["broken_at"]) == (5, True, None)
        page = (await client.get("/v1/audit/entries", params={"limit": 2})).json()
        assert [one["sequence"] for one in page["entries"]] == [5, 4]
        assert (page["entries"][0]["action"], page["next_before"]) == ("original.kept", 4)
        assert page["entries"][0]["hash"] == told["head"]
        rest = (await client.get("/v1/audit/entries", params={"before": 2})).json()
        assert ([one["sequence"] for one in rest["entries"]], rest["next_before"]) == ([1], None)
        tamper(tmp_path)
        broken = (await client.get("/v1/audit/check")).json()
        assert (broken["whole"], broken["broken_at"]) == (False, 3)


def tamper(folder) -> None:
    """Somebody with the file in hand changes the third entry, past the triggers."""
    engine = open_engine(f"sqlite:///{folder / 'data' / 'gateway.sqlite'}")
    with engine.connect() as connection:
        names = connection.scalars(sa.text("SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='audit'"))
        for name in names.all():
            connection.execute(sa.text(f"DROP TRIGGER {name}"))
        text = connection.scalar(sa.text("SELECT entry_json FROM audit WHERE sequence = 3"))
        changed = json.dumps(json.loads(text) | {"actor": "nobody"})
        connection.execute(sa.text("UPDATE audit SET entry_json = :text WHERE sequence = 3"), {"text": changed})
        connection.commit()
    engine.dispose()


def test_the_trail_is_walked_in_pages(engine) -> None:
    for number in range(5):
        audit.append(engine, actor="a", action="b.c", subject=str(number))
    assert [link.sequence for link in audit.walk(engine, at_once=2)] == [1, 2, 3, 4, 5]
