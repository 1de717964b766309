"""Where the drone was in an analysis, from its plan: what somebody limited to sea areas sees of it."""

import asyncio
import logging
import math
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from wideberth_contracts.errors import NotFound, WideberthError
from wideberth_contracts.poses import CameraPose, GeoOrigin
from wideberth_gateway.keeping.shelf import Shelf
from wideberth_gateway.rules.areas import METRES_PER_DEGREE
from wideberth_gateway.store import analyses as analysis_store
from wideberth_gateway.store import areas, flights
from wideberth_gateway.store.areas import Placed, Point
from wideberth_gateway.store.engine import reading, writing
from wideberth_pipeline import load_plan
from wideberth_pipeline.plan import PLAN_FILE, POSES_FILE, load_poses

MOST_POINTS = 2_000
"""Of a path; one in so many frames of a longer one, and its ends in each direction."""
AGAIN_S = 60.0
_log = logging.getLogger("wideberth.gateway")


def path_in(folder: Path) -> tuple[Point, ...]:
    """The camera's places at the frames that are looked at; none where a frame's pose has no place on Earth.

    Raises:
        NotFound: the files of the analysis are not kept any more.
        OSError, ValidationError: they cannot be read.
    """
    plan = load_plan(folder)
    if plan.origin is None:
        return ()
    origin, poses = plan.origin, load_poses(folder).values()
    points = [_on_earth(pose, origin) for pose in poses if isinstance(pose, CameraPose)]
    if not points:
        return ()
    every = max(1, math.ceil(len(points) / MOST_POINTS))
    ends = [pick(points, key=lambda point: point[axis]) for axis in (0, 1) for pick in (min, max)]
    return (*points[::every], *ends)


def locate_analysis(engine: Engine, analysis_id: str, folder: Path) -> None:
    """Keep where the analysis in that folder lies, unless that is known."""
    with reading(engine) as connection:
        if areas.is_located(connection, Placed.ANALYSIS, analysis_id):
            return
    try:
        points = path_in(folder)
    except (NotFound, OSError, ValidationError):
        points = ()  # what has no place is seen by nobody who is limited
    with writing(engine) as connection:
        areas.locate(connection, Placed.ANALYSIS, analysis_id, points)


def locate_all(engine: Engine, shelf: Shelf) -> None:
    """What was brought before places were kept, or came back from files, has its place too."""
    for analysis in analysis_store.all_analyses(engine):
        with reading(engine) as connection:
            known = areas.is_located(connection, Placed.ANALYSIS, analysis.id)
        if not known:
            with shelf.analysis(analysis.id, lambda name: name in (PLAN_FILE, POSES_FILE)) as folder:
                locate_analysis(engine, analysis.id, folder)
    flights.locate_all(engine)
    areas.refill(engine)


async def keep_located(engine: Engine, shelf: Shelf) -> None:
    """`locate_all` once, where there are areas; again until it succeeds."""
    while True:
        try:
            if await asyncio.to_thread(areas.list_areas, engine):
                await asyncio.to_thread(locate_all, engine, shelf)
        except (WideberthError, DBAPIError, OSError):
            _log.exception("it was not looked up what lies in which area; trying again")
            await asyncio.sleep(AGAIN_S)
        else:
            return


def _on_earth(pose: CameraPose, origin: GeoOrigin) -> Point:
    """Exact enough within kilometres of the origin."""
    parallel_m = METRES_PER_DEGREE * math.cos(math.radians(origin.latitude))
    return (
        origin.latitude + pose.north_m.value / METRES_PER_DEGREE,
        origin.longitude + pose.east_m.value / parallel_m,
    )
