/** An alert as the feed tells it (docs/formats.md). */
export const STATUSES = ["candidate", "confirmed", "rejected", "withdrawn"] as const;
export type Status = (typeof STATUSES)[number];
export const SEVERITIES = ["grave", "serious", "notice"] as const;
export type Severity = (typeof SEVERITIES)[number];
export type Kind = "vessel" | "jet_ski" | "swimmer" | "dolphin";

export type Identity = {
  readonly verdict: "matched" | "ambiguous" | "none";
  readonly probability: number;
  readonly reason: string;
  readonly mmsi?: number;
  readonly name?: string;
  readonly stated_error_rate: number;
};

export type AlertProperties = {
  readonly version: number;
  readonly status: Status;
  readonly severity: Severity;
  readonly reviews: readonly { decision: string; version: number; at: string }[];
  readonly review_is_outdated: boolean;
  readonly withdrawn_because: string | null;
  readonly analysis_id: string;
  readonly rule: string;
  readonly rule_english: string;
  readonly rule_original: string;
  readonly citation: string;
  readonly pack_id: string;
  readonly pack_version: string;
  readonly advisory: boolean;
  readonly reason: string;
  readonly reason_ko?: string;
  readonly vessel_track: string;
  readonly vessel_kind: Kind;
  readonly animal_tracks: readonly string[];
  readonly unsure_animals: readonly string[];
  readonly start: string | null;
  readonly end: string | null;
  readonly start_s: number;
  readonly end_s: number;
  readonly duration_s: number;
  readonly closest_separation_m: number;
  readonly interval_95_m: readonly [number, number];
  readonly closest_t_s: number;
  readonly measured: number | null;
  readonly measured_interval_95: readonly [number, number] | null;
  readonly threshold: number | null;
  readonly unit: string;
  readonly telemetry_grade: "A" | "B" | "C";
  readonly vessel_identity: Identity | null;
  readonly created_at: string;
};

export type Alert = {
  readonly id: string;
  readonly geometry: { readonly coordinates: readonly [number, number] } | null;
  readonly properties: AlertProperties;
  readonly history?: readonly { version: number; status: Status; created_at: string }[];
};

export type Filter = {
  readonly statuses: readonly Status[];
  readonly severities: readonly Severity[];
  readonly rule: string;
  readonly from: string;
  readonly until: string;
  readonly box: readonly [number, number, number, number] | null;
};

export const EVERYTHING: Filter = { statuses: [], severities: [], rule: "", from: "", until: "", box: null };

/** Whether an alert passes; an empty choice lets all pass. Alerts without time or place fail a filter by it. */
export function passes(alert: Alert, filter: Filter): boolean {
  const told = alert.properties;
  if (filter.statuses.length > 0 && !filter.statuses.includes(told.status)) return false;
  if (filter.severities.length > 0 && !filter.severities.includes(told.severity)) return false;
  if (filter.rule !== "" && told.rule !== filter.rule) return false;
  const day = told.start?.slice(0, 10);
  if (filter.from !== "" && (day === undefined || day < filter.from)) return false;
  if (filter.until !== "" && (day === undefined || day > filter.until)) return false;
  if (filter.box !== null) {
    if (alert.geometry === null) return false;
    const [longitude, latitude] = alert.geometry.coordinates;
    const [west, south, east, north] = filter.box;
    if (longitude < west || longitude > east || latitude < south || latitude > north) return false;
  }
  return true;
}

/** Newest first: by the moment of the act, by that of the version where the act has none. */
export function newestFirst(one: Alert, other: Alert): number {
  const left = one.properties.start ?? one.properties.created_at;
  const right = other.properties.start ?? other.properties.created_at;
  return left < right ? 1 : left > right ? -1 : one.id < other.id ? -1 : 1;
}
