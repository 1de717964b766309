"""The alert feed and stream, as a stranger's program sees them."""

import json
import signal
from pathlib import Path

import httpx
import pytest
from gateway_alerts import ANALYSIS, alert
from gateway_process import running
from synthetic import make_video

from wideberth_gateway.alerts import alerts_geojson
from wideberth_gateway.store.alerts import publish
from wideberth_gateway.store.engine import open_engine

ITEMS = "/v1/collections/alerts/items"


@pytest.fixture
def keep(shared):
    """Puts alerts into the gateway's database as a job would."""

    def put(*found):
        engine = open_engine(f"sqlite:///{shared.data_dir / 'gateway.sqlite'}")
        try:
            return publish(engine, found)
        finally:
            engine.dispose()

    return put


def get(shared, link: str, **more) -> httpx.Response:
    return shared.run(shared.client.get(link, **more))


def test_pages_by_cursor_show_every_alert_once(shared, keep):
    of_it = {"analysis_id": "1" * 64}
    keep(*(alert(craft=f"v{number}", **of_it) for number in range(7)))
    pages, link = [], f"{ITEMS}?limit=3&analysis={'1' * 64}"
    while link:
        page = get(shared, link).json()
        pages.append([one["properties"]["vessel_track"] for one in page["features"]])
        link = next((one["href"] for one in page["links"] if one["rel"] == "next"), None)
    keep(alert(craft="v2", reason="now longer", **of_it))
    after = get(shared, f"{ITEMS}?cursor={page['cursor']}&analysis={'1' * 64}").json()
    assert [len(page) for page in pages] == [3, 3, 1]
    assert sorted(one for page in pages for one in page) == [f"v{number}" for number in range(7)]
    again = [(one["properties"]["vessel_track"], one["properties"]["version"]) for one in after["features"]]
    assert again == [("v2", 2)]


def test_etag_saves_the_second_answer(shared, keep):
    link = f"{ITEMS}?analysis={'2' * 64}"
    first = get(shared, link)
    same = get(shared, link, headers={"If-None-Match": first.headers["etag"]})
    keep(alert(analysis_id="2" * 64))
    changed = get(shared, link, headers={"If-None-Match": first.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    assert (changed.status_code, changed.json()["numberReturned"]) == (200, 1)
    assert changed.headers["content-type"] == "application/geo+json"


FAR_AWAY = {"analysis_id": "3" * 64, "latitude": -41.5, "longitude": 174.5}
ASKED = [
    pytest.param({"bbox": "174,-42,175,-41"}, 1, id="in the box"),
    pytest.param({"bbox": "175,-42,176,-41"}, 0, id="not in the box"),
    pytest.param({"analysis": "3" * 64, "datetime": "2026-08-01T12:00:00+09:00"}, 1, id="an instant in another zone"),
    pytest.param({"analysis": "3" * 64, "datetime": "2026-08-01T04:00:00Z/.."}, 0, id="later"),
    pytest.param({"analysis": "3" * 64}, 1, id="of its analysis"),
    pytest.param({"analysis": "f" * 64}, 0, id="of another analysis"),
    pytest.param({"bbox": "1,2,3"}, 400, id="no box"),
    pytest.param({"datetime": "2026-08-01T04:00:00"}, 400, id="no zone"),
    pytest.param({"cursor": "nonsense!"}, 400, id="no cursor"),
    pytest.param({"limit": "0"}, 422, id="no limit"),
]


@pytest.mark.parametrize(("params", "expected"), ASKED)
def test_filters(shared, keep, params, expected):
    keep(alert(**FAR_AWAY))
    answer = get(shared, ITEMS, params=params)
    assert (answer.json()["numberReturned"] if answer.is_success else answer.status_code) == expected, answer.text


def test_one_alert_with_its_history(shared, keep):
    keep(alert(analysis_id="4" * 64))
    only = keep(alert(reason="now longer", analysis_id="4" * 64))[0]
    found = get(shared, f"{ITEMS}/{only.id}").json()
    assert [one["version"] for one in found["history"]] == [1, 2]
    assert get(shared, f"{ITEMS}/nothing").status_code == 404


def test_the_file_carries_version_and_analysis():
    made = json.loads(alerts_geojson((alert(),)))
    assert (made["analysis_id"], bool(made["wideberth_version"])) == (ANALYSIS, True)
    properties = made["features"][0]["properties"]
    assert properties["interval_95_m"] == [28.0, 32.0]
    assert (properties["status"], properties["rule"], properties["telemetry_grade"]) == ("candidate", "KR-1", "A")
    assert "created_at" not in properties
    assert json.loads(alerts_geojson((), "f" * 64))["analysis_id"] == "f" * 64


def events(url: str, count: int, last: str | None = None) -> list[dict]:
    """So many events from the stream."""
    headers = {"Last-Event-ID": last} if last else {}
    found, one = [], {}
    with httpx.stream("GET", f"{url}/v1/alerts/stream", headers=headers, timeout=120) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        for line in answer.iter_lines():
            name, _, value = line.partition(": ")
            if not line and "data" in one:
                found.append(one)
                one = {}
                if len(found) == count:
                    return found
            elif name in ("id", "event", "data"):
                one[name] = value
    raise AssertionError("the stream ended")


def test_a_stream_tells_what_is_new_and_goes_on_where_it_was_left(tmp_path: Path):
    clip = make_video(tmp_path / "boat.mp4", seconds=3)
    with running(tmp_path / "data", 0.01) as process:
        asked = process.ask(clip, segment_s=2.0)
        only = events(process.url, 1, last="0")[0]
        feed = httpx.get(f"{process.url}{ITEMS}", timeout=120).json()
        engine = open_engine(f"sqlite:///{tmp_path / 'data' / 'gateway.sqlite'}")
        publish(engine, tuple(alert(craft=f"v{number}") for number in range(3)))
        engine.dispose()
        all_four = events(process.url, 4, last="0")
        rest = events(process.url, 2, last=all_four[1]["id"])
        bad = httpx.get(f"{process.url}/v1/alerts/stream", headers={"Last-Event-ID": "x"}, timeout=120)
        assert process.stop() in (0, -signal.SIGTERM)
    assert json.loads(only["data"])["id"] == feed["features"][0]["id"], "an alert is in the feed before it is told"
    assert feed["features"][0]["properties"]["analysis_id"] == asked["id"]
    assert only["event"] == "alert"
    assert [one["id"] for one in all_four] == ["1", "2", "3", "4"]
    assert (all_four[0], rest) == (only, all_four[2:])
    assert bad.status_code == 422
