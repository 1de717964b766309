import { words } from "./words";

/** What the map itself says to those who do not see it. */
export const mapWords = words({
  title: { ko: "지도", en: "Map" },
  closer: { ko: "확대", en: "Zoom in" },
  further: { ko: "축소", en: "Zoom out" },
  source: { ko: "지도의 출처", en: "Source of the map" },
});
