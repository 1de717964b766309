"""Who was who: right where it is plain, silent where it is not, and never one ship in two places."""

import itertools
import json
import math
from datetime import UTC, datetime, timedelta

import pytest
from gateway_alerts import ANALYSIS, alert
from hypothesis import given, settings
from hypothesis import strategies as st
from test_ais_routes import EAST_M, NORTH_M, ship

from wideberth_contracts.detections import ObjectKind, OrientedBox
from wideberth_contracts.errors import BadInput
from wideberth_contracts.identity import IdentityVerdict, VesselIdentity
from wideberth_contracts.judgement import AlertStatus
from wideberth_contracts.positions import Covariance2, EastNorth, ErrorSource, Position, SharedTerm
from wideberth_contracts.tracks import Track, TrackPoint, TrackState
from wideberth_gateway.alerts.geojson import alerts_geojson
from wideberth_gateway.identity.answer import told_again
from wideberth_gateway.identity.assigning import assign, delay_grid
from wideberth_gateway.identity.deciding import MATCHED_FROM, identify
from wideberth_gateway.identity.lengths import known_lengths, option_of
from wideberth_gateway.identity.reports import ShipParticulars
from wideberth_gateway.identity.routes import routes_of
from wideberth_gateway.identity.scene import scene_of
from wideberth_gateway.store import alerts as store

BEGINS = datetime(2026, 6, 14, 1, 0, tzinfo=UTC)
T0 = BEGINS.timestamp()
OWN = Covariance2(east_east=4.0, east_north=0.0, north_north=4.0)


def craft(
    name: str, east: float, north: float, ve: float = 0.0, vn: float = 0.0, shift: tuple[float, float] = (0, 0)
) -> Track:
    points = []
    for t in range(0, 41, 2):
        e, n = east + ve * t + shift[0], north + vn * t + shift[1]
        shared = tuple(
            SharedTerm(source=source, plus=EastNorth(east_m=x, north_m=y), minus=EastNorth(east_m=-x, north_m=-y))
            for source, x, y in ((ErrorSource.CAMERA_EAST, 30.0, 0.0), (ErrorSource.CAMERA_NORTH, 0.0, 30.0))
        )
        position = Position(
            east_m=e, north_m=n, latitude=33.2 + n / NORTH_M, longitude=126.3 + e / EAST_M, shared=shared, own=OWN
        )
        box = OrientedBox(cx_px=500, cy_px=400, length_px=100 + t, width_px=25, angle_deg=0)
        points.append(TrackPoint(t_s=t, pts=t, captured_at=BEGINS + timedelta(seconds=t), observed=True,
                                 position=position, box=box))  # fmt: skip
    return Track(id=name, kind=ObjectKind.VESSEL, state=TrackState.CONFIRMED, points=tuple(points))


def sailed(mmsi: int, east: float, north: float, ve: float = 0.0, vn: float = 0.0, every_s: int = 10):
    speed, course = math.hypot(ve, vn), math.degrees(math.atan2(ve, vn)) % 360
    return [
        ship(T0 + t, east + ve * t, north + vn * t, speed, course, mmsi=mmsi, clocked=True)
        for t in range(-60, 101, every_s)
    ]


LAYOUT = {101: (0.0, 0.0), 102: (100.0, 10.0), 103: (-20.0, 110.0)}


def test_three_boats_under_a_shift_of_the_camera():
    """The shift is shared, so that the pattern tells who is who although each boat alone is 40 m off."""
    tracks = [craft(f"v{m}", *LAYOUT[m], ve=3.0, shift=(35, -20)) for m in LAYOUT]
    reports = [report for m in LAYOUT for report in sailed(m, *LAYOUT[m], ve=3.0)]
    found = identify(scene_of(tracks, None, None), reports, {101: ShipParticulars(101, "HAENYEO", 8, 6, 2, 2)}, 0.99)
    assert [i.mmsi for i in found.identities] == [101, 102, 103]
    assert found.identities[0].name == "HAENYEO"
    assert found.identities[0].length_m is not None
    assert found.identities[0].length_m.value == 14
    assert found.exact


