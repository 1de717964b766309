import { LngLatBounds, Marker, type GeoJSONSource, type Map as MapLibre } from "maplibre-gl";
import { useEffect, useRef } from "react";
import { useLocation } from "wouter";
import { openSea } from "../map/seaMap";
import { alertWords } from "../words/alerts";
import { useLanguage, useWords } from "../words/words";
import type { Alert } from "./alert";
import { showBox, type Box } from "./mapBox";

const COLOURS = ["match", ["get", "severity"], "grave", "#c3261f", "serious", "#d9822b", "#2f7fb5"] as const;

const FILL_EVERY_MS = 2000;

type Props = { alerts: readonly Alert[]; onBox: (box: Box) => void };

/** Alerts on the sea, in clusters where they crowd. */
export function AlertMap({ alerts, onBox }: Props) {
  const say = useWords(alertWords);
  const language = useLanguage();
  const [, go] = useLocation();
  const place = useRef<HTMLDivElement>(null);
  const map = useRef<MapLibre | null>(null);
  const latest = useRef({ alerts, onBox, go });
  latest.current = { alerts, onBox, go };
  const framed = useRef(false);
  const waiting = useRef<ReturnType<typeof setTimeout> | null>(null);

  useEffect(() => {
    if (place.current === null) return;
    const made = openSea(place.current, language, (box) => {
      showBox(box);
      latest.current.onBox(box);
    });
    const marks = new Map<number, Marker>();
    made.on("load", () => {
      addAlerts(made);
      map.current = made;
      fill(made, latest.current.alerts, framed);
    });
    made.on("render", () => countClusters(made, marks));
    made.on("click", "alert", (event) => {
      const id = event.features?.[0]?.properties["id"] as string | undefined;
      if (id !== undefined) latest.current.go(`/alerts/${id}`);
    });
    made.on("click", "cluster", (event) => {
      made.easeTo({ center: event.lngLat, zoom: made.getZoom() + 2 });
    });
    return () => {
      map.current = null;
      made.remove();
    };
  }, [language]);

  useEffect(() => {
    // Clusters of ten thousand are made anew as a whole: not more often than an eye needs.
    waiting.current ??= setTimeout(() => {
      waiting.current = null;
      if (map.current !== null) fill(map.current, latest.current.alerts, framed);
    }, framed.current ? FILL_EVERY_MS : 0);
  }, [alerts]);
  useEffect(() => () => clearTimeout(waiting.current ?? undefined), []);

  return (
    <section className="alerts-map" aria-label={say("map")}>
      <div ref={place} className="map" />
      <p className="quiet map-hint">{say("mapHint")}</p>
    </section>
  );
}

function addAlerts(map: MapLibre): void {
  map.addSource("alerts", { type: "geojson", data: collection([]), cluster: true, clusterRadius: 44 });
  map.addLayer({
    id: "cluster", type: "circle", source: "alerts", filter: ["has", "point_count"],
    paint: { "circle-color": "#0b5c74", "circle-radius": ["step", ["get", "point_count"], 16, 20, 21, 200, 27], "circle-stroke-width": 2, "circle-stroke-color": "#fff" },
  });
  map.addLayer({
    id: "alert", type: "circle", source: "alerts", filter: ["!", ["has", "point_count"]],
    paint: {
      "circle-color": COLOURS as never, "circle-radius": 10, "circle-stroke-width": 3,
      "circle-stroke-color": ["case", ["==", ["get", "status"], "confirmed"], "#111", "#fff"],
      "circle-opacity": ["case", ["in", ["get", "status"], ["literal", ["rejected", "withdrawn"]]], 0.35, 1],
    },
  });
}

function fill(map: MapLibre, alerts: readonly Alert[], framed: { current: boolean }): void {
  const placed = alerts.filter((one) => one.geometry !== null);
  (map.getSource("alerts") as GeoJSONSource | undefined)?.setData(collection(placed));
  if (framed.current || placed.length === 0) return;
  framed.current = true;
  const bounds = new LngLatBounds();
  for (const one of placed) if (one.geometry !== null) bounds.extend([...one.geometry.coordinates]);
  map.fitBounds(bounds, { padding: 60, maxZoom: 13, animate: false });
}

function collection(alerts: readonly Alert[]): GeoJSON.FeatureCollection {
  return {
    type: "FeatureCollection",
    features: alerts.map((one) => ({
      type: "Feature",
      geometry: { type: "Point", coordinates: [...(one.geometry?.coordinates ?? [0, 0])] },
      properties: { id: one.id, severity: one.properties.severity, status: one.properties.status },
    })),
  };
}

/** Counts as elements: letters in the map itself would need a font over the network. */
function countClusters(map: MapLibre, marks: Map<number, Marker>): void {
  if (map.getLayer("cluster") === undefined) return;
  const seen = new Set<number>();
  for (const feature of map.queryRenderedFeatures({ layers: ["cluster"] })) {
    const id = feature.properties["cluster_id"] as number;
    if (seen.has(id) || feature.geometry.type !== "Point") continue;
    seen.add(id);
    if (marks.has(id)) continue;
    const element = document.createElement("span");
    element.className = "cluster-count";
    element.textContent = String(feature.properties["point_count"]);
    marks.set(id, new Marker({ element }).setLngLat(feature.geometry.coordinates as [number, number]).addTo(map));
  }
  for (const [id, mark] of marks) {
    if (seen.has(id)) continue;
    mark.remove();
    marks.delete(id);
  }
}
