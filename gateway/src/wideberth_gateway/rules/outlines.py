"""Outlines of areas that an operator gives: a folder of GeoJSON files, one an area, named by the area's id.

An area's id is that of its pack, `kr`, or that and its rule, `kr.KR-A`. A rule that was off for want of its outline
alone is switched on by it. The pack's hash then says so: it is made of the file's and of those of the outlines.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from wideberth_contracts.errors import BadInput
from wideberth_gateway.rules.areas import Area, Corner
from wideberth_gateway.rules.pack import GivenOutline, Pack
from wideberth_gateway.rules.primitives import RuleBase
from wideberth_gateway.rules.primitives.time_place import Geofence

SUFFIX = ".geojson"
REMEDY = "give one Polygon without holes, in WGS 84, longitude before latitude (RFC 7946)"


@dataclass(frozen=True, slots=True)
class Outlines:
    """Outlines by area id."""

    by_id: Mapping[str, GivenOutline] = field(default_factory=dict)


def read_outlines(folder: Path | None) -> Outlines:
    """The outlines in a folder; none where there is no folder to look in.

    Raises:
        BadInput: the folder or a file cannot be read, or is no outline; names the file and what is wrong.
    """
    if folder is None:
        return Outlines()
    if not folder.is_dir():
        raise BadInput("no such folder", where=str(folder), remedy=f"name a folder of ID{SUFFIX} (see `rules show`)")
    return Outlines({file.name.removesuffix(SUFFIX): _read(file) for file in sorted(folder.glob(f"*{SUFFIX}"))})


def areas_of(pack: Pack) -> dict[str, Area]:
    """All areas of a pack by id: its own, and those of its rules."""
    found = {} if pack.area is None else {pack.id: pack.area}
    return found | {f"{pack.id}.{rule.id}": area for rule in pack.rules if (area := _area_of(rule)) is not None}


def _area_of(rule: RuleBase) -> Area | None:
    """Of a fence, or the part of the pack's area in which the rule holds."""
    return rule.area if isinstance(rule, Geofence) else rule.holds_in


def with_outlines(pack: Pack, outlines: Outlines) -> Pack:
    """The pack with the outlines that were given for its areas; itself where none was.

    Raises:
        BadInput: an outline is named after a part of the pack that is no area, or whose outline the law gives.
    """
    areas = areas_of(pack)
    given = {name: one for name, one in sorted(outlines.by_id.items()) if name.split(".", 1)[0] == pack.id}
    if not given:
        return pack
    for name, one in given.items():
        if name not in areas:
            raise BadInput(f"{pack.id} has no area {name}", where=one.file, remedy=f"use: {', '.join(areas)}")
        if areas[name].outline and pack.outlines == ():
            raise BadInput(f"the pack has the outline of {name}", where=one.file, remedy="take the file away")
    rules = tuple(_rule(rule, given.get(f"{pack.id}.{rule.id}")) for rule in pack.rules)
    area = _outlined(pack.area, given.get(pack.id)) if pack.area else None
    named = "\n".join([pack.sha256, *(f"{one.area} {one.sha256}" for one in given.values())])
    sha256 = hashlib.sha256(named.encode()).hexdigest()
    return pack.model_copy(update={"area": area, "rules": rules, "sha256": sha256, "outlines": tuple(given.values())})


def _rule(rule: RuleBase, given: GivenOutline | None) -> RuleBase:
    area = _area_of(rule)
    if given is None or area is None:
        return rule
    named = "area" if isinstance(rule, Geofence) else "holds_in"
    try:
        return type(rule).model_validate(rule.model_dump() | {named: _outlined(area, given), "enabled": True})
    except ValidationError as error:
        reason = error.errors(include_url=False)[0]["msg"]
        raise BadInput(f"{rule.id} stays off: {reason}", where=given.file, remedy="take the file away") from error


def _outlined(area: Area, given: GivenOutline | None) -> Area:
    if given is None:
        return area
    source = f"{area.source}; outline given by the operator, SHA-256 {given.sha256}"
    return area.model_copy(update={"outline": given.corners, "absent": "", "source": source})


def _read(file: Path) -> GivenOutline:
    try:
        content = file.read_bytes()
        text = content.decode("utf-8")
        corners = corners_of(json.loads(text))
    except OSError as error:
        raise BadInput(error.strerror or "cannot be read", where=str(file), remedy="check the file") from error
    except (ValueError, TypeError, KeyError) as error:
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise BadInput(f"no outline: {reason}", where=str(file), remedy=REMEDY) from error
    name = file.name.removesuffix(SUFFIX)
    sha256 = hashlib.sha256(content).hexdigest()
    return GivenOutline(area=name, file=file.name, content=text, sha256=sha256, corners=corners)


def corners_of(content: Any) -> tuple[Corner, ...]:
    """The corners of a Polygon, a Feature of one, or a FeatureCollection of one such.

    Raises:
        ValueError, TypeError, KeyError: it is something else.
    """
    if not isinstance(content, dict):
        raise TypeError("it is no GeoJSON object")
    kind = content.get("type")
    if kind == "FeatureCollection":
        if len(content["features"]) != 1:
            raise ValueError(f"{len(content['features'])} features where one is needed")
        return corners_of(content["features"][0])
    if kind == "Feature":
        return corners_of(content["geometry"])
    if kind != "Polygon":
        raise ValueError(f"a {kind} is no Polygon")
    if len(content["coordinates"]) != 1:
        raise ValueError("a Polygon with holes")
    ring = [(float(point[0]), float(point[1])) for point in content["coordinates"][0]]
    if len(ring) < 4 or ring[0] != ring[-1]:
        raise ValueError("the ring is not closed, or has fewer than three corners")
    longitudes = [longitude for longitude, _ in ring]
    if max(longitudes) - min(longitudes) > 180:
        raise ValueError("it crosses the date line")
    return tuple(Corner(latitude=latitude, longitude=longitude) for longitude, latitude in ring[:-1])
