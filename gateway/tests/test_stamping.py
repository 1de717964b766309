"""Time stamps against a real authority on loopback: asked, checked, queued while it is away."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from local_tsa import LocalTsa, certificates, local_tsa

from wideberth_contracts.errors import BadInput, Unavailable
from wideberth_gateway.evidence.days import close_days, proof_of, stamp_waiting
from wideberth_gateway.evidence.merkle import merkle_root
from wideberth_gateway.evidence.stamping import Authority, ask, check, query
from wideberth_gateway.evidence.verify_bag import merkle_root_from, of_hash, stamped_at
from wideberth_gateway.store import audit, stamps
from wideberth_gateway.store.engine import writing
from wideberth_gateway.store.stamps import StampKind, StampRow

CONTENT = b"e3b0c442  data/clip.mp4\n"
TOMORROW = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
TODAY = datetime.now(UTC).date().isoformat()


@pytest.fixture(scope="module")
def authority_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("tsa")


@pytest.fixture(scope="module")
def running(authority_folder):
    with local_tsa(authority_folder) as tsa:
        yield tsa


@pytest.fixture
def tsa(running: LocalTsa) -> LocalTsa:
    running.away, running.replay, running.asked = False, None, 0
    return running


def authority(tsa: LocalTsa, **changes) -> Authority:
    return Authority(**({"url": tsa.url, "roots": tsa.root, "timeout_s": 5.0} | changes))


def test_a_stamp_is_about_the_bytes_and_signed_under_the_root(tsa):
    answer = ask(authority(tsa), CONTENT)
    moment = check(answer, CONTENT, authority(tsa))
    assert abs(moment - datetime.now(UTC)) < timedelta(minutes=1)
    assert of_hash(answer, hashlib.sha256(CONTENT).digest())
    assert stamped_at(answer) == moment.strftime("%Y-%m-%d %H:%M:%S UTC")
    with pytest.raises(Unavailable, match="about other bytes"):
        check(answer, CONTENT + b"x", authority(tsa))


def test_a_stamp_under_another_root_is_refused(tsa, tmp_path):
    other = certificates(tmp_path / "other")
    with pytest.raises(Unavailable, match="signature does not hold"):
        ask(authority(tsa, roots=other), CONTENT)


def test_an_old_answer_is_no_answer(tsa):
    tsa.replay = tsa.answer(query(CONTENT))
    with pytest.raises(Unavailable, match="another request"):
        ask(authority(tsa), CONTENT)


@pytest.mark.parametrize("nonsense", [b"hello", b"0\x03\x02\x01\x02", b"0" * (2 << 20)])
def test_nonsense_is_refused(tsa, nonsense):
    tsa.replay = nonsense
    with pytest.raises(Unavailable):
        ask(authority(tsa), CONTENT)


def test_an_authority_that_is_away_or_unknown_is_unavailable(tsa):
    tsa.away = True
    with pytest.raises(Unavailable, match="503"):
        ask(authority(tsa), CONTENT)
    with pytest.raises(Unavailable):
        ask(authority(tsa, url="http://127.0.0.1:1/"), CONTENT)
    with pytest.raises(Unavailable):
        ask(authority(tsa, url="no address"), CONTENT)


def test_a_file_without_certificates_says_so(tsa, tmp_path):
    (tmp_path / "empty.pem").write_text("nothing")
    with pytest.raises(BadInput, match=r"empty\.pem"):
        ask(authority(tsa, roots=tmp_path / "empty.pem"), CONTENT)


def test_stamps_wait_while_the_authority_is_away_and_come_when_it_is_back(engine, tsa):
    tsa.away = True
    for name in ("bag-1", "bag-2"):
        assert stamps.queue(engine, StampRow(StampKind.BAG, name, name.encode()))
    assert not stamps.queue(engine, StampRow(StampKind.BAG, "bag-1", b"other"))
    assert stamp_waiting(engine, authority(tsa)) == 0
    assert tsa.asked == 1
    assert "503" in (stamps.find(engine, StampKind.BAG, "bag-1").problem or "")
    tsa.away = False
    assert stamp_waiting(engine, authority(tsa)) == 2
    assert stamps.waiting(engine) == ()
    row = stamps.find(engine, StampKind.BAG, "bag-1")
    assert check(row.answer, b"bag-1", authority(tsa))
    assert [link.entry["action"] for link in audit.trail(engine)] == ["bag.stamped", "bag.stamped"]


def test_a_day_that_is_over_has_one_root_and_every_entry_leads_to_it(engine, tsa):
    for number in range(5):
        audit.append(engine, actor="test", action="thing.done", subject="s", details={"number": number})
    links = audit.trail(engine)
    assert close_days(engine, TODAY) == ()
    assert proof_of(engine, 1, TODAY) is None
    assert close_days(engine, TOMORROW) == (TODAY,)
    assert close_days(engine, TOMORROW) == ()
    assert stamp_waiting(engine, authority(tsa)) == 1
    row = stamps.find(engine, StampKind.DAY, TODAY)
    assert row.content == merkle_root([bytes.fromhex(link.hash) for link in links])
    assert check(row.answer, row.content, authority(tsa))
    for link in links:
        proof = proof_of(engine, link.sequence, TODAY)
        assert merkle_root_from(bytes.fromhex(link.hash), proof["path"]) == proof["root"] == row.content.hex()
    closing = audit.trail(engine, since=6)[0]
    assert closing.entry["action"] == "day.closed"
    assert proof_of(engine, closing.sequence, TODAY) is None, "it came after the day was closed"


def test_a_trail_that_someone_changed_is_told_when_a_day_is_closed(engine, caplog):
    for number in range(3):
        audit.append(engine, actor="test", action="thing.done", subject="s", details={"number": number})
    drop = {
        "sqlite": "DROP TRIGGER audit_no_update",
        "postgresql": "ALTER TABLE audit DISABLE TRIGGER ALL",
    }[engine.dialect.name]
    change = "UPDATE audit SET entry_json = replace(entry_json, 'thing.done', 'thing.left') WHERE sequence = 2"
    with writing(engine) as connection:
        connection.execute(sa.text(drop))
        connection.execute(sa.text(change))
    close_days(engine, TOMORROW)
    assert "the audit trail is broken at entry 2" in caplog.text
