"""The store on both databases: same schema, durable, versions appended, readers that miss nothing."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from gateway_alerts import alert

from wideberth_contracts.errors import BadInput
from wideberth_contracts.judgement import AlertStatus
from wideberth_gateway.store.alerts import Box, Wanted, last_event, latest, publish, since, versions
from wideberth_gateway.store.analyses import (
    Analysis,
    Original,
    SegmentRow,
    State,
    begin_run,
    end_segment,
    find_analysis,
    keep_original,
    list_analyses,
    move,
    note_frames,
    open_analysis,
    unfinished,
)
from wideberth_gateway.store.claims import Taken, take
from wideberth_gateway.store.engine import open_engine, reading, writing
from wideberth_gateway.store.executors import open_lease
from wideberth_gateway.store.migrate import migrate
from wideberth_gateway.store.tables import metadata

VIDEO = Original("a" * 64, "clip.mp4", 10)


def analysis(letter: str = "b", **changes) -> Analysis:
    whole = {
        "id": letter * 64,
        "video_sha256": VIDEO.sha256,
        "video_name": VIDEO.name,
        "telemetry_sha256": None,
        "telemetry_name": None,
        "settings_json": "{}",
        "grade": "A",
        "state": State.QUEUED,
        "attempt": 1,
        "problem": None,
        "created_epoch_s": 1000.0,
        "started_epoch_s": None,
        "frames_at_start": 0,
        "finished_epoch_s": None,
        "segments": (SegmentRow(0, 0.0, 30.0, 150), SegmentRow(1, 30.0, 60.0, 150)),
    }
    return Analysis(**(whole | changes))


def test_migrations_build_what_the_tables_say_and_do_so_once(database_url):
    engine = open_engine(database_url)
    migrate(engine)
    migrate(engine)
    with reading(engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_sqlite_is_set_to_survive_a_power_cut(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'x.sqlite'}")
    with reading(engine) as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2}
    engine.dispose()


def test_sqlite_writers_wait_for_each_other(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'x.sqlite'}")
    migrate(engine)
    threads = [threading.Thread(target=publish, args=(engine, (alert(craft=f"v{n}"),))) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(latest(engine, Wanted(limit=100))) == 8
    engine.dispose()


@pytest.mark.parametrize("url", ["mysql://x/y", "no url"])
def test_other_databases_are_refused(url):
    with pytest.raises(BadInput):
        open_engine(url)


def test_a_failed_transaction_leaves_nothing(engine):
    def interrupted():
        with writing(engine) as connection:
            connection.execute(sa.text("INSERT INTO originals VALUES ('x', 'x', 1, 1)"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        interrupted()
    with reading(engine) as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM originals")) == 0


def test_an_original_keeps_its_first_name(engine):
    keep_original(engine, VIDEO)
    assert keep_original(engine, Original(VIDEO.sha256, "other.mp4", 10)) == VIDEO


def test_the_life_of_an_analysis(engine):
    keep_original(engine, VIDEO)
    assert open_analysis(engine, analysis())[1]
    assert not open_analysis(engine, analysis())[1]
    begin_run(engine, "b" * 64)
    lease = open_lease(engine, "one", 60.0)
    assert take(engine, "b" * 64, lease, ahead=2) == Taken(State.SENSING, 0)
    note_frames(engine, "b" * 64, 0, 75)
    found = find_analysis(engine, "b" * 64)
    assert (found.state, found.frames_done, found.frames_total) == (State.SENSING, 75, 300)
    assert found.seconds_left(found.started_epoch_s + 10) == pytest.approx(30)
    end_segment(engine, "b" * 64, 0)
    assert find_analysis(engine, "b" * 64).frames_done == 150
    assert [one.id for one in unfinished(engine)] == ["b" * 64]
    move(engine, "b" * 64, State.DONE)
    assert unfinished(engine) == ()
    move(engine, "b" * 64, State.FAILED)
    assert find_analysis(engine, "b" * 64).state is State.DONE


def test_a_cancelled_analysis_stays_so_until_asked_again(engine):
    keep_original(engine, VIDEO)
    open_analysis(engine, analysis())
    move(engine, "b" * 64, State.CANCELLED)
    begin_run(engine, "b" * 64)
    assert take(engine, "b" * 64, open_lease(engine, "one", 60.0), ahead=2) == Taken(State.CANCELLED, None)
    assert find_analysis(engine, "b" * 64).state is State.CANCELLED
    again, to_start = open_analysis(engine, analysis())
    assert (again.attempt, again.state, to_start) == (2, State.QUEUED, True)


def test_analyses_newest_first(engine):
    keep_original(engine, VIDEO)
    for number, letter in enumerate("bcd"):
        open_analysis(engine, analysis(letter, created_epoch_s=1000.0 + number))
    assert [one.id[0] for one in list_analyses(engine, limit=2)] == ["d", "c"]
    assert [one.id[0] for one in list_analyses(engine, limit=2, before_epoch_s=1001.0)] == ["b"]


def test_the_same_alert_again_is_no_new_version(engine):
    publish(engine, (alert(),))
    later = alert().model_copy(update={"created_at": datetime.now(UTC)})
    assert publish(engine, (later,)) == (alert(),)
    assert last_event(engine) == 1


def test_an_alert_that_says_something_else_is_a_new_version_with_the_status_kept(engine):
    first = alert()
    publish(engine, (first.model_copy(update={"status": AlertStatus.CONFIRMED}),))
    changed = alert(reason="now 12 s")
    published = publish(engine, (changed,))[0]
    assert (published.version, published.status) == (2, AlertStatus.CONFIRMED)
    assert [one.version for one in versions(engine, first.id)] == [1, 2]
    assert [(kept.sequence, kept.alert.version) for kept in latest(engine, Wanted(limit=10))] == [(2, 2)]


def test_alerts_and_events_come_together_or_not_at_all(engine):
    with pytest.raises(AttributeError):
        publish(engine, (alert(), "no alert"))
    assert latest(engine, Wanted(limit=10)) == ()
    assert since(engine, 0) == ()


PLACES = [
    pytest.param(Box(126, 33, 127, 34), True, id="inside"),
    pytest.param(Box(126.2, 33.2, 126.2, 33.2), True, id="on the corner"),
    pytest.param(Box(127, 33, 128, 34), False, id="east of it"),
    pytest.param(Box(170, 33, 127, 34), True, id="across the date line"),
    pytest.param(Box(170, 33, -170, 34), False, id="across the date line, elsewhere"),
]


def test_alerts_in_a_box(engine):
    publish(engine, (alert(), alert(craft="v2", latitude=None, longitude=None)))
    for case in PLACES:
        box, inside = case.values
        found = [kept.alert.encounter.craft_track for kept in latest(engine, Wanted(limit=9, box=box))]
        assert found == ["v1"] * inside, case.id


START = datetime(2026, 8, 1, 3, 0, tzinfo=UTC)
TIMES = [
    pytest.param(START, START, True, id="its first moment"),
    pytest.param(START - timedelta(hours=1), START, True, id="ends with its first moment"),
    pytest.param(START - timedelta(hours=1), START - timedelta(seconds=1), False, id="before"),
    pytest.param(START + timedelta(hours=1), None, False, id="open end, after"),
    pytest.param(None, START + timedelta(hours=1), True, id="open start"),
]


def test_alerts_in_a_span(engine):
    publish(engine, (alert(start=START, end=START + timedelta(seconds=10)), alert(craft="v2", start=None, end=None)))
    for case in TIMES:
        earliest, last, inside = case.values
        assert len(latest(engine, Wanted(limit=9, earliest=earliest, latest=last))) == inside, case.id


def test_a_reader_misses_nothing_while_others_write(engine):
    """Numbers are in the order of commits: a reader that only ever asks for more than it has seen sees all."""
    done = threading.Event()

    def write(name: str) -> None:
        for number in range(8):
            publish(engine, (alert(craft=f"{name}{number}"),))

    writers = [threading.Thread(target=write, args=(name,)) for name in "abc"]
    for writer in writers:
        writer.start()
    threading.Thread(target=lambda: ([writer.join() for writer in writers], done.set())).start()
    seen, last = [], 0
    while True:
        finished = done.is_set()
        for kept in since(engine, last):
            seen.append(kept.alert.encounter.craft_track)
            last = kept.sequence
        if finished and not since(engine, last):
            break
    assert sorted(seen) == sorted(f"{name}{number}" for name in "abc" for number in range(8))


def test_few_and_many_are_found_alike(engine, monkeypatch):
    """By the index of place and time, or by walking along the numbers: the same page either way."""
    for number in range(30):
        moment = START + timedelta(hours=number)
        publish(engine, (alert(f"v{number}", latitude=33.0 + number / 100, start=moment, end=moment),))
    publish(engine, (alert("v12", latitude=33.12, reason="seen anew", start=START, end=START),))
    asked = [
        Wanted(limit=5, box=Box(126.0, 33.05, 127.0, 33.2)),
        Wanted(limit=50, earliest=START + timedelta(hours=3), latest=START + timedelta(hours=9)),
        Wanted(limit=50, after=10, box=Box(126.0, 33.05, 127.0, 33.2), statuses=(AlertStatus.CANDIDATE,)),
        Wanted(limit=50, latest=START),
    ]
    by_index = [latest(engine, one) for one in asked]
    monkeypatch.setattr("wideberth_gateway.store.alerts.FEW", -1)
    assert [latest(engine, one) for one in asked] == by_index
    assert [len(page) for page in by_index] == [5, 7, 11, 2]
