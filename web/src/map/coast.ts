import type { Feature, FeatureCollection, Polygon } from "geojson";

/** Land as the build made it of Natural Earth: `steps` to a degree, rings as differences of neighbouring points. */
export type Coast = { readonly steps: number; readonly polygons: readonly (readonly (readonly number[])[])[] };

/** Land as GeoJSON; each ring is closed. */
export function landOf({ steps, polygons }: Coast): FeatureCollection<Polygon> {
  const features = polygons.map(
    (rings): Feature<Polygon> => ({ type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: rings.map((ring) => points(ring, steps)) } }),
  );
  return { type: "FeatureCollection", features };
}

function points(ring: readonly number[], steps: number): [number, number][] {
  const found: [number, number][] = [];
  let [x, y] = [0, 0];
  for (let index = 0; index + 1 < ring.length; index += 2) {
    x += ring[index] ?? 0;
    y += ring[index + 1] ?? 0;
    found.push([x / steps, y / steps]);
  }
  const [first] = found;
  if (first !== undefined) found.push(first);
  return found;
}