def probability_of(ship_at: tuple[float, float], faster_mps: float = 0.0) -> float:
    """Of the ship being the boat at the origin that makes 6 m/s to the east."""
    scene = scene_of([craft("v1", 0, 0, ve=6.0)], None, None)
    [identity] = identify(scene, sailed(101, *ship_at, ve=6.0 + faster_mps), {}).identities
    share = identity.probability if identity.verdict is not IdentityVerdict.NONE else 1 - identity.probability
    assert (identity.mmsi == 101) == (share >= MATCHED_FROM)
    return share


def test_a_ship_beside_the_picture_lends_its_name_to_nobody():
    """A boat in company with it is named only where the ship reports itself to be: there it would have been seen."""
    places = [(0.0, 0.0), (20.0, 10.0), (40.0, 20.0), (60.0, -30.0), (100.0, 60.0)]
    shares = [probability_of(place) for place in places]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] >= MATCHED_FROM
    assert shares[3] < 0.9
    assert shares[4] < 0.1
    faster = [probability_of((0.0, 0.0), faster_mps) for faster_mps in (0.0, 0.5, 1.5)]
    assert faster == sorted(faster, reverse=True)
    assert faster[-1] < MATCHED_FROM, "as near, but it does not keep the ship's speed"


def test_two_boats_that_fit_alike_are_named_by_nobody():
    reports = sailed(101, -6, 0) + sailed(102, 6, 0)
    [identity] = identify(scene_of([craft("v1", 0, 0)], None, None), reports, {}).identities
    assert identity.verdict is IdentityVerdict.AMBIGUOUS
    assert (identity.mmsi, identity.name, identity.candidates) == (None, None, 2)


@pytest.mark.parametrize("reports", [[], sailed(101, 900, 900)])
def test_a_boat_without_ais_is_none(reports):
    [identity] = identify(scene_of([craft("v1", 0, 0)], None, None), reports, {}).identities
    assert identity.verdict is IdentityVerdict.NONE


def test_reports_that_contradict_one_another_name_nobody():
    reports = [*sailed(101, 0, 0), ship(T0 + 15, 4000, 0, 0.0, 0.0, mmsi=101, clocked=True)]
    [identity] = identify(scene_of([craft("v1", 0, 0)], None, None), reports, {}, 0.5).identities
    assert identity.verdict is not IdentityVerdict.MATCHED


def test_a_ship_between_reports_far_apart_is_a_rival_and_never_named():
    far_apart = [ship(T0 + t, 3.0 * t, 0, 3.0, 90, mmsi=101, clocked=True) for t in (-120, 160)]
    [identity] = identify(scene_of([craft("v1", 0, 0, ve=3.0)], None, None), far_apart, {}, 0.3).identities
    assert identity.verdict is not IdentityVerdict.MATCHED


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.floats(-150, 150), st.floats(-150, 150)), min_size=1, max_size=3),
    st.lists(st.tuples(st.floats(-150, 150), st.floats(-150, 150)), min_size=0, max_size=3),
)
def test_posteriors_are_probabilities_and_no_ship_is_twice(boats, ships):
    scene = scene_of([craft(f"v{i}", *place) for i, place in enumerate(boats)], None, None)
    reports = [report for i, place in enumerate(ships) for report in sailed(200 + i, *place)]
    posterior = assign(scene.tracks, routes_of(reports, {}, scene.plane, T0, T0 + 40))
    assert posterior.exact
    for shares in posterior.ships.values():
        assert all(p >= 0 for p in shares.values())
        assert sum(shares.values()) <= 1 + 1e-9
    for mmsi in {m for shares in posterior.ships.values() for m in shares}:
        assert sum(shares.get(mmsi, 0.0) for shares in posterior.ships.values()) <= 1 + 1e-9


