import { LngLatBounds, Marker, type GeoJSONSource, type Map as MapLibre } from "maplibre-gl";
import { useEffect, useRef } from "react";
import { openSea } from "../map/seaMap";
import { flightWords } from "../words/flights";
import { useLanguage, useWords } from "../words/words";
import { colourOf, LEVELS, NO_COLOUR, pieces, placeAt, type Moment, type Placed } from "./look";

const COLOURS = ["match", ["get", "level"], ...LEVELS.flatMap((one) => [one.level, one.colour]), NO_COLOUR];

/** Where the drone flew, coloured by how sharply could be measured there; a mark where it was at `at_s`. */
export function FlightMap({ path, moments, at_s }: { path: readonly Placed[]; moments: readonly Moment[]; at_s: number }) {
  const say = useWords(flightWords);
  const language = useLanguage();
  const place = useRef<HTMLDivElement>(null);
  const mark = useRef<Marker | null>(null);
  useEffect(() => {
    if (place.current === null) return;
    const map = openSea(place.current, language);
    map.on("load", () => draw(map, path, moments));
    const element = document.createElement("span");
    element.className = "drone-mark";
    mark.current = new Marker({ element });
    const start = placeAt(path, 0);
    if (start !== null) mark.current.setLngLat([start.longitude, start.latitude]).addTo(map);
    return () => {
      mark.current = null;
      map.remove();
    };
  }, [path, moments, language]);
  useEffect(() => {
    const now = placeAt(path, at_s);
    if (now !== null) mark.current?.setLngLat([now.longitude, now.latitude]);
  }, [path, at_s]);
  return (
    <section className="flight-map" aria-label={say("map")}>
      <div ref={place} className="map" data-testid="flight-map" />
    </section>
  );
}

function draw(map: MapLibre, path: readonly Placed[], moments: readonly Moment[]): void {
  map.addSource("path", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
  map.addLayer({ id: "path-edge", type: "line", source: "path", layout: { "line-cap": "round" }, paint: { "line-color": "#fff", "line-width": 8 } });
  map.addLayer({ id: "path", type: "line", source: "path", layout: { "line-cap": "round" }, paint: { "line-color": COLOURS as never, "line-width": 5 } });
  (map.getSource("path") as GeoJSONSource).setData({
    type: "FeatureCollection",
    features: pieces(path, moments).map(({ level, line }) => ({
      type: "Feature", properties: { level, colour: colourOf(level) }, geometry: { type: "LineString", coordinates: line },
    })),
  });
  const bounds = new LngLatBounds();
  for (const one of path) bounds.extend([one.longitude, one.latitude]);
  if (!bounds.isEmpty()) map.fitBounds(bounds, { padding: 50, maxZoom: 14, animate: false });
}
