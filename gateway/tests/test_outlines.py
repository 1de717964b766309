"""Outlines that an operator gives: read, refused with a reason, and what they switch on."""

import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wideberth_contracts.errors import BadInput
from wideberth_gateway.rules import list_packs, load_pack
from wideberth_gateway.rules.catalogue import packs_with
from wideberth_gateway.rules.outlines import areas_of
from wideberth_gateway.rules.primitives.time_place import Geofence

SQUARE = [[126.1, 33.1], [126.3, 33.1], [126.3, 33.3], [126.1, 33.3], [126.1, 33.1]]
POLYGON = {"type": "Polygon", "coordinates": [SQUARE]}


def folder_of(tmp_path, **files: object):
    for name, content in files.items():
        text = content if isinstance(content, str) else json.dumps(content)
        (tmp_path / f"{name.replace('__', '.').replace('_', '-')}.geojson").write_text(text)
    return tmp_path


@pytest.mark.parametrize("wrapped", [
    POLYGON, {"type": "Feature", "properties": {}, "geometry": POLYGON},
    {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": POLYGON}]},
])  # fmt: skip
def test_an_outline_switches_on_the_rule_that_was_off_for_want_of_it(tmp_path, wrapped):
    shipped = load_pack("kr")
    pack = packs_with(folder_of(tmp_path, kr__KR_A=wrapped))("kr")
    before, after = shipped.rule("KR-A"), pack.rule("KR-A")
    assert isinstance(before, Geofence)
    assert isinstance(after, Geofence)
    assert (before.enabled, after.enabled) == (False, True)
    assert len(after.area.outline) == 4
    assert after.area.depth_m(33.2, 126.2) > 5_000
    assert after.area.depth_m(33.5, 126.2) < 0
    assert "given by the operator" in after.area.source
    assert after in pack.encounter_rules()
    assert pack.sha256 != shipped.sha256
    assert pack.outlines[0].area == "kr.KR-A"
    assert pack.outlines[0].content == (tmp_path / "kr.KR-A.geojson").read_text()
    assert [rule for rule in pack.rules if rule.id != "KR-A"] == [rule for rule in shipped.rules if rule.id != "KR-A"]


def test_the_hash_changes_with_the_outline_and_with_nothing_else(tmp_path):
    folder = folder_of(tmp_path, kr=POLYGON)
    one, again = packs_with(folder)("kr"), packs_with(folder)("kr")
    assert one == again
    assert one.area is not None
    assert len(one.area.outline) == 4
    moved = {"type": "Polygon", "coordinates": [[[x + 0.01, y] for x, y in SQUARE]]}
    assert packs_with(folder_of(tmp_path, kr=moved))("kr").sha256 != one.sha256
    assert packs_with(folder)("nz") == load_pack("nz")
    assert packs_with(None)("kr") == load_pack("kr")


BAD = [
    ("kr", "{", "no outline"),
    ("kr", [], "no GeoJSON object"),
    ("kr", {"type": "Point", "coordinates": [1, 2]}, "no Polygon"),
    ("kr", {"type": "MultiPolygon", "coordinates": []}, "no Polygon"),
    ("kr", {"type": "Polygon", "coordinates": [SQUARE, SQUARE]}, "holes"),
    ("kr", {"type": "Polygon", "coordinates": [SQUARE[:-1]]}, "not closed"),
    ("kr", {"type": "Polygon", "coordinates": [[[1, 91], [2, 91], [2, 92], [1, 91]]]}, "no outline"),
    ("kr", {"type": "Polygon", "coordinates": [[[179, 1], [-179, 1], [-179, 2], [179, 1]]]}, "date line"),
    ("kr", {"type": "FeatureCollection", "features": []}, "0 features"),
    ("kr", {"type": "Feature"}, "no outline"),
    ("kr__KR_1", POLYGON, "no area kr.KR-1"),
]


@pytest.mark.parametrize(("name", "content", "reason"), BAD)
def test_what_is_no_outline_is_refused_by_file_and_reason(tmp_path, name, content, reason):
    folder = folder_of(tmp_path, **{name: content})
    with pytest.raises(BadInput, match=reason) as refused:
        packs_with(folder)("kr")
    assert ".geojson" in str(refused.value)


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(BadInput, match="no such folder"):
        packs_with(tmp_path / "nowhere")


@pytest.mark.parametrize("name", list_packs())
def test_every_area_of_every_pack_takes_an_outline(tmp_path, name):
    for area_id in areas_of(load_pack(name)):
        (tmp_path / f"{area_id}.geojson").write_text(json.dumps(POLYGON))
    pack = packs_with(tmp_path)(name)
    assert all(area.outline and not area.absent for area in areas_of(pack).values())
    assert all(rule.enabled for rule in pack.rules if isinstance(rule, Geofence) or rule.holds_in)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.sampled_from(["type", "coordinates", "geometry", "features", "x"]), inner, max_size=4)
        ),
    )
)
def test_no_json_does_harm(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("areas")
    (folder / "kr.geojson").write_text(json.dumps(content))
    with pytest.raises(BadInput):
        packs_with(folder)


def test_a_gateway_shows_the_pack_with_its_outlines(gateway, tmp_path):
    (tmp_path / "areas").mkdir()
    folder = folder_of(tmp_path / "areas", kr__KR_A=POLYGON)

    async def scene() -> dict:
        async with gateway(areas_dir=folder) as client:
            return (await client.get("/v1/rules/kr")).json()

    shown = asyncio.run(scene())
    assert shown["outlines"][0]["area"] == "kr.KR-A"
    assert next(rule for rule in shown["rules"] if rule["id"] == "KR-A")["enabled"]
