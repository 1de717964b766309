"""Webhooks on real sockets: signed, in order of events, tried again with the same id, dead letters to be seen."""

import asyncio
import json
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from gateway_alerts import START, alert
from receivers import Receiver, listening
from standardwebhooks import Webhook as Verifier

from wideberth_contracts.errors import BadInput, NotFound
from wideberth_contracts.reviews import ReviewAsked, Severity
from wideberth_gateway.alerts.changes import TOLD, Change
from wideberth_gateway.alerts.reviewing import reviewed
from wideberth_gateway.store import webhooks as store
from wideberth_gateway.store.alerts import decide, publish
from wideberth_gateway.store.webhooks import DeliveryState, turn
from wideberth_gateway.webhooks import addresses
from wideberth_gateway.webhooks.addresses import checked, resolved
from wideberth_gateway.webhooks.messages import Form, message, new_secret
from wideberth_gateway.webhooks.sending import DELAYS_S, Sender

SOURCE = "https://alerts.example.org"


def run(scenario) -> None:
    asyncio.run(asyncio.wait_for(scenario, 60))


async def until(true: Callable[[], bool]) -> None:
    while not true():
        await asyncio.sleep(0.02)


def sending(engine, delays_s=(0.05, 0.05)):
    return Sender(engine, SOURCE, private_too=True, delays_s=delays_s).running()


def add(engine, receiver: Receiver, changes=TOLD):
    return store.add_webhook(engine, receiver.url, Form.STANDARD.value, new_secret(), changes)


def states(engine, webhook) -> list[DeliveryState]:
    return [each.state for each in store.list_deliveries(engine, webhook.id, None, 100, None)][::-1]


def test_a_message_is_what_standard_webhooks_and_cloudevents_say(engine) -> None:
    async def scenario() -> None:
        receiver = Receiver()
        async with listening(receiver), sending(engine):
            hook = add(engine, receiver)
            await asyncio.to_thread(publish, engine, (alert(),))
            await until(lambda: states(engine, hook) == [DeliveryState.DELIVERED])
        ((headers, body),) = receiver.got
        event = Verifier(hook.secret).verify(body, headers)
        assert event["specversion"] == "1.0"
        assert (event["type"], event["subject"]) == ("alert.created", alert().id)
        assert event["data"]["properties"]["closest_separation_m"] == 30
        with pytest.raises(Exception, match="signature"):
            Verifier(new_secret()).verify(body, headers)

    run(scenario())


def test_told_once_and_again_only_when_graver_decided_or_fallen(engine) -> None:
    async def scenario() -> None:
        receiver, everything = Receiver(), Receiver()
        async with listening(receiver, everything), sending(engine):
            add(engine, receiver)
            add(engine, everything, tuple(Change))
            first = alert()
            await asyncio.to_thread(publish, engine, (first,))
            await asyncio.to_thread(publish, engine, (alert(reason="a little longer"),))
            graver = alert(reason="closer").model_copy(update={"severity": Severity.GRAVE})
            await asyncio.to_thread(publish, engine, (graver,))
            asked = ReviewAsked(decision="confirm", version=3)
            decide(engine, first.id, lambda known: reviewed(known, asked, "Kim", START, 1))
            await until(lambda: len(receiver.got) == 3 and len(everything.got) == 4)
        types = [json.loads(body)["type"] for _, body in receiver.got]
        assert sorted(types) == ["alert.created", "alert.escalated", "alert.reviewed"]

    run(scenario())


def test_failures_are_tried_again_with_the_same_id_then_dead_then_tried_by_hand(engine) -> None:
    async def scenario() -> None:
        flaky, dead = Receiver(["500 No", "503 Busy", "200 OK"]), Receiver(["500 No"])
        async with listening(flaky, dead), sending(engine):
            good, bad = add(engine, flaky), add(engine, dead)
            await asyncio.to_thread(publish, engine, (alert(),))
            await until(lambda: states(engine, good) == [DeliveryState.DELIVERED])
            await until(lambda: states(engine, bad) == [DeliveryState.DEAD])
            (letter,) = store.list_deliveries(engine, bad.id, DeliveryState.DEAD, 10, None)
            assert (letter.tries, letter.answer) == (3, "500")
            dead.answers[:] = ["200 OK"]
            store.retry(engine, bad.id, letter.id)
            await until(lambda: states(engine, bad) == [DeliveryState.DELIVERED])
        assert len(flaky.ids) == 3
        assert len(set(flaky.ids)) == len(set(dead.ids)) == 1
        with pytest.raises(NotFound):
            store.retry(engine, bad.id, letter.id)

    run(scenario())


def test_one_that_hangs_keeps_no_other_waiting(engine) -> None:
    async def scenario() -> None:
        good, hangs = Receiver(), Receiver(["hang"])
        async with listening(good, hangs), sending(engine):
            add(engine, hangs)
            add(engine, good)
            await asyncio.to_thread(publish, engine, tuple(alert(f"v{k}") for k in range(60)))
            await until(lambda: len(good.got) == 60)
            assert len(hangs.got) < 20, "the others of the one that hangs wait for their turn"

    run(scenario())


