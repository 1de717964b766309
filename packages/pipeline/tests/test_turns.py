"""Several frames under way: answers and turns in order, whoever is faster; nothing left running behind."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from wideberth_pipeline.turns import Turns, in_order


async def numbers(count: int) -> AsyncIterator[int]:
    for number in range(count):
        yield number


def test_answers_come_in_order_and_never_more_than_allowed_are_under_way() -> None:
    delays = [random.Random(3).uniform(0, 0.01) for _ in range(30)]
    under_way = most = 0

    async def work(number: int) -> int:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(delays[number])
        under_way -= 1
        return number

    async def scene() -> list[int]:
        return [answer async for answer in in_order(numbers(30), work, 3)]

    assert asyncio.run(scene()) == list(range(30))
    assert most == 3


def test_every_verb_sees_the_items_in_order_one_at_a_time_and_verbs_overlap() -> None:
    delays = random.Random(7)
    turns = Turns()
    seen: dict[str, list[int]] = {"clear": [], "detect": [], "locate": []}
    busy: set[str] = set()
    together = 0

    async def work(number: int) -> None:
        nonlocal together
        for verb, order in seen.items():
            async with turns.at(verb):
                assert verb not in busy
                busy.add(verb)
                together = max(together, len(busy))
                order.append(number)
                await asyncio.sleep(delays.uniform(0, 0.004))
                busy.remove(verb)

    async def scene() -> None:
        async for _ in in_order(numbers(25), work, 3):
            pass

    asyncio.run(scene())
    assert all(order == list(range(25)) for order in seen.values())
    assert together == 3
    assert set(turns.watch.seconds) == set(seen)


def test_an_error_arrives_in_its_place_and_drops_what_came_after() -> None:
    finished: list[int] = []
    dropped: list[int] = []

    async def work(number: int) -> int:
        if number == 2:
            raise ValueError("the third")
        try:
            await asyncio.sleep(0 if number < 2 else 60)
        except asyncio.CancelledError:
            dropped.append(number)
            raise
        finished.append(number)
        return number

    answers: list[int] = []

    async def scene() -> None:
        async for answer in in_order(numbers(9), work, 4):
            answers.append(answer)

    with pytest.raises(ValueError, match="the third"):
        asyncio.run(asyncio.wait_for(scene(), 5))
    assert answers == [0, 1]
    assert finished == [0, 1]
    assert dropped
    assert all(number > 2 for number in dropped)


def test_leaving_early_leaves_nothing_running() -> None:
    async def work(number: int) -> int:
        await asyncio.sleep(0 if number == 0 else 60)
        return number

    async def scene() -> None:
        before = asyncio.all_tasks()
        async with aclosing(in_order(numbers(9), work, 3)) as answers:
            async for answer in answers:
                assert answer == 0
                break
        assert asyncio.all_tasks() == before

    asyncio.run(asyncio.wait_for(scene(), 5))
