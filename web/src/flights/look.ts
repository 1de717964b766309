import type { components } from "../api/schema";

export type Look = components["schemas"]["FlightLook"];
export type Span = { readonly start_s: number; readonly stop_s: number };

/** How sharply a separation of 50 m is told: upper ends of the standard error in metres, 2, 5 and 10 % of it. */
export const LEVELS = [
  { level: "sharp", upTo_m: 1, colour: "#0b5c74" },
  { level: "good", upTo_m: 2.5, colour: "#2f9c8f" },
  { level: "fair", upTo_m: 5, colour: "#e3b23c" },
  { level: "poor", upTo_m: Infinity, colour: "#d0542b" },
] as const;
export type Level = (typeof LEVELS)[number]["level"] | "none";
export const NO_COLOUR = "#8a959b";

export function levelOf(sigma_m: number | null): Level {
  if (sigma_m === null) return "none";
  return LEVELS.find((one) => sigma_m <= one.upTo_m)?.level ?? "poor";
}

export function colourOf(level: Level): string {
  return LEVELS.find((one) => one.level === level)?.colour ?? NO_COLOUR;
}

/** A stretch of the flight with what one look at its beginning told; `absence` names why there is no distance. */
export type Moment = Span & { readonly sigma_m: number | null; readonly absence: string | null; readonly part: number };

/** The moments of all parts on the time of the flight; each holds until the next. */
export function momentsOf(look: Look): readonly Moment[] {
  return look.parts.flatMap((part) =>
    part.look.moments.map((one, index, all) => ({
      start_s: part.starts_s + one.t_s,
      stop_s: part.starts_s + Math.max(all[index + 1]?.t_s ?? part.look.duration_s, one.t_s),
      sigma_m: one.sigma_m,
      absence: one.absence ?? null,
      part: part.position,
    })),
  );
}

export function lengthOf(look: Look): number {
  return Math.max(0, ...look.parts.map((part) => part.starts_s + part.look.duration_s));
}

export function momentAt(moments: readonly Moment[], t_s: number): Moment | null {
  return moments.findLast((one) => one.start_s <= t_s) ?? moments[0] ?? null;
}

/** Of the time that can be measured, the share in which 50 m are told worse than the last level but one. */
export function poorShare(moments: readonly Moment[]): number {
  const length = (some: readonly Moment[]): number => some.reduce((sum, one) => sum + one.stop_s - one.start_s, 0);
  const measured = moments.filter((one) => one.sigma_m !== null);
  return length(measured.filter((one) => levelOf(one.sigma_m) === "poor")) / Math.max(length(measured), 1e-9);
}

/** Stretches whose standard error is at most so many metres, neighbours joined. */
export function sharperThan(moments: readonly Moment[], upTo_m: number): readonly Span[] {
  return joined(moments.filter((one) => one.sigma_m !== null && one.sigma_m <= upTo_m && one.stop_s > one.start_s));
}

/** The same stretches in order; those that touch or overlap as one. */
export function joined(spans: readonly Span[]): readonly Span[] {
  const kept: { start_s: number; stop_s: number }[] = [];
  for (const one of [...spans].sort((a, b) => a.start_s - b.start_s)) {
    const last = kept.at(-1);
    if (last !== undefined && one.start_s <= last.stop_s + 1e-6) last.stop_s = Math.max(last.stop_s, one.stop_s);
    else kept.push({ start_s: one.start_s, stop_s: one.stop_s });
  }
  return kept;
}

export type Placed = { readonly t_s: number; readonly longitude: number; readonly latitude: number };

/** Where the drone was, on the time of the flight. */
export function pathOf(look: Look): readonly Placed[] {
  return look.parts.flatMap((part) =>
    part.look.path.map((one) => ({ t_s: part.starts_s + one.t_s, longitude: one.longitude, latitude: one.latitude })),
  );
}

/** The path in pieces of one level each, for a map; a piece begins where the one before ends. */
export function pieces(path: readonly Placed[], moments: readonly Moment[]): readonly { level: Level; line: [number, number][] }[] {
  const found: { level: Level; line: [number, number][] }[] = [];
  let before: [number, number] | null = null;
  for (const one of path) {
    const place: [number, number] = [one.longitude, one.latitude];
    const moment = momentAt(moments, one.t_s);
    const level = moment === null ? "none" : levelOf(moment.sigma_m);
    const last = found.at(-1);
    if (last?.level === level) last.line.push(place);
    else found.push({ level, line: before === null ? [place] : [before, place] });
    before = place;
  }
  return found.filter((one) => one.line.length > 1);
}

/** Where the drone was at a time; null where the path does not reach. */
export function placeAt(path: readonly Placed[], t_s: number): Placed | null {
  const after = path.findIndex((one) => one.t_s >= t_s);
  if (after <= 0) return path[after === 0 ? 0 : path.length - 1] ?? null;
  const [one, other] = [path[after - 1], path[after]];
  if (one === undefined || other === undefined) return null;
  const share = other.t_s > one.t_s ? (t_s - one.t_s) / (other.t_s - one.t_s) : 0;
  const between = (a: number, b: number): number => a + share * (b - a);
  return { t_s, longitude: between(one.longitude, other.longitude), latitude: between(one.latitude, other.latitude) };
}

/** A time of the flight as people read it. */
export function clock(t_s: number): string {
  const whole = Math.max(0, Math.round(t_s));
  const [hours, minutes, seconds] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number): string => String(value).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}