def test_one_that_hangs_too_long_redirects_or_is_gone(engine, monkeypatch) -> None:
    monkeypatch.setattr("wideberth_gateway.webhooks.sending.TIME_LIMIT_S", 2.0)

    async def scenario() -> None:
        hangs, gone = Receiver(["hang"]), Receiver(["410 Gone"])
        moved = Receiver(["302 Found\nLocation: http://127.0.0.1:1/"])
        async with listening(hangs, moved, gone), sending(engine):
            hooks = [add(engine, each) for each in (hangs, moved, gone)]
            await asyncio.to_thread(publish, engine, tuple(alert(f"v{k}") for k in range(20)))
            await until(lambda: all(set(states(engine, hook)) == {DeliveryState.DEAD} for hook in hooks))
        said = [{each.answer for each in store.list_deliveries(engine, hook.id, None, 100, None)} for hook in hooks]
        assert said[0] == {"TimeoutError: "}
        assert said[1] == {"302 (redirects are not followed)"}
        disabled = {hook.id: hook.disabled_because for hook in store.list_webhooks(engine)}
        assert [disabled[hook.id] for hook in hooks] == [None, None, "the receiver answered 410"]
        assert len(gone.got) < 20, "told no more once it was gone"

    run(scenario())


def test_what_was_under_way_when_the_process_died_is_sent_by_the_next(engine) -> None:
    async def scenario() -> None:
        hangs = Receiver(["hang"])
        async with listening(hangs):
            hook = add(engine, hangs)
            publish(engine, tuple(alert(f"v{k}") for k in range(3)))
            async with sending(engine):
                await until(lambda: len(hangs.got) == 3)
            assert states(engine, hook) == [DeliveryState.WAITING] * 3
            hangs.answers[:] = ["200 OK"]
            before = set(hangs.ids)
            due = turn(engine, (), time.time() + 3600, 10, {})
            assert {each.delivery.event for each in due} == {int(name.rsplit("_", 1)[1]) for name in before}

    run(scenario())


def test_events_before_a_receiver_was_added_are_not_told_and_none_after_is_left_out(engine) -> None:
    publish(engine, (alert("before"),))
    hook = store.add_webhook(engine, "https://r.example", "standard", new_secret(), tuple(Change))
    count = 1100
    for first in range(0, count, 100):
        publish(engine, tuple(alert(f"v{first + k}") for k in range(100)))
    told: list[int] = []
    while due := turn(engine, (), time.time(), 250, {}):
        told += [each.delivery.event for each in due]
    assert len(set(told)) == len(told) == count
    assert told == sorted(told)
    assert turn(engine, (), time.time(), 250, {hook.id: 250}) == ()


def test_gundi_takes_events_with_a_place() -> None:
    now = datetime.now(UTC)
    made = message(Form.GUNDI, alert(), Change.CREATED, "key", "id", SOURCE, now)
    assert made is not None
    event = json.loads(made.body)
    assert made.headers["apikey"] == "key"
    assert event["location"] == {"lat": 33.2, "lon": 126.2}
    assert event["recorded_at"].endswith("+00:00")
    assert message(Form.GUNDI, alert(latitude=None), Change.CREATED, "key", "id", SOURCE, now) is None


@pytest.mark.parametrize("url", ["ftp://a.example/x", "https://", "a.example", "https://u:p@a.example/", "http://a:0/"])
def test_urls_that_cannot_be_meant(url: str) -> None:
    with pytest.raises(BadInput):
        checked(url)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "[::1]", "10.1.2.3", "192.168.0.1", "169.254.169.254", "0.0.0.0", "[fd00::1]", "localhost",
             "[::ffff:127.0.0.1]"]
)  # fmt: skip
def test_private_addresses_are_refused(host: str) -> None:
    with pytest.raises(BadInput, match="not an address of the public network"):
        asyncio.run(resolved(f"http://{host}/x", private_too=False))


def test_a_name_with_one_private_address_is_refused_and_the_address_is_pinned(monkeypatch) -> None:
    answers = [("192.0.43.7", 443), ("10.0.0.1", 443)]

    class Loop:
        async def getaddrinfo(self, *_: object, **__: object) -> object:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", pair) for pair in answers]

    monkeypatch.setattr(addresses.asyncio, "get_running_loop", Loop)
    with pytest.raises(BadInput):
        asyncio.run(resolved("https://a.example/x", private_too=False))
    answers.pop()
    target = asyncio.run(resolved("https://a.example:8443/x?y=1", private_too=False))
    assert (target.pinned_url(), target.host_header()) == ("https://192.0.43.7:8443/x?y=1", "a.example:8443")


def test_the_schedule_ends_after_75_hours() -> None:
    assert sum(DELAYS_S) == pytest.approx(75 * 3600 + 35 * 60, abs=60)
