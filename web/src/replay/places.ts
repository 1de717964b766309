import { shareOf } from "./between";
import { rowsOf } from "./frames";
import type { Analysed, Shown } from "./moments";
import type { Point } from "./draw";
import type { Kind } from "./types";

/** A track on the sea, metres from the analysis origin. */
export type Place = {
  readonly label: string;
  readonly kind: Kind;
  readonly rejected: boolean;
  readonly observed: boolean;
  readonly east_m: number;
  readonly north_m: number;
  /** 95 % error ellipse. */
  readonly major_m: number;
  readonly minor_m: number;
  readonly axis_deg: number;
  /** The same as a closed ring of (east, north). */
  readonly error: readonly Point[];
  /** Hull of a craft; empty where it has none. */
  readonly outline: readonly Point[];
};

const CORNERS = 36;

/** Tracks on the sea in the frame on the screen; between two analysed frames those that are in both. */
export function placesIn(shown: Shown): Place[] {
  const { before, after } = shown;
  if (before === null) return [];
  const here = placesOf(before);
  if (shown.exact) return here;
  if (after === null) return [];
  const there = new Map(placesOf(after).map((one) => [one.label, one]));
  const share = shareOf(shown, before, after);
  return here.flatMap((one) => {
    const other = there.get(one.label);
    if (other === undefined) return [];
    const [east, north] = [(other.east_m - one.east_m) * share, (other.north_m - one.north_m) * share];
    const moved = ([x, y]: Point): Point => [x + east, y + north];
    return [{ ...one, east_m: one.east_m + east, north_m: one.north_m + north, error: one.error.map(moved), outline: one.outline.map(moved) }];
  });
}

function placesOf({ span, index }: Analysed): Place[] {
  const places = span.places;
  const [first, last] = rowsOf(places.frame, index);
  const found: Place[] = [];
  for (let row = first; row < last; row += 1) {
    const flat = places.outline_m[row] ?? [];
    const [east_m, north_m] = [places.east_m[row] ?? 0, places.north_m[row] ?? 0];
    const [major_m, minor_m, axis_deg] = [places.ellipse_major_m[row] ?? 0, places.ellipse_minor_m[row] ?? 0, places.ellipse_axis_deg[row] ?? 0];
    found.push({
      label: places.label[row] ?? "",
      kind: places.kind[row] ?? "vessel",
      rejected: (places.note[row] ?? "").startsWith("rejected") || places.note[row] === "tentative",
      observed: places.observed[row] ?? false,
      east_m,
      north_m,
      major_m,
      minor_m,
      axis_deg,
      error: ellipse(east_m, north_m, major_m, minor_m, axis_deg),
      outline: Array.from({ length: flat.length / 2 }, (_, corner): Point => [flat[corner * 2] ?? 0, flat[corner * 2 + 1] ?? 0]),
    });
  }
  return found;
}

function ellipse(east_m: number, north_m: number, major_m: number, minor_m: number, axis_deg: number): Point[] {
  const axis = (axis_deg * Math.PI) / 180;
  return Array.from({ length: CORNERS + 1 }, (_, corner) => {
    const angle = (corner * 2 * Math.PI) / CORNERS;
    const [along, across] = [major_m * Math.cos(angle), minor_m * Math.sin(angle)];
    return [east_m + along * Math.sin(axis) - across * Math.cos(axis), north_m + along * Math.cos(axis) + across * Math.sin(axis)];
  });
}
