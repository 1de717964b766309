import type { Alert } from "./alert";

/** Who a vessel was where AIS told it; null where it is not known. */
export function vesselName(alert: Alert): string | null {
  const found = alert.properties.vessel_identity;
  if (found === null || found.verdict !== "matched") return null;
  return found.name ?? (found.mmsi === undefined ? null : String(found.mmsi));
}

/** Tenth of a degree: about 11 km by 9 km in Korean waters. null where the place is not known. */
export function areaOf(alert: Alert): string | null {
  if (alert.geometry === null) return null;
  const [longitude, latitude] = alert.geometry.coordinates;
  const [south, west] = [Math.floor(latitude * 10) / 10, Math.floor(longitude * 10) / 10];
  return `${south.toFixed(1)}, ${west.toFixed(1)}`;
}

/** Hour of the day in a zone, 0..23; null where the moment is not known. */
export function hourOf(alert: Alert, zone: string): string | null {
  if (alert.properties.start === null) return null;
  const told = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", hourCycle: "h23" });
  return told.format(new Date(alert.properties.start)).padStart(2, "0");
}

/** Upper ends of the bands of closeness, in metres: the legal distances of the Korean notice and those beside them. */
const BANDS_M = [10, 50, 100, 300, 750, 1500] as const;

export function bandOf(alert: Alert): string {
  const metres = alert.properties.closest_separation_m;
  const upper = BANDS_M.find((end) => metres < end);
  if (upper === undefined) return `≥ ${BANDS_M[BANDS_M.length - 1]} m`;
  return `< ${upper} m`;
}

export type Count = { readonly name: string | null; readonly all: number; readonly confirmed: number };

/** How many alerts have each name, rejected and withdrawn ones left out; most first, or by name. */
export function tally(alerts: readonly Alert[], nameOf: (alert: Alert) => string | null, byName = false): readonly Count[] {
  const counts = new Map<string | null, { all: number; confirmed: number }>();
  for (const one of alerts) {
    if (!stands(one)) continue;
    const name = nameOf(one);
    const before = counts.get(name) ?? { all: 0, confirmed: 0 };
    const confirmed = before.confirmed + (one.properties.status === "confirmed" ? 1 : 0);
    counts.set(name, { all: before.all + 1, confirmed });
  }
  const rows = [...counts].map(([name, count]) => ({ name, ...count }));
  const named = (one: Count, other: Count): number => (one.name ?? "~").localeCompare(other.name ?? "~", "en", { numeric: true });
  return rows.sort((one, other) => (byName ? 0 : other.all - one.all) || named(one, other));
}

/** Candidates and confirmed ones: what nobody rejected and nothing withdrew. */
export function stands(alert: Alert): boolean {
  return alert.properties.status === "candidate" || alert.properties.status === "confirmed";
}

const COLUMNS = [
  "id", "version", "status", "severity", "rule", "start", "end", "latitude_deg", "longitude_deg",
  "closest_separation_m", "closest_low_95_m", "closest_high_95_m", "vessel", "telemetry_grade", "analysis_id",
] as const;

/** All alerts as CSV (RFC 4180), one a line; an empty field is a value that is not known. */
export function csvOf(alerts: readonly Alert[]): string {
  const lines = alerts.map((one) => {
    const told = one.properties;
    const [longitude, latitude] = one.geometry?.coordinates ?? [null, null];
    return [
      one.id, told.version, told.status, told.severity, told.rule, told.start, told.end, latitude, longitude,
      told.closest_separation_m, ...told.interval_95_m, vesselName(one), told.telemetry_grade, told.analysis_id,
    ].map(field).join(",");
  });
  return [COLUMNS.join(","), ...lines, ""].join("\r\n");
}

/** Text that a spreadsheet would take for a formula is given a leading apostrophe; names come from radio. */
function field(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
