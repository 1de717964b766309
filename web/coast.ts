import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import type { Plugin } from "vite";

type Point = [number, number];
type Ring = Point[];
type Box = readonly [west: number, south: number, east: number, north: number];

/** Korea, Japan, Taiwan and the seas between: drawn from 1:10 million, the rest of the world from 1:50 million. */
const NEAR: Box = [117, 21, 147, 47];
const AROUND: readonly Box[] = [
  [-180, -90, 180, NEAR[1]],
  [-180, NEAR[3], 180, 90],
  [-180, NEAR[1], NEAR[0], NEAR[3]],
  [NEAR[2], NEAR[1], 180, NEAR[3]],
];
/** Steps in a degree: about 100 m near, 1 km elsewhere, which is finer than the scales are true. */
const STEPS = 1000;
const COARSE = 10;

/** `virtual:coast`: land of Natural Earth (public domain, by the package world-atlas) as rings of whole numbers. */
export function coast(): Plugin {
  return {
    name: "coast",
    resolveId: (id) => (id === "virtual:coast" ? "\0coast" : null),
    load: (id) => (id === "\0coast" ? `export default ${JSON.stringify({ steps: STEPS, polygons: polygons() })}` : null),
  };
}

/** Each polygon: outer ring, then holes; each ring: differences of neighbouring points, x before y. */
function polygons(): number[][][] {
  const fine = land("land-10m.json").flatMap((rings) => cut(rings, NEAR, 1));
  const rest = land("land-50m.json").flatMap((rings) => AROUND.flatMap((box) => cut(rings, box, COARSE)));
  return [...fine, ...rest];
}

function land(file: string): Ring[][] {
  const path = createRequire(import.meta.url).resolve(`world-atlas/${file}`);
  const topology = JSON.parse(readFileSync(path, "utf-8")) as Topology<{ land: GeometryCollection }>;
  return feature(topology, topology.objects.land).features.flatMap(({ geometry }) => {
    if (geometry.type === "Polygon") return [geometry.coordinates as Ring[]];
    return geometry.type === "MultiPolygon" ? (geometry.coordinates as Ring[][]) : [];
  });
}

function cut(rings: Ring[], box: Box, coarse: number): number[][][] {
  const [outer, ...holes] = rings.map((ring) => differences(clipped(ring, box), coarse));
  return outer === undefined || outer.length < 6 ? [] : [[outer, ...holes.filter((hole) => hole.length >= 6)]];
}

/** The part of a ring in a box, after Sutherland and Hodgman (1974), edge by edge. */
function clipped(ring: Ring, [west, south, east, north]: Box): Ring {
  const edges: readonly [axis: 0 | 1, value: number, keep: 1 | -1][] = [[0, west, 1], [0, east, -1], [1, south, 1], [1, north, -1]];
  return edges.reduce((points, [axis, value, keep]) => {
    const inside = (point: Point): boolean => keep * (point[axis] - value) >= 0;
    const found: Ring = [];
    points.forEach((point, index) => {
      const before = points.at(index - 1) ?? point;
      if (inside(point) !== inside(before)) {
        const share = (value - before[axis]) / (point[axis] - before[axis]);
        found.push([before[0] + share * (point[0] - before[0]), before[1] + share * (point[1] - before[1])]);
      }
      if (inside(point)) found.push(point);
    });
    return found;
  }, ring);
}

function differences(ring: Ring, coarse: number): number[] {
  const found: number[] = [];
  let [x, y] = [0, 0];
  for (const [longitude, latitude] of ring) {
    const [next_x, next_y] = [longitude, latitude].map((value) => Math.round((value * STEPS) / coarse) * coarse) as Point;
    if (found.length > 0 && next_x === x && next_y === y) continue;
    found.push(next_x - x, next_y - y);
    [x, y] = [next_x, next_y];
  }
  return found;
}
