"""The audit trail: a chain that the database itself refuses to change, and a Merkle tree over its days."""

import threading
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from gateway_alerts import alert
from hypothesis import given, settings
from hypothesis import strategies as st

from wideberth_gateway.evidence.chain import Link, first_break, next_link
from wideberth_gateway.evidence.merkle import merkle_path, merkle_root
from wideberth_gateway.evidence.verify_bag import canonical, merkle_root_from
from wideberth_gateway.store import audit
from wideberth_gateway.store.alerts import publish
from wideberth_gateway.store.analyses import Original, keep_original
from wideberth_gateway.store.engine import writing


def filled(engine, count: int = 4) -> tuple[Link, ...]:
    for number in range(count):
        audit.append(engine, actor="test", action="thing.done", subject=f"s{number % 2}", details={"number": number})
    return audit.trail(engine)


def test_entries_are_chained(engine):
    links = filled(engine)
    assert [link.sequence for link in links] == [1, 2, 3, 4]
    assert first_break(links) is None
    assert audit.first_about(engine, ("s1",)) == 2
    assert audit.first_about(engine, ("nobody",)) is None
    assert audit.trail(engine, since=3) == links[2:]


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE audit SET entry_json = '{}' WHERE sequence = 2",
        "UPDATE audit SET hash = previous",
        "DELETE FROM audit WHERE sequence = 4",
        "DELETE FROM audit",
        "INSERT INTO audit SELECT sequence + 10, day, subject, entry_json, hash, hash FROM audit WHERE sequence = 4",
        "INSERT INTO audit SELECT 5, day, subject, entry_json, previous, hash FROM audit WHERE sequence = 4",
    ],
)
def test_the_database_refuses_to_change_the_trail(engine, attack):
    before = filled(engine)
    with pytest.raises(sa.exc.DBAPIError, match="only ever appended to"), writing(engine) as connection:
        connection.execute(sa.text(attack))
    assert audit.trail(engine) == before


def test_neither_replace_nor_truncate_is_a_way_round(engine):
    before = filled(engine)
    columns = "2, day, subject, '{}', previous, hash"
    way = {
        "sqlite": f"INSERT OR REPLACE INTO audit SELECT {columns} FROM audit WHERE sequence = 2",
        "postgresql": "TRUNCATE audit",
    }[engine.dialect.name]
    with pytest.raises(sa.exc.DBAPIError, match="only ever appended to"), writing(engine) as connection:
        connection.execute(sa.text(way))
    assert audit.trail(engine) == before


def test_writers_at_once_make_one_chain(engine):
    def write(name: str) -> None:
        for number in range(10):
            audit.append(engine, actor=name, action="thing.done", subject="s", details={"number": number})

    threads = [threading.Thread(target=write, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    links = audit.trail(engine)
    assert len(links) == 40
    assert first_break(links) is None


def test_what_happens_is_in_the_trail_or_did_not_happen(engine):
    original = Original("a" * 64, "clip.mp4", 10)
    keep_original(engine, original)
    keep_original(engine, original)
    published = publish(engine, (alert(),))[0]
    publish(engine, (alert(),))
    told = [(link.entry["action"], link.entry["subject"]) for link in audit.trail(engine)]
    assert told == [("original.kept", original.sha256), ("alert.published", published.id)]


def test_an_entry_that_fails_to_commit_leaves_no_trace(engine):
    filled(engine, 1)

    def fail() -> None:
        with writing(engine) as connection:
            audit.record(connection, actor="test", action="thing.done", subject="s")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert [link.sequence for link in filled(engine, 1)] == [1, 2]


ENTRIES = st.lists(st.tuples(st.text(max_size=5), st.integers()), min_size=1, max_size=6)


@settings(deadline=None)
@given(ENTRIES, st.data())
def test_any_change_breaks_the_chain_where_it_was_made(entries, data):
    links: list[Link] = []
    for text, number in entries:
        last = links[-1] if links else None
        moment = datetime(2026, 1, 1, tzinfo=UTC)
        details = {"text": text, "number": number}
        links.append(next_link(last, at=moment, actor="a", action="b.c", subject="d", details=details))
    assert first_break(links) is None
    at = data.draw(st.integers(0, len(links) - 1))
    changed = {
        **links[at].entry,
        "details": {**links[at].entry["details"], "number": links[at].entry["details"]["number"] + 1},
    }
    assert first_break([*links[:at], Link(changed, links[at].previous, links[at].hash), *links[at + 1 :]]) == at + 1
    if at < len(links) - 1:
        assert first_break([*links[:at], *links[at + 1 :]]) == at + 1


@settings(deadline=None)
@given(st.lists(st.binary(max_size=8), min_size=1, max_size=40), st.data())
def test_every_leaf_leads_to_the_root_and_no_other_content_does(contents, data):
    root = merkle_root(contents).hex()
    index = data.draw(st.integers(0, len(contents) - 1))
    path = merkle_path(contents, index)
    assert merkle_root_from(contents[index], path) == root
    assert merkle_root_from(contents[index] + b"x", path) != root
    assert len(path) <= 6


def test_the_root_is_that_of_rfc_6962():
    """Test vectors of the Certificate Transparency reference implementation (merkle_tree_test)."""
    leaves = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")]
    assert merkle_root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert merkle_root(leaves[:1]).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert merkle_root(leaves[:2]).hex() == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
    assert merkle_root(leaves[:3]).hex() == "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"
    assert merkle_root(leaves).hex() == "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"


def test_canonical_json_is_one_form_and_refuses_what_has_several():
    assert canonical({"b": [1, True, None], "a": "가\n"}) == '{"a":"가\\n","b":[1,true,null]}'.encode()
    for bad in (1.5, {"a": [0.1]}, {"키": 1}):
        with pytest.raises(TypeError):
            canonical(bad)
