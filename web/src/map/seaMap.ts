import { Map as MapLibre, NavigationControl, ScaleControl, setWorkerUrl, type GeoJSONSource } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import "maplibre-gl/dist/maplibre-gl.css";
import { mapWords } from "../words/map";
import type { Language } from "../words/words";
import { graticule, isDark, seaStyle } from "./style";

export type Box = readonly [west: number, south: number, east: number, north: number];

function locale(language: Language): Record<string, string> {
  return {
    "Map.Title": mapWords.title[language],
    "NavigationControl.ZoomIn": mapWords.closer[language],
    "NavigationControl.ZoomOut": mapWords.further[language],
    "AttributionControl.ToggleAttribution": mapWords.source[language],
  };
}

/** A map of the sea with coast, graticule and scale; `onBox` is told what it shows. */
export function openSea(container: HTMLElement, language: Language, onBox: (box: Box) => void = () => undefined): MapLibre {
  setWorkerUrl(workerUrl); // from our own origin: the page's policy lets nothing else in
  const map = new MapLibre({ container, locale: locale(language), style: seaStyle(isDark()), center: [126.5, 33.3], zoom: 8, attributionControl: { compact: false, customAttribution: "Natural Earth" } });
  map.addControl(new NavigationControl({ showCompass: false }));
  map.addControl(new ScaleControl({ unit: "metric" }));
  const moved = (): void => {
    const bounds = map.getBounds();
    const box: Box = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    (map.getSource("graticule") as GeoJSONSource | undefined)?.setData(graticule(...box));
    onBox(box);
  };
  let gone = false;
  map.on("remove", () => {
    gone = true;
  });
  map.on("load", () => {
    moved();
    // The coast is half a megabyte: the map stands before it comes, and stays as it is where it cannot come.
    Promise.all([import("virtual:coast"), import("./coast")]).then(
      ([{ default: coast }, { landOf }]) => {
        if (!gone) (map.getSource("land") as GeoJSONSource | undefined)?.setData(landOf(coast));
      },
      (error: unknown) => console.error("the coast did not come", error),
    );
  });
  map.on("moveend", moved);
  return map;
}
