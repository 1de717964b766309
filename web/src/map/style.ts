import type { StyleSpecification } from "maplibre-gl";
import type { FeatureCollection, LineString } from "geojson";

/** Steps of the graticule in degrees, by how wide the view is. */
export function graticuleStep(widthDeg: number): number {
  const steps = [30, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001];
  return steps.find((step) => step <= widthDeg / 4) ?? 0.001;
}

/** Meridians and parallels of a view. */
export function graticule(west: number, south: number, east: number, north: number): FeatureCollection<LineString> {
  const step = graticuleStep(Math.max(east - west, 1e-4));
  const lines: [number, number][][] = [];
  for (let longitude = Math.ceil(west / step) * step; longitude <= east; longitude += step) {
    lines.push([[longitude, Math.max(south, -85)], [longitude, Math.min(north, 85)]]);
  }
  for (let latitude = Math.ceil(south / step) * step; latitude <= north; latitude += step) {
    lines.push([[west, latitude], [east, latitude]]);
  }
  return {
    type: "FeatureCollection",
    features: lines.map((coordinates) => ({ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates } })),
  };
}

const NOTHING: FeatureCollection = { type: "FeatureCollection", features: [] };

/** A style without a single request: water, the land once it has come, a graticule, and what the room adds. */
export function seaStyle(dark: boolean): StyleSpecification {
  return {
    version: 8,
    sources: { land: { type: "geojson", data: NOTHING }, graticule: { type: "geojson", data: NOTHING } },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": dark ? "#12303b" : "#d5e8ee" } },
      { id: "land", type: "fill", source: "land", paint: { "fill-color": dark ? "#33413a" : "#eef0e2", "fill-outline-color": dark ? "#6d8377" : "#8b9a80" } },
      { id: "graticule", type: "line", source: "graticule", paint: { "line-color": dark ? "#2c5665" : "#a9c9d3", "line-width": 1 } },
    ],
  };
}

export const isDark = (): boolean => {
  const chosen = document.documentElement.dataset.theme;
  return chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
};
