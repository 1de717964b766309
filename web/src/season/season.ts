import type { Alert } from "../alerts/alert";
import type { components } from "../api/schema";

export type Encounter = components["schemas"]["EncounterView"];

/** What an alert and an encounter have in common: when, where, how close, who. */
export type Happening = {
  readonly start: string | null;
  readonly place: readonly [longitude: number, latitude: number] | null;
  readonly closest_m: number;
  readonly vessel: string | null;
};

export function ofAlert(alert: Alert): Happening {
  const told = alert.properties;
  return { start: told.start, place: alert.geometry?.coordinates ?? null, closest_m: told.closest_separation_m, vessel: vesselName(alert) };
}

export function ofEncounter(one: Encounter): Happening {
  const placed = one.longitude_deg !== null && one.latitude_deg !== null;
  return {
    start: one.start,
    place: placed ? [one.longitude_deg as number, one.latitude_deg as number] : null,
    closest_m: one.closest_separation_m,
    vessel: one.vessel,
  };
}

/** Who a vessel was where AIS told it; null where it is not known. */
export function vesselName(alert: Alert): string | null {
  const found = alert.properties.vessel_identity;
  if (found === null || found.verdict !== "matched") return null;
  return found.name ?? (found.mmsi === undefined ? null : String(found.mmsi));
}

/** Tenth of a degree: about 11 km by 9 km in Korean waters. null where the place is not known. */
export function areaOf({ place }: Happening): string | null {
  if (place === null) return null;
  const [longitude, latitude] = place;
  const [south, west] = [Math.floor(latitude * 10) / 10, Math.floor(longitude * 10) / 10];
  return `${south.toFixed(1)}, ${west.toFixed(1)}`;
}

/** Hour of the day in a zone, 0..23; null where the moment is not known. */
export function hourOf({ start }: Happening, zone: string): string | null {
  if (start === null) return null;
  const told = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", hourCycle: "h23" });
  return told.format(new Date(start)).padStart(2, "0");
}

/** Upper ends of the bands of closeness, in metres: the legal distances of the Korean notice and those beside them. */
const BANDS_M = [10, 50, 100, 300, 750, 1500] as const;

export function bandOf({ closest_m }: Happening): string {
  const upper = BANDS_M.find((end) => closest_m < end);
  return upper === undefined ? `≥ ${BANDS_M[BANDS_M.length - 1]} m` : `< ${upper} m`;
}

export type Counts = {
  readonly met: number;
  readonly kept: number;
  readonly broken: number;
  readonly alerts: number;
  readonly confirmed: number;
};
export type Count = Counts & { readonly name: string | null };
const NONE: Counts = { met: 0, kept: 0, broken: 0, alerts: 0, confirmed: 0 };

/** Encounters and standing alerts by name; most encounters first, or by name. */
export function tally(
  encounters: readonly Encounter[],
  alerts: readonly Alert[],
  nameOf: (one: Happening) => string | null,
  byName = false,
): readonly Count[] {
  const counts = new Map<string | null, Counts>();
  const add = (name: string | null, more: Partial<Counts>): void => {
    const before = counts.get(name) ?? NONE;
    const sum = (key: keyof Counts): number => before[key] + (more[key] ?? 0);
    counts.set(name, { met: sum("met"), kept: sum("kept"), broken: sum("broken"), alerts: sum("alerts"), confirmed: sum("confirmed") });
  };
  for (const one of encounters) {
    add(nameOf(ofEncounter(one)), { met: 1, kept: one.kept === "kept" ? 1 : 0, broken: one.kept === "broken" ? 1 : 0 });
  }
  for (const one of alerts) {
    if (stands(one)) add(nameOf(ofAlert(one)), { alerts: 1, confirmed: one.properties.status === "confirmed" ? 1 : 0 });
  }
  const rows = [...counts].map(([name, count]) => ({ name, ...count }));
  const named = (one: Count, other: Count): number => (one.name ?? "~").localeCompare(other.name ?? "~", "en", { numeric: true });
  return rows.sort((one, other) => (byName ? 0 : other.met - one.met || other.alerts - one.alerts) || named(one, other));
}

/** Share of the encounters that could be judged in which no rule was broken; null where none could. */
export function compliance({ kept, broken }: Pick<Counts, "kept" | "broken">): number | null {
  return kept + broken === 0 ? null : kept / (kept + broken);
}

/** Encounters that came within the watching distance, on days of a span (UTC); those without a time fail a span. */
export function within(encounters: readonly Encounter[], distance_m: number, from: string, until: string): readonly Encounter[] {
  return encounters.filter((one) => {
    if (one.closest_separation_m > distance_m) return false;
    const day = one.start?.slice(0, 10);
    return (from === "" || (day !== undefined && day >= from)) && (until === "" || (day !== undefined && day <= until));
  });
}

/** Candidates and confirmed ones: what nobody rejected and nothing withdrew. */
export function stands(alert: Alert): boolean {
  return alert.properties.status === "candidate" || alert.properties.status === "confirmed";
}

const ALERT_COLUMNS = [
  "id", "version", "status", "severity", "rule", "start", "end", "latitude_deg", "longitude_deg",
  "closest_separation_m", "closest_low_95_m", "closest_high_95_m", "vessel", "telemetry_grade", "analysis_id",
] as const;

/** All alerts as CSV (RFC 4180), one a line; an empty field is a value that is not known. */
export function csvOf(alerts: readonly Alert[]): string {
  return table(ALERT_COLUMNS, alerts.map((one) => {
    const told = one.properties;
    const [longitude, latitude] = one.geometry?.coordinates ?? [null, null];
    return [
      one.id, told.version, told.status, told.severity, told.rule, told.start, told.end, latitude, longitude,
      told.closest_separation_m, ...told.interval_95_m, vesselName(one), told.telemetry_grade, told.analysis_id,
    ];
  }));
}

const ENCOUNTER_COLUMNS = [
  "analysis_id", "encounter_id", "start", "latitude_deg", "longitude_deg", "closest_separation_m", "closest_low_95_m",
  "closest_high_95_m", "vessel", "vessel_track", "vessel_kind", "rule_pack", "kept", "rules_broken",
] as const;

/** All encounters as CSV, as `csvOf`. */
export function encountersCsv(encounters: readonly Encounter[]): string {
  return table(ENCOUNTER_COLUMNS, encounters.map((one) => [
    one.analysis_id, one.encounter_id, one.start, one.latitude_deg, one.longitude_deg, one.closest_separation_m,
    one.interval_95_m.low, one.interval_95_m.high, one.vessel, one.vessel_track, one.vessel_kind, one.pack_id, one.kept,
    one.rules_broken.join(" "),
  ]));
}

type Field = string | number | null;

function table(columns: readonly string[], rows: readonly (readonly Field[])[]): string {
  return [columns.join(","), ...rows.map((row) => row.map(field).join(",")), ""].join("\r\n");
}

/** Text that a spreadsheet would take for a formula is given a leading apostrophe; names come from radio. */
function field(value: Field): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
