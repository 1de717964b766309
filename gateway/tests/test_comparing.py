"""Two analyses of one recording: what is gone, new, changed or the same."""

import pytest
from asking_analyses import ask
from synthetic import make_video
from waiting import until_ended

from wideberth_contracts.detections import ObjectKind, OrientedBox
from wideberth_contracts.positions import NoPosition, PositionAbsence
from wideberth_contracts.tracks import Track, TrackPoint, TrackState
from wideberth_gateway.comparing.matching import box_overlap, matched


def track(name, kind, boxes, state=TrackState.CONFIRMED, step_s=0.2):
    points = tuple(
        TrackPoint(
            t_s=number * step_s,
            pts=round(number * step_s * 1000),
            observed=True,
            position=NoPosition(reason=PositionAbsence.NO_POSE),
            box=OrientedBox(cx_px=cx, cy_px=cy, length_px=20, width_px=8, angle_deg=0),
        )
        for number, (cx, cy) in enumerate(boxes)
    )
    return Track(id=name, kind=kind, state=state, points=points)


def test_tracks_are_matched_by_overlap_whatever_their_names_and_rates():
    right = [(10.0 + 2 * number, 50.0) for number in range(20)]
    still = [(100.0, 20.0)] * 20
    a = [track("v1", ObjectKind.VESSEL, right), track("d1", ObjectKind.DOLPHIN, still)]
    b = [
        track("d7", ObjectKind.DOLPHIN, still[:10], step_s=0.4),
        track("v9", ObjectKind.VESSEL, right[::2], step_s=0.4),
        track("v3", ObjectKind.VESSEL, still),  # a craft is no animal, however it overlaps
        track("d8", ObjectKind.DOLPHIN, still, TrackState.REJECTED),
    ]
    assert [(pair.a, pair.b) for pair in matched(a, b)] == [("d1", "d7"), ("v1", "v9")]
    assert all(pair.overlap > 0.9 for pair in matched(a, b))


def test_overlap_of_boxes():
    one = OrientedBox(cx_px=0, cy_px=0, length_px=4, width_px=2, angle_deg=0)
    assert box_overlap(one, one) == pytest.approx(1.0)
    assert box_overlap(one, one.model_copy(update={"cx_px": 2.0})) == pytest.approx(1 / 3)
    assert box_overlap(one, one.model_copy(update={"cx_px": 9.0})) == 0.0


def test_what_changed_between_two_analyses(shared, video, tmp_path):
    async def scene():
        shared.detector.boats = True
        first = await until_ended(shared.client, (await ask(shared.client, video)).json()["id"])
        shared.detector.boats = False
        second = await until_ended(shared.client, (await ask(shared.client, video, sample_fps=2.5)).json()["id"])
        shared.detector.boats = True
        other = await until_ended(
            shared.client, (await ask(shared.client, make_video(tmp_path / "other.mp4", 3.0))).json()["id"]
        )
        ids = first["id"], second["id"], other["id"]
        there = await shared.client.get(f"/v1/analyses/{ids[0]}/compare/{ids[1]}")
        itself = await shared.client.get(f"/v1/analyses/{ids[0]}/compare/{ids[0]}")
        wrong = await shared.client.get(f"/v1/analyses/{ids[0]}/compare/{ids[2]}")
        return there, itself, wrong

    there, itself, wrong = shared.run(scene())
    assert there.status_code == 200, there.text
    told = there.json()
    assert ["sample_fps", "5.0", "2.5"] in told["settings"]
    tracks = {one["a"]: one for one in told["tracks"]}
    assert (tracks["d0"]["b"], tracks["d0"]["change"]) == ("d0", "same")
    assert {tracks[name]["change"] for name in ("v1", "v2")} == {"gone"}
    assert {one["change"] for one in told["encounters"]} == {"gone"}
    assert [(one["rule"], one["change"]) for one in told["alerts"]] == [("KR-1", "gone")]
    assert {one["change"] for one in told["separations"]} == {"gone"}
    same = itself.json()
    for part in ("tracks", "encounters", "alerts", "separations"):
        assert {one["change"] for one in same[part]} == {"same"}, part
    assert same["settings"] == []
    assert wrong.status_code == 400
