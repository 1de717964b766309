"""Who is at which segment: on SQLite and on PostgreSQL."""

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat

import pytest
from test_store import VIDEO, analysis

from wideberth_gateway.store import claims, executors, trials
from wideberth_gateway.store.analyses import (
    SegmentRow,
    State,
    begin_run,
    end_segment,
    keep_original,
    move,
    open_analysis,
)
from wideberth_gateway.store.claims import Taken, take
from wideberth_gateway.store.executors import LeaseLost

ID = "b" * 64
SHORT_S = 0.2


@pytest.fixture
def opened(engine):
    """An analysis of six segments, the third without frames."""
    keep_original(engine, VIDEO)
    rows = tuple(SegmentRow(k, 10.0 * k, 10.0 * k + 10.0, 0 if k == 2 else 50) for k in range(6))
    open_analysis(engine, analysis(segments=rows))
    return engine


def leases(engine, *names):
    return [executors.open_lease(engine, name, 60.0) for name in names]


def test_segments_are_taken_in_order_and_by_one_each(opened):
    one, two = leases(opened, "one", "two")
    held: list[int] = []
    for lease in (one, two, one, two, one):
        taken = take(opened, ID, lease, ahead=100, held=held)
        assert taken.state is State.QUEUED
        held.append(taken.position)
    assert held == [0, 1, 3, 4, 5]
    assert take(opened, ID, two, ahead=100, held=held) == Taken(State.QUEUED, None)


def test_many_at_once_take_no_segment_twice(opened):
    many = leases(opened, *(f"worker {number}" for number in range(8)))
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda lease: take(opened, ID, lease, ahead=100).position, many))
    assert sorted(one for one in taken if one is not None) == [0, 1, 3, 4, 5]
    assert taken.count(None) == 3


def test_none_is_taken_far_ahead_of_what_is_not_done(opened):
    many = leases(opened, "one", "two", "three", "four")
    begin_run(opened, ID)
    assert [take(opened, ID, lease, ahead=2).position for lease in many] == [0, 1, None, None]
    assert not claims.to_take(opened, ID, 2)
    end_segment(opened, ID, 1)
    assert take(opened, ID, many[1], ahead=2).position is None
    end_segment(opened, ID, 0)
    assert claims.to_take(opened, ID, 2)
    assert [take(opened, ID, lease, ahead=2).position for lease in many] == [3, 4, None, None]


def test_what_a_dead_worker_was_at_is_free_and_what_it_still_takes_is_refused(opened):
    [living] = leases(opened, "living")
    dead = executors.open_lease(opened, "dead", SHORT_S)
    assert take(opened, ID, dead, ahead=100).position == 0
    assert take(opened, ID, living, ahead=100).position == 1
    time.sleep(2 * SHORT_S)
    assert take(opened, ID, living, ahead=100, held=(1,)).position == 3  # silent, but not fenced off yet
    assert executors.fence_off(opened, "dead")
    assert take(opened, ID, living, ahead=100, held=(1, 3)).position == 0
    with pytest.raises(LeaseLost):
        take(opened, ID, dead, ahead=100)


def test_one_that_came_back_under_its_id_begins_again(opened):
    [first] = leases(opened, "one")
    assert take(opened, ID, first, ahead=100).position == 0
    [again] = leases(opened, "one")
    assert take(opened, ID, again, ahead=100).position == 0


def test_what_was_left_is_anyones_and_what_is_held_stays(opened):
    one, two = leases(opened, "one", "two")
    held: list[int] = []
    for _ in repeat(None, 3):
        held.append(take(opened, ID, one, ahead=100, held=held).position)
    claims.leave(opened, one, {(ID, 1)})
    assert [take(opened, ID, two, ahead=100, held=()).position] == [0]
    assert take(opened, ID, two, ahead=100, held=(0,)).position == 3


def test_what_is_given_up_or_ended_is_at_nobody(opened):
    one, two = leases(opened, "one", "two")
    assert take(opened, ID, one, ahead=100).position == 0
    trials.give_up(opened, ID, 0, "it cannot be sensed")
    assert claims.is_done(opened, ID, 0)
    claims.is_lost(opened, ID, 0)
    assert take(opened, ID, two, ahead=100).position == 0
    move(opened, ID, State.CANCELLED)
    assert take(opened, ID, one, ahead=100) == Taken(State.CANCELLED, None)
    assert take(opened, "c" * 64, one, ahead=100) == Taken(None, None)