@settings(max_examples=20, deadline=None)
@given(st.permutations([101, 102, 103]), st.permutations([0, 1, 2]))
def test_the_order_of_tracks_and_reports_does_not_matter(order, tracks_in):
    tracks = [craft(f"v{m}", *LAYOUT[m], ve=3.0, shift=(25, 10)) for m in LAYOUT]
    reports = list(itertools.chain.from_iterable(sailed(m, *LAYOUT[m], ve=3.0) for m in order))
    found = identify(scene_of([tracks[i] for i in tracks_in], None, None), reports, {}, 0.9)
    assert {i.track: i.mmsi for i in found.identities} == {"v101": 101, "v102": 102, "v103": 103}


@given(st.integers(0, 9))
def test_delays_have_a_prior_that_sums_to_one(clocks):
    grid = delay_grid({f"r{i}" for i in range(clocks)})
    assert sum(math.exp(log) for _, log in grid) == pytest.approx(1)
    assert len(grid) <= 64


def test_a_vessel_is_named_only_where_it_is_matched():
    with pytest.raises(ValueError, match="named if and only if"):
        VesselIdentity(track="v1", verdict=IdentityVerdict.NONE, probability=1, margin=1, candidates=0, reason="",
                       mmsi=5, stated_error_rate=0.01)  # fmt: skip


def test_tracks_without_a_time_of_day_are_refused_with_the_remedy():
    bare = craft("v1", 0, 0)
    bare = bare.model_copy(update={"points": tuple(p.model_copy(update={"captured_at": None}) for p in bare.points)})
    with pytest.raises(BadInput, match="--starts-at"):
        scene_of([bare], None, None)
    assert scene_of([bare], None, BEGINS).tracks[0].start_s == T0


def matched(track: str = "v1", mmsi: int = 101) -> VesselIdentity:
    return VesselIdentity(track=track, verdict=IdentityVerdict.MATCHED, probability=0.999, margin=0.99, candidates=1,
                          reason="it alone fits", mmsi=mmsi, name="HAENYEO", length_m={"value": 14, "sigma": 1},
                          stated_error_rate=0.01)  # fmt: skip


def test_a_stated_length_becomes_a_clue():
    [clue] = known_lengths([craft("v1", 0, 0)], [matched()])
    assert (clue.t_s, clue.bow_px, clue.stern_px, clue.source) == (40, (570, 400), (430, 400), "AIS 101")
    assert option_of(clue) == '--known-length "40.000,570.0,400.0,430.0,400.0,14.0±1.0,AIS 101"'
    assert not known_lengths([craft("v1", 0, 0)], [matched().model_copy(update={"length_m": None})])


def test_late_ais_makes_a_new_version_and_keeps_what_persons_decided(engine):
    [first] = store.publish(engine, (alert("v1"),))
    [confirmed] = [store.decide(engine, first.id, lambda a: a.model_copy(update={"version": a.version + 1,
                   "status": AlertStatus.CONFIRMED}))]  # fmt: skip
    [told] = store.tell_vessels(engine, ANALYSIS, {"v1": matched(), "v9": matched("v9")}, BEGINS)
    assert (told.version, told.status, told.vessel) == (confirmed.version + 1, AlertStatus.CONFIRMED, matched())
    assert told.evidence_version == confirmed.evidence_version
    assert store.tell_vessels(engine, ANALYSIS, {"v1": matched()}, BEGINS) == ()
    [same] = store.publish(engine, (alert("v1"),))
    assert same == told, "the same analysis made again does not forget the vessel"
    [later] = store.publish(engine, (alert("v1", reason="wholly within 40 m"),))
    assert later.vessel == matched()


def test_alerts_of_a_folder_are_told():
    text = alerts_geojson((alert("v1"), alert("v2")))
    told, changed = told_again(text, {"v1": matched()})
    features = json.loads(told)["features"]
    assert (changed, [f["properties"]["version"] for f in features]) == (1, [2, 1])
    assert features[0]["properties"]["vessel_identity"]["mmsi"] == 101
    assert told_again(told, {"v1": matched()})[1] == 0
